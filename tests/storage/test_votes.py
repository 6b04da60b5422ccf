from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from rlft_gui.domain.votes import (
    Answer,
    Ballot,
    Choice,
    Rater,
    RaterKind,
    Verdict,
    Vote,
    VoteKind,
    VoteSet,
    prompt_of,
)
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home

ANNA = Rater(name="Anna")
PROMPT = prompt_of("What is the capital of Latvia?")
FIRST = Answer(prompt_id=PROMPT.id, model="base", text="Riga.", facts={"tokens": 3})
SECOND = Answer(prompt_id=PROMPT.id, model="r1@20", text="It is Riga, I believe.", run_id="r1")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = open_storage(fresh_home(tmp_path))
    storage.votes.add_set(VoteSet(name="first look", sources=("comparison:c1",), created_at=1.0))
    storage.votes.put([PROMPT], [FIRST, SECOND])
    yield storage
    storage.close()


def a_vote(verdict: Verdict, **others: object) -> Vote:
    known = {
        "votes": "first look",
        "rater": ANNA,
        "kind": VoteKind.PAIR,
        "prompt_id": PROMPT.id,
        "a": FIRST.id,
        "b": SECOND.id,
        "created_at": 2.0,
    }
    return Vote.model_validate({**known, "verdict": verdict, **others})


def test_what_was_stored_comes_back_whole(storage: Storage) -> None:
    vote = a_vote(
        Verdict(choice=Choice.B, strength=2, text="kinder"), left="b", seconds=4.5, rubric="Which is better?"
    )
    assert storage.votes.add([vote]) == (1,)
    assert storage.votes.votes("first look") == (vote.model_copy(update={"number": 1}),)
    assert storage.votes.answers([FIRST.id, SECOND.id, "none"]) == {FIRST.id: FIRST, SECOND.id: SECOND}
    assert storage.votes.prompts([PROMPT.id]) == {PROMPT.id: PROMPT}
    assert storage.votes.set_named("first look") == storage.votes.sets()[0]
    assert storage.votes.set_named("none") is None


def test_an_answer_is_known_by_what_it_says(storage: Storage) -> None:
    again = FIRST.model_copy(update={"facts": {"tokens": 99}, "title": "met again"})
    storage.votes.put([PROMPT], [again])
    assert storage.votes.answers_to([PROMPT.id]) == (FIRST, SECOND)
    assert FIRST.model_copy(update={"text": "Riga"}).id != FIRST.id


def test_a_vote_taken_back_counts_no_more_and_stays(storage: Storage) -> None:
    first, second = storage.votes.add([a_vote(Verdict(choice=Choice.A)), a_vote(Verdict(choice=Choice.TIE))])
    before = storage.votes.revision("first look")
    assert storage.votes.withdraw(first, by="Anna")
    assert not storage.votes.withdraw(first, by="Anna")
    assert not storage.votes.withdraw(99, by="Anna")
    assert [vote.number for vote in storage.votes.votes("first look")] == [second]
    assert [pair.number for pair in storage.votes.pairs("first look")] == [second]
    assert storage.votes.revision("first look") != before
    with storage.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM vote")) == 2


def test_a_ballot_gives_one_vote_however_often_it_is_clicked(storage: Storage) -> None:
    ballot = Ballot(
        id="b1",
        votes="first look",
        rater=ANNA,
        kind=VoteKind.PAIR,
        prompt_id=PROMPT.id,
        a=FIRST.id,
        b=SECOND.id,
        left="b",
        expected=Choice.A,
        offered_at=1.0,
        expires_at=601.0,
    )
    storage.votes.offer(ballot)
    assert storage.votes.ballot("b1") == ballot
    vote = a_vote(Verdict(choice=Choice.A), ballot="b1")
    assert storage.votes.add([vote]) == storage.votes.add([vote]) == (1,)
    assert storage.votes.ballots("first look") == (ballot.model_copy(update={"is_judged": True}),)


def test_pairs_carry_what_ratings_need(storage: Storage) -> None:
    soft = a_vote(
        Verdict(choice=Choice.A, share=0.8), rater=Rater(name="gpt", kind=RaterKind.JUDGE), left="b"
    )
    repeat, check = a_vote(Verdict(choice=Choice.A), repeat_of=1), a_vote(Verdict(), expected=Choice.A)
    thumb = a_vote(Verdict(is_good=True), kind=VoteKind.THUMB, b=None)
    storage.votes.add([soft, repeat, check, thumb])
    (pair,) = storage.votes.pairs("first look")
    assert (pair.a, pair.b, pair.won, pair.left) == ("base", "r1@20", 0.8, "b")
    assert (pair.rater, pair.rater_kind, pair.length_a, pair.length_b) == ("gpt", RaterKind.JUDGE, 5, 22)
    assert storage.votes.pairs("none") == ()
    assert len(storage.votes.votes(kinds=[VoteKind.THUMB])) == 1
    assert [vote.verdict for vote in storage.votes.votes(rater=ANNA, last=1)] == [thumb.verdict]


def test_all_votes_of_a_call_are_stored_or_none(storage: Storage) -> None:
    strange = a_vote(Verdict(choice=Choice.A), a="no such answer")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        storage.votes.add([a_vote(Verdict(choice=Choice.A)), strange])
    assert storage.votes.votes() == ()
