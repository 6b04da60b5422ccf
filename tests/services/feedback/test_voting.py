"""Ballots and votes over real rows: who is shown what, what counts, and what is refused."""

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.vote_plan import Question, VotePlan
from rlft_gui.domain.votes import Ballot, Choice, Rater, Verdict, VoteKind, VoteSet
from rlft_gui.services.feedback.ballots import APART, RESERVED_SECONDS
from rlft_gui.services.feedback.rater_names import named
from rlft_gui.services.feedback.voting import mirrored
from tests.services.feedback.voting_home import PANES, Case, answer_of, compared

ANNA, BEN = Rater(name="Anna"), Rater(name="Ben")
FOR_A, FOR_B, TIE = (Verdict(choice=choice, strength=2) for choice in (Choice.A, Choice.B, Choice.TIE))


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    case = Case(tmp_path)
    yield case
    case.storage.close()


def one(case: Case, name: str, rater: Rater = ANNA) -> Ballot:
    (ballot,) = case.voting.next(name, rater, user="local")
    return ballot


def vote_all(case: Case, name: str, rater: Rater = ANNA, verdict: Verdict = FOR_A) -> list[Ballot]:
    """Until there is nothing left."""
    seen = []
    while ballots := case.voting.next(name, rater, user="local"):
        case.voting.cast(ballots[0].id, verdict, rater, seconds=9, user="local")
        seen.append(ballots[0])
        case.clock.now += 10
    return seen


def test_each_pair_of_a_comparison_is_asked_once_and_the_votes_stand(case: Case) -> None:
    name = case.a_set(4, panes=3)
    seen = vote_all(case, name)

    assert len({(ballot.a, ballot.b) for ballot in seen}) == len(seen) == 4 * 3
    votes = case.votes.cast(name)
    assert [vote.ballot for vote in votes] == [ballot.id for ballot in seen]
    assert {vote.left for vote in votes} == {"a", "b"}, "sides are drawn"
    assert {vote.seconds for vote in votes} == {0.0}, "no ballot was out longer than this"
    pairs = case.storage.votes.pairs(name)
    assert {(pair.a, pair.b) for pair in pairs} == {
        ("base", "tour-dpo@40"),
        ("base", "tour-rlhf@60"),
        ("tour-dpo@40", "tour-rlhf@60"),
    }


def test_a_reload_shows_what_was_not_judged_and_holds_it_longer(case: Case) -> None:
    name = case.a_set(9)
    first = case.voting.next(name, ANNA, 3, user="local")
    case.clock.now += RESERVED_SECONDS - 1
    again = case.voting.next(name, ANNA, 4, user="local")

    assert [ballot.id for ballot in again[:3]] == [ballot.id for ballot in first]
    case.clock.now += RESERVED_SECONDS - 1
    assert case.voting.next(name, ANNA, 1, user="local")[0].id == first[0].id


def test_two_raters_at_once_never_get_the_same_pair(case: Case) -> None:
    name = case.a_set(40)
    got: dict[str, list[Ballot]] = {"Anna": [], "Ben": []}
    start = threading.Barrier(2)

    def take(rater: Rater) -> None:
        start.wait()
        while ballots := case.voting.next(name, rater, 2, user="local"):
            for ballot in ballots:
                case.voting.cast(ballot.id, FOR_A, rater, user="local")
                got[rater.name].append(ballot)

    threads = [threading.Thread(target=take, args=(rater,)) for rater in (ANNA, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pairs = [(ballot.a, ballot.b) for ballots in got.values() for ballot in ballots]
    assert len(pairs) == len(set(pairs)) == 40
    assert all(got.values()), "both had their share"


def test_a_set_may_want_several_raters_a_pair_and_no_more(case: Case) -> None:
    name = case.a_set(3, raters=2)
    for rater in (ANNA, BEN):
        assert len(vote_all(case, name, rater)) == 3
    assert case.voting.next(name, Rater(name="Cleo"), user="local") == ()
    counted = Counter((vote.a, vote.b) for vote in case.votes.cast(name))
    assert set(counted.values()) == {2}


def test_a_pair_that_nobody_judged_in_ten_minutes_goes_to_somebody_else(case: Case) -> None:
    name = case.a_set(1)
    late = one(case, name)
    assert case.voting.next(name, BEN, user="local") == ()
    case.clock.now += RESERVED_SECONDS + 1
    taken = one(case, name, BEN)
    assert (taken.a, taken.b) == (late.a, late.b)

    with pytest.raises(NotPossibleNow, match="given to somebody else"):
        case.voting.cast(late.id, FOR_A, ANNA, user="local")
    case.voting.cast(taken.id, FOR_B, BEN, user="local")
    assert [vote.rater for vote in case.votes.cast(name)] == [BEN]


def test_a_late_vote_counts_while_nobody_else_has_the_pair(case: Case) -> None:
    name = case.a_set(1)
    late = one(case, name)
    case.clock.now += 10 * RESERVED_SECONDS
    case.voting.cast(late.id, FOR_A, ANNA, user="local")
    assert case.votes.count(name) == 1
    assert case.voting.next(name, BEN, user="local") == ()


def test_a_vote_that_is_sent_twice_counts_once(case: Case) -> None:
    name = case.a_set(2)
    ballot = one(case, name)
    first = case.voting.cast(ballot.id, FOR_A, ANNA, user="local")
    assert case.voting.cast(ballot.id, FOR_A, ANNA, user="local") == first
    assert [vote.verdict for vote in case.votes.cast(name)] == [FOR_A]


def test_a_second_tab_that_says_otherwise_is_told_what_was_said_first(case: Case) -> None:
    name = case.a_set(2)
    ballot = one(case, name)
    case.voting.cast(ballot.id, FOR_A, ANNA, user="local")
    side = "A" if ballot.left == "a" else "B"
    for said, edited in (
        (FOR_B, ""),
        (FOR_A.model_copy(update={"strength": 3}), ""),
        (FOR_A, "a better one"),
    ):
        with pytest.raises(NotPossibleNow, match=rf"in another tab: {side}\. Undo there to change it\."):
            case.voting.cast(ballot.id, said, ANNA, edited=edited, user="local")
    assert [vote.verdict for vote in case.votes.cast(name)] == [FOR_A], "no edit of a vote that lost"

    case.voting.undo(name, ANNA, user="local")
    with pytest.raises(NotPossibleNow, match=r"took that back\. It comes again"):
        case.voting.cast(ballot.id, FOR_B, ANNA, user="local")
    assert case.votes.cast(name) == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("An\0na", r"U\+0000 \(a control character\)"),
        ("Anna\nBen", "a line break"),
        ("Anna\u202ennA", r"U\+202E \(right-to-left override\)"),
        ("Anna\u200b", r"U\+200B"),
        ("  ", "1 to 80 characters; found 0"),
        ("\ufdfa" * 20, "1 to 80 characters; found"),
    ],
)
def test_a_name_with_what_cannot_be_seen_is_refused(typed: str, found: str) -> None:
    with pytest.raises(InvalidInput, match=found):
        named(typed)


def test_names_that_look_the_same_are_one_rater(case: Case) -> None:
    assert named(" \uff21\uff2e\uff2e ").name == "ANN"
    assert (
        named("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627").name
        == "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    )
    name = case.a_set(3)
    ann = case.voting.person(name, "Ann", user="local")
    ballot = one(case, name, ann)
    assert case.voting.person(name, "\uff41\uff4e\uff4e", user="local") == ann
    case.voting.cast(ballot.id, FOR_A, named("ANN"), user="local")
    assert [vote.rater.name for vote in case.votes.cast(name)] == ["Ann"]
    assert case.voting.person(name, "Anne", user="local").name == "Anne"


def test_of_two_tabs_at_once_one_is_counted_and_the_other_told(case: Case) -> None:
    name = case.a_set(2)
    ballot = one(case, name)
    told: list[str] = []

    def cast(verdict: Verdict) -> None:
        try:
            case.voting.cast(ballot.id, verdict, ANNA, user="local")
        except NotPossibleNow as error:
            told.append(str(error))

    tabs = [threading.Thread(target=cast, args=(said,)) for said in (FOR_A, FOR_B, TIE)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(case.votes.cast(name)) == 1
    assert len(told) == 2


def test_votes_on_what_was_never_shown_or_shown_to_others_are_refused(case: Case) -> None:
    name = case.a_set(2)
    ballot = one(case, name)
    with pytest.raises(NotFound, match="never shown"):
        case.voting.cast("made up", FOR_A, ANNA, user="local")
    with pytest.raises(NotAllowed, match="shown to Anna"):
        case.voting.cast(ballot.id, FOR_A, BEN, user="local")
    with pytest.raises(InvalidInput, match="needs a verdict"):
        case.voting.cast(ballot.id, Verdict(is_good=True), ANNA, user="local")
    assert case.votes.count(name) == 0


def test_undo_takes_the_newest_vote_back_and_asks_again_as_it_stood(case: Case) -> None:
    name = case.a_set(3)
    case.voting.cast(one(case, name).id, FOR_A, ANNA, user="local")
    ballot = one(case, name)
    case.voting.cast(ballot.id, FOR_B, ANNA, user="local")
    again = case.voting.undo(name, ANNA, user="local")

    assert again is not None
    assert again.id != ballot.id
    assert (again.a, again.b, again.left) == (ballot.a, ballot.b, ballot.left)
    assert [vote.verdict for vote in case.votes.cast(name)] == [FOR_A]
    case.voting.cast(again.id, TIE, ANNA, user="local")
    assert [vote.verdict for vote in case.votes.cast(name)] == [FOR_A, TIE]
    assert case.voting.undo(name, BEN, user="local") is None


def test_what_was_passed_over_is_for_others(case: Case) -> None:
    name = case.a_set(1)
    ballot = one(case, name)
    case.voting.skip(ballot.id, ANNA, user="local")
    assert case.voting.next(name, ANNA, user="local") == ()
    assert one(case, name, BEN).a == ballot.a
    assert case.votes.count(name) == 0


def test_a_tenth_comes_twice_in_the_other_order_and_never_soon(case: Case) -> None:
    name = case.a_set(200, repeats=0.1)
    seen = vote_all(case, name)

    repeats = [ballot for ballot in seen if ballot.repeat_of is not None]
    assert 0.05 < len(repeats) / len(seen) < 0.16
    by_number = {vote.number: vote for vote in case.votes.cast(name)}
    numbers = list(by_number)
    for ballot in repeats:
        first = by_number[ballot.repeat_of or 0]
        assert (first.a, first.b) == (ballot.a, ballot.b)
        assert first.left != ballot.left, "a rater who follows the side is found out"
        place = next(number for number, vote in by_number.items() if vote.ballot == ballot.id)
        assert numbers.index(place) - numbers.index(first.number) > APART
    assert Counter(Counter(ballot.repeat_of for ballot in repeats).values()).keys() == {1}
    fresh = [(ballot.a, ballot.b) for ballot in seen if ballot.repeat_of is None]
    assert len(fresh) == len(set(fresh)) == 200
    assert len(case.storage.votes.pairs(name)) == 200, "repeats count in no rating"
    progress = case.voting.progress(name, ANNA)
    assert progress.repeats == progress.repeats_same == len(repeats)


@pytest.mark.parametrize(("verdict", "is_right"), [(TIE, False), (Verdict(choice=Choice.BOTH_BAD), True)])
def test_a_check_is_an_answer_beside_itself_in_disorder_and_never_two_that_say_the_same(
    case: Case, verdict: Verdict, is_right: bool
) -> None:
    same = {(1, index): answer_of(0, index) for index in range(0, 60, 2)}
    source = compared(case.storage, "c-same", 60, texts=same)
    name = case.a_set(60, sources=[source], checks=0.2)
    seen = vote_all(case, name, verdict=verdict)

    checks = [ballot for ballot in seen if ballot.expected is not None]
    assert checks
    assert len(seen) - len(checks) == 30, "answers that say the same are no pair"
    texts = case.storage.votes.answers(side for ballot in checks for side in (ballot.a, ballot.b or ""))
    for ballot in checks:
        whole, broken = texts[ballot.a].text.split(), texts[ballot.b or ""].text.split()
        assert (ballot.expected, texts[ballot.b or ""].model) == (Choice.A, "broken on purpose")
        assert sorted(broken) == sorted(whole)
        follow = set(pairwise(whole)) & set(pairwise(broken))
        assert len(follow) <= 1, "a reader sees the disorder"
    progress = case.voting.progress(name, ANNA)
    assert (progress.checks, progress.checks_right) == (len(checks), is_right * len(checks))
    assert {pair.b for pair in case.storage.votes.pairs(name)} == {"tour-dpo@40"}, "checks count in no rating"


def test_answers_too_short_for_disorder_to_be_seen_are_no_checks(case: Case) -> None:
    short = {(pane, index): f"It is {index}, model {pane} says." for index in range(60) for pane in (0, 1)}
    name = case.a_set(60, sources=[compared(case.storage, "c-short", 60, texts=short)], checks=0.2)
    assert all(ballot.expected is None for ballot in vote_all(case, name))


def test_seconds_are_the_browsers_but_never_more_than_the_ballot_was_out(case: Case) -> None:
    name = case.a_set(4)
    first, second, third = case.voting.next(name, ANNA, 3, user="local")
    case.clock.now += 8
    case.voting.cast(first.id, FOR_A, ANNA, seconds=3, user="local")
    case.clock.now += 4
    case.voting.cast(second.id, FOR_A, ANNA, seconds=1e6, user="local")
    case.clock.now += 5
    case.voting.cast(third.id, FOR_A, ANNA, user="local")

    assert [vote.seconds for vote in case.votes.cast(name)] == [3, 12, 5]
    told = case.voting.last(name, ANNA)
    assert told is not None
    assert not told.is_too_fast, "40 tokens take two seconds"
    case.clock.now += 1
    case.voting.cast(one(case, name).id, FOR_A, ANNA, seconds=0.4, user="local")
    told = case.voting.last(name, ANNA)
    assert told is not None
    assert told.is_too_fast


def test_what_is_told_of_a_ballot_names_nobody_and_the_sides_are_as_stored(case: Case) -> None:
    name = case.a_set(12)
    for ballot, shown in zip(
        given := case.voting.next(name, ANNA, 12, user="local"), case.voting.shown(given), strict=True
    ):
        assert shown.first.startswith("zero" if ballot.left == "a" else "one")
        assert shown.second is not None
        assert shown.second.startswith("one" if ballot.left == "a" else "zero")
        words = repr(shown)
        for secret in ("base", "tour", "dpo", "lantern", ballot.a, str(ballot.b), *(p.title for p in PANES)):
            assert secret not in words.replace("Question", "")


def test_a_verdict_on_sides_is_turned_to_the_answers(case: Case) -> None:
    assert mirrored(FOR_A) == FOR_B
    assert mirrored(TIE) == TIE
    assert mirrored(Verdict(choice=Choice.BOTH_BAD)).choice is Choice.BOTH_BAD
    assert mirrored(Verdict(share=0.8)).share == pytest.approx(0.2)


def test_the_better_answer_may_be_edited_with_the_vote_and_both_are_undone(case: Case) -> None:
    name = case.a_set(2)
    ballot = one(case, name)
    case.voting.cast(ballot.id, FOR_B, ANNA, edited="as it should be", user="local")
    case.voting.cast(ballot.id, FOR_B, ANNA, edited="as it should be", user="local")

    pair, edit = case.votes.cast(name)
    assert (edit.kind, edit.a, edit.verdict.text) == (VoteKind.EDIT, ballot.b, "as it should be")
    assert pair.kind is VoteKind.PAIR
    told = case.voting.last(name, ANNA)
    assert told is not None
    assert told.vote == pair
    assert case.voting.progress(name, ANNA).judged == 1
    case.voting.undo(name, ANNA, user="local")
    assert case.votes.cast(name) == ()


@pytest.mark.parametrize(
    ("question", "good", "bad", "why"),
    [
        (Question.LIKERT, Verdict(scores={"overall": 4}), Verdict(scores={"overall": 6}), "1 to 5"),
        (Question.ATTRIBUTES, Verdict(scores={"kind": 1, "short": 5}), Verdict(scores={"kind": 1}), "missing for: short"),
        (Question.THUMB, Verdict(is_good=False), Verdict(choice=Choice.A), "good or bad"),
        (Question.CRITIQUE, Verdict(text="too long"), Verdict(text="  "), "no words yet"),
        (Question.EDIT, Verdict(text="Better."), Verdict(text=answer_of(0, 0)), "not changed"),
    ],
)  # fmt: skip
def test_questions_about_one_answer(
    case: Case, question: Question, good: Verdict, bad: Verdict, why: str
) -> None:
    source = compared(case.storage, "c-one", 1, panes=1)
    draft = VoteSet(
        name="one", sources=(source,), attributes=("kind", "short"), plan=VotePlan(question=question)
    )
    name = case.voting.create(draft, user="local").name
    ballot = one(case, name)
    assert ballot.b is None
    with pytest.raises(InvalidInput, match=why):
        case.voting.cast(ballot.id, bad, ANNA, user="local")
    case.voting.cast(ballot.id, good, ANNA, user="local")
    (vote,) = case.votes.cast(name)
    assert vote.verdict == good
    assert case.voting.next(name, ANNA, user="local") == ()


def test_a_set_without_anything_to_judge_is_not_made(case: Case) -> None:
    with pytest.raises(InvalidInput, match="There are no answers in comparison:none"):
        case.a_set(1, sources=["comparison:none"])
    source = compared(case.storage, "c-alone", 2, panes=1)
    with pytest.raises(InvalidInput, match="no pair to judge"):
        case.a_set(1, sources=[source])
    with pytest.raises(InvalidInput, match="Choose a comparison"):
        case.voting.create(VoteSet(name="none"), user="local")
    assert case.votes.list() == ()
