from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.votes import Answer, Choice, Rater, Verdict, Vote, VoteKind, VoteSet, prompt_of
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.storage import open_storage
from tests.fakes.homes import fresh_home

ANNA, BEN = Rater(name="Anna"), Rater(name="Ben")
PROMPT = prompt_of("How do I greet a neighbour?")
ANSWERS = [Answer(prompt_id=PROMPT.id, model=model, text=model) for model in ("base", "r1@20")]


@pytest.fixture
def votes(tmp_path: Path) -> Iterator[Votes]:
    storage = open_storage(fresh_home(tmp_path))
    yield Votes(storage)
    storage.close()


def _cast(votes: Votes, rater: Rater, choice: Choice) -> int:
    first, second = ANSWERS
    vote = Vote(
        votes="week 1",
        rater=rater,
        kind=VoteKind.PAIR,
        prompt_id=PROMPT.id,
        a=first.id,
        b=second.id,
        verdict=Verdict(choice=choice),
    )
    return votes.record([PROMPT], ANSWERS, [vote])[0]


def test_a_name_that_is_taken_gets_a_number(votes: Votes) -> None:
    assert votes.create(VoteSet(name="week 1"), user="local").name == "week 1"
    again = votes.create(VoteSet(name="week 1", rubric="Kindness."), user="local")
    assert (again.name, again.rubric) == ("week 1 2", "Kindness.")
    assert [one.name for one in votes.list()] == ["week 1 2", "week 1"]
    with pytest.raises(InvalidInput, match="needs a name"):
        votes.create(VoteSet(name="  "), user="local")


def test_who_asks_for_a_set_that_is_not_there_is_told_the_nearest(votes: Votes) -> None:
    with pytest.raises(NotFound, match="no votes yet"):
        votes.get("week 1")
    votes.create(VoteSet(name="week 1"), user="local")
    with pytest.raises(NotFound, match='Did you mean "week 1"'):
        votes.cast("week")


def test_each_rater_takes_back_his_own_newest_vote(votes: Votes) -> None:
    votes.create(VoteSet(name="week 1"), user="local")
    _cast(votes, ANNA, Choice.A)
    _cast(votes, ANNA, Choice.B)
    _cast(votes, BEN, Choice.TIE)
    back = votes.undo("week 1", ANNA)
    assert back is not None
    assert back.verdict.choice is Choice.B
    assert [(vote.rater.name, vote.verdict.choice) for vote in votes.cast("week 1")] == [
        ("Anna", "a"),
        ("Ben", "tie"),
    ]
    assert votes.count("week 1") == 2
    assert votes.undo("week 1", ANNA) is not None
    assert votes.undo("week 1", ANNA) is None
