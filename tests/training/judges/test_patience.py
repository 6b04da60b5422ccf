import pickle
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from rlft_gui.domain.errors import Stopped
from rlft_gui.domain.home import Home
from rlft_gui.training.judges import JudgeFailed
from rlft_gui.training.judges.patience import LONGEST_PAUSE, WAITING, Patience
from rlft_gui.training.testing import RecordingReporter


@dataclass
class Flaky:
    """Fails so many times."""

    failures: int
    not_before: float = 0.0
    asked: int = 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.failures:
            raise JudgeFailed("The judge is away.", self.not_before)
        return "B"


@pytest.fixture
def reporter(tmp_path: Path) -> RecordingReporter:
    return RecordingReporter(Home(tmp_path).run("r"))


def impatient(reporter: RecordingReporter, minutes: float = 1.0) -> Patience:
    return Patience(reporter, minutes, phase="judging", pause=0.001)


def test_a_judge_that_answers_is_asked_once_and_nothing_is_said(reporter: RecordingReporter) -> None:
    judge = Flaky(0)
    assert impatient(reporter)(judge) == "B"
    assert judge.asked == 1
    assert reporter.said == []


def test_a_failing_judge_is_asked_until_it_answers_with_one_alarm(reporter: RecordingReporter) -> None:
    patience = impatient(reporter)
    assert patience(Flaky(3)) == "B"
    assert patience(Flaky(1)) == "B"
    assert [name for name, _ in reporter.phases] == [WAITING, WAITING, WAITING, "judging", WAITING, "judging"]
    assert [(name, message) for _, name, message in reporter.alarms] == [
        ("judge_failed", "The judge is away. From then on it was asked again, for at most 1 minute.")
    ]


def test_patience_begins_with_the_first_failure_however_long_the_question_took(
    reporter: RecordingReporter,
) -> None:
    judge = Flaky(1)

    def slow() -> str:
        time.sleep(0.3)
        return judge()

    assert impatient(reporter, minutes=0.2 / 60)(slow) == "B"


def test_a_judge_that_asks_for_a_day_gets_no_more_than_patience(
    reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    patience = Patience(reporter, 2, phase="judging")
    monkeypatch.setattr(patience, "_sleep", slept.append)
    patience(Flaky(1, not_before=86_400))
    assert slept == [120]


def test_pauses_double_up_to_a_minute(reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    patience = Patience(reporter, 60, phase="judging")
    monkeypatch.setattr(patience, "_sleep", slept.append)
    patience(Flaky(8))
    assert slept == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_judge_that_says_how_long_to_wait_is_obeyed(
    reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    patience = Patience(reporter, 60, phase="judging")
    monkeypatch.setattr(patience, "_sleep", slept.append)
    patience(Flaky(2, not_before=7.5))
    assert slept == [7.5, 7.5]


def test_patience_ends_with_a_sentence_that_says_what_to_change(reporter: RecordingReporter) -> None:
    with pytest.raises(JudgeFailed) as caught:
        impatient(reporter, minutes=0.0001)(Flaky(10**6))
    assert str(caught.value) == (
        "The judge is away. It was asked again for 0.0001 minutes without success. Start its server again and resume "
        "this run; or clone the run to change the Judge's address, the Judge or the Judge's patience."
    )
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


def test_a_stop_request_ends_the_wait(reporter: RecordingReporter) -> None:
    reporter.stop_after = 0
    judge = Flaky(10**6)
    with pytest.raises(Stopped, match="while waiting for the judge"):
        Patience(reporter, 60, phase="judging", pause=3600)(judge)
    assert judge.asked == 1
