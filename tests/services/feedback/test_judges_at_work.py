"""A judge votes in the background: followed, stopped, refused where another is at work, and nothing is lost."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.accounts import Role
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services.accounts.service import Accounts
from rlft_gui.services.feedback.judges_at_work import JudgeAtWork, JudgesAtWork
from rlft_gui.services.feedback.judging import JudgeAsked, JudgingVotes
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.service import Runs
from tests.fakes.judge_server import judge_server
from tests.services.feedback.voting_home import Case

PAIRS = 6
#: The first four pairs, both ways, and then nothing.
FOUR_PAIRS = ["reply"] * 8 + ["hang"] * 8


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    found = Case(tmp_path / "home")
    yield found
    found.storage.close()


@pytest.fixture
def work(case: Case, tmp_path: Path) -> Iterator[JudgesAtWork]:
    home = Home(tmp_path / "home")
    judging = JudgingVotes(home, case.storage, case.votes, Runs(home, case.storage), Models(home))
    found = JudgesAtWork(judging, Rights(case.storage))
    yield found
    for one in case.votes.list():
        found.stop(one.name, user="local")


def once(work: JudgesAtWork, name: str, is_so: Callable[[JudgeAtWork], bool]) -> JudgeAtWork:
    """How far the judge is, once it is so."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = work.of(name)
        assert found is not None
        if is_so(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it stayed as it is: {work.of(name)}")


def ended(work: JudgesAtWork, name: str = "week 1") -> JudgeAtWork:
    return once(work, name, lambda now: now.state != "judging")


def test_verdicts_are_votes_as_they_come_and_stay_when_the_judge_is_stopped(
    case: Case, work: JudgesAtWork
) -> None:
    case.a_set(PAIRS)
    assert work.of("week 1") is None
    with judge_server(script=list(FOUR_PAIRS)) as server:
        asked = JudgeAsked("endpoint:m", server.url)
        began = work.start("week 1", asked, user="local")
        assert (began.judge, began.state, began.of, began.before) == ("endpoint:m", "judging", PAIRS, 0)
        once(work, "week 1", lambda now: now.done == 4)
        assert case.votes.count("week 1") == 4, "the ratings follow while it goes on"
        work.stop("week 1", user="local")
        stopped = ended(work)
    assert (stopped.state, stopped.done, stopped.problem) == ("stopped", 4, "")
    assert not [one for one in threading.enumerate() if one.name == "judge-week 1"]
    with judge_server() as server:
        work.start("week 1", JudgeAsked("endpoint:m", server.url), user="local")
        done = ended(work)
    assert (done.state, done.done, done.of, done.before) == ("done", 2, 2, 4)
    assert case.votes.count("week 1") == PAIRS
    assert len(case.storage.votes.pairs("week 1")) == PAIRS


def test_one_judge_at_a_time_votes_in_a_set_and_only_who_asked_stops_it(
    case: Case, work: JudgesAtWork
) -> None:
    case.a_set(PAIRS)
    Accounts(case.storage).add("somebody", Role.MEMBER, "four good words", user="local")
    with judge_server(script=["hang"] * 8) as server:
        asked = JudgeAsked("endpoint:m", server.url)
        work.start("week 1", asked, user="local")
        with pytest.raises(NotPossibleNow, match='endpoint:m is voting in "week 1"'):
            work.start("week 1", asked, user="local")
        with pytest.raises(NotAllowed, match="belongs to local"):
            work.stop("week 1", user="somebody")
        work.stop("week 1", user="local")
    assert ended(work).state == "stopped"
    work.stop("week 1", user="somebody")  # what has ended is nobody's to stop


def test_a_judge_of_another_set_waits_for_its_turn_and_says_so(case: Case, work: JudgesAtWork) -> None:
    case.a_set(PAIRS)
    case.a_set(2, name="week 2")
    with judge_server(script=["hang"] * 8) as server:
        work.start("week 1", JudgeAsked("endpoint:m", server.url), user="local")
        once(work, "week 1", lambda _: len(server.asked) > 0)
        waiting = work.start("week 2", JudgeAsked("biased"), user="local")
        assert waiting.waits_for == "week 1"
        work.stop("week 2", user="local")
        assert ended(work, "week 2").state == "stopped"
        work.start("week 2", JudgeAsked("biased"), user="local")
        work.stop("week 1", user="local")
        assert ended(work, "week 2").state == "done"


def test_a_judge_that_fails_says_why(case: Case, work: JudgesAtWork) -> None:
    case.a_set(PAIRS)
    with judge_server(script=["401"] * 99) as server:
        work.start("week 1", JudgeAsked("endpoint:m", server.url), user="local")
        failed = ended(work)
    assert (failed.state, failed.done) == ("failed", 0)
    assert "refused the key" in failed.problem
    work.start("week 1", JudgeAsked("endpoint:m", server.url, patience=0), user="local")  # it is gone
    assert "cannot be reached" in ended(work).problem


def test_what_cannot_judge_is_refused_before_anything_begins(case: Case, work: JudgesAtWork) -> None:
    case.a_set(1)
    with pytest.raises(InvalidInput, match="its address is empty"):
        work.start("week 1", JudgeAsked("endpoint:m"), user="local")
    assert work.of("week 1") is None


def test_what_it_could_not_judge_is_counted(case: Case, work: JudgesAtWork) -> None:
    case.a_set(5)
    with judge_server(script=["reply"] * 8 + ["says Both are fine"] * 6) as server:
        work.start("week 1", JudgeAsked("endpoint:m", server.url), user="local")
        done = ended(work)
    assert (done.state, done.done, sum(done.left_out.values())) == ("done", 5, 1)
