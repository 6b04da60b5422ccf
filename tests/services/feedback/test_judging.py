"""Judges vote as raters that are marked as machines, in both orders, and nothing that they said is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import RaterKind, Vote
from rlft_gui.services.feedback import judging_task
from rlft_gui.services.feedback.judging import JudgeAsked, JudgingVotes
from rlft_gui.services.feedback.judging_task import JudgedVotes
from rlft_gui.services.models.names import Names
from rlft_gui.services.models.service import Models
from rlft_gui.services.runs.service import Runs
from tests.fakes.judge_server import judge_server
from tests.services.feedback.voting_home import Case

PAIRS = 6


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    found = Case(tmp_path / "home")
    yield found
    found.storage.close()


def judged(case: Case, tmp_path: Path, judge: str, name: str = "week 1", **how: Any) -> JudgedVotes:
    return service(case, tmp_path).judge(name, JudgeAsked(judge, **how), user="local")


def service(case: Case, tmp_path: Path) -> JudgingVotes:
    home = Home(tmp_path / "home")
    return JudgingVotes(home, case.storage, case.votes, Runs(home, case.storage), Models(home))


def of_judges(case: Case, name: str = "week 1") -> list[Vote]:
    return [vote for vote in case.votes.cast(name) if vote.rater.kind is RaterKind.JUDGE]


def test_a_judge_votes_once_on_each_pair_by_the_mean_of_both_orders(case: Case, tmp_path: Path) -> None:
    case.a_set(PAIRS)
    first = judged(case, tmp_path, "biased:position=2", most=2)
    assert (first.cast, first.before, first.pairs, first.problem) == (2, 0, PAIRS, "")
    rest = judged(case, tmp_path, "biased:position=2")
    assert (rest.cast, rest.before) == (PAIRS - 2, 2)
    assert judged(case, tmp_path, "biased:position=2").cast == 0
    votes = of_judges(case)
    assert len(votes) == PAIRS
    for vote in votes:
        [(straight, turned)] = vote.verdict.orders.values()
        assert straight > turned, "it likes what it is shown first"
        assert vote.verdict.share == pytest.approx((straight + turned) / 2)
        assert vote.verdict.won_by_a == vote.verdict.share
    assert {vote.rater.name for vote in votes} == {"biased:position=2"}
    assert len(case.storage.votes.pairs("week 1")) == PAIRS, "each counts once in ratings"


def test_a_server_is_asked_in_both_orders_by_the_words_of_the_set(case: Case, tmp_path: Path) -> None:
    name = case.a_set(2, question=Question.ATTRIBUTES, name="by attribute")
    with judge_server() as server:
        done = judged(case, tmp_path, "endpoint:m", name, url=server.url)
    assert done.cast == 2
    attributes = case.votes.get(name).attributes
    asked = [body["messages"][-1]["content"] for body in server.asked]
    assert len(asked) == 2 * 2 * len(attributes)
    about = [text for text in asked if "brevity alone" in text and "Question 0?" in text]
    places = [text.index("zero answers") < text.index("one answers") for text in about]
    assert sorted(places) == [False, True]
    # This server says "A" whatever it is asked, so it goes by place alone, and the mean is no verdict.
    assert service(case, tmp_path).standing(name).asked is None, "people are asked about single answers"
    for vote in of_judges(case, name):
        assert set(vote.verdict.orders) == set(attributes)
        assert vote.verdict.orders["safe"] == (1.0, 0.0)
        assert vote.verdict.share == 0.5


def test_what_was_judged_stays_when_the_judge_breaks_off(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.a_set(PAIRS)

    def broken(*_: object, **__: object) -> Iterator[dict[str, Any]]:
        yield {"pair": 0, "orders": {"overall": (0.9, 0.7)}, "rationale": "Says more."}
        yield {"left_out": 1, "reason": "It is too long."}
        raise NotPossibleNow("The judge broke off.")

    monkeypatch.setattr(judging_task, "lines_of", broken)
    done = judged(case, tmp_path, "biased")
    assert (done.cast, done.left_out, done.problem) == (1, {"It is too long.": 1}, "The judge broke off.")
    [vote] = of_judges(case)
    assert vote.verdict.share == pytest.approx(0.8)
    monkeypatch.undo()
    assert judged(case, tmp_path, "biased").cast == PAIRS - 1


def test_a_reply_that_names_no_answer_costs_one_pair_alone(case: Case, tmp_path: Path) -> None:
    case.a_set(5)
    # Four pairs are asked about together; of the fifth neither order is ever understood.
    with judge_server(script=["reply"] * 8 + ["says Both are fine"] * 6) as server:
        done = judged(case, tmp_path, "endpoint:m", url=server.url)
    assert done.cast + sum(done.left_out.values()) == 5
    assert [reason for reason in done.left_out if "Both are fine" in reason]
    assert done.cast == 4


def test_a_key_that_is_refused_is_told_after_a_few_pairs(case: Case, tmp_path: Path) -> None:
    case.a_set(PAIRS)
    with judge_server(script=["401"] * 99) as server, pytest.raises(NotPossibleNow, match="refused the key"):
        judged(case, tmp_path, "endpoint:m", url=server.url)
    assert len(server.asked) < 2 * PAIRS + 8
    assert not of_judges(case)


@pytest.mark.parametrize(
    ("judge", "how", "error", "sentence"),
    [
        ("endpoint:m", {}, InvalidInput, "its address is empty"),
        ("endpoint:m", {"url": "ftp://x"}, InvalidInput, "no address"),
        ("reward_model:rm-1", {}, NotFound, "no run"),
        ("biased:love=2", {}, InvalidInput, "no bias"),
        ("", {}, InvalidInput, "Name the judge"),
        ("biased", {"template": "nonsense"}, InvalidInput, "no rubric"),
        ("biased", {"attributes": tuple(map(str, range(13)))}, InvalidInput, "12 attributes"),
    ],
)
def test_what_cannot_judge_is_refused(
    case: Case, tmp_path: Path, judge: str, how: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    case.a_set(1)
    with pytest.raises(error, match=sentence):
        judged(case, tmp_path, judge, **how)


def test_a_model_that_was_added_judges_under_its_short_name(case: Case, tmp_path: Path) -> None:
    case.a_set(1)
    (folder := tmp_path / "weights").mkdir()
    Names(Home(tmp_path / "home")).add("mine", str(folder), "folder", str(folder))
    found = service(case, tmp_path).task("week 1", JudgeAsked("mine"), user="local").judge
    assert (found.rater.name, found.judge, found.base) == ("mine", str(folder), str(folder))


def test_what_can_be_asked_of_a_set_is_told_with_the_base_of_its_answers(case: Case, tmp_path: Path) -> None:
    case.a_set(PAIRS)
    found = service(case, tmp_path).judgeable("week 1")
    assert (found.pairs, found.base) == (PAIRS, "lantern")
