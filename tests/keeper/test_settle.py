"""How a run ended, told from what lies in its folder once its supervisor is gone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rlft_gui.domain.run import ExitRecord, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.settle import Settler
from rlft_gui.launchers import LocalLauncher
from tests.storage.test_events import Case


class _Usage(NamedTuple):
    free: int


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    made.folder.sign.write_text('{"attempt": 1, "pid": 1}')
    yield made
    made.storage.close()


def _settled(case: Case) -> Run:
    Settler(case.home, case.storage, LocalLauncher()).look_after(case.run)
    return case.runs.get(case.run.id)


def _leave(case: Case, **record: Any) -> None:
    known = {"attempt": 1, "code": None, "signal": None, "phase": "training", "time": 1.0}
    case.folder.exit.write_text(ExitRecord(**(known | record)).model_dump_json())


def test_a_success_counts_although_the_supervisor_was_killed_before_it_could_write_it_down(
    case: Case,
) -> None:
    case.reporter().state("succeeded")
    assert _settled(case).status is RunStatus.SUCCEEDED


def test_a_success_does_not_count_if_the_process_then_crashed(case: Case) -> None:
    case.reporter().state("succeeded")
    _leave(case, signal=11, reason="The training process was killed (signal 11).")
    run = _settled(case)
    assert run.status is RunStatus.FAILED
    assert run.reason is not None
    assert run.reason.startswith("The training process was killed (signal 11).")


def test_a_good_exit_without_a_word_is_a_failure(case: Case) -> None:
    _leave(case, code=0)
    run = _settled(case)
    assert run.status is RunStatus.FAILED
    assert run.reason is not None
    assert run.reason.startswith("The training process ended without saying how.")


def test_the_record_of_an_earlier_attempt_says_nothing_about_this_one(case: Case) -> None:
    _leave(case, attempt=0, code=0)
    run = _settled(case)
    assert run.reason is not None
    assert run.reason.startswith("The worker was killed from outside before it reported anything")
    assert "By which signal is not known" in run.reason


def test_a_worker_that_ended_without_a_word_on_a_full_disk_was_stopped_by_that(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rlft_gui.keeper.settle.shutil.disk_usage", lambda _path: _Usage(free=100))
    run = _settled(case)
    assert run.status is RunStatus.FAILED
    assert run.reason is not None
    assert run.reason.startswith("The disk is full. Free some space, then resume.")


def test_a_trainer_killed_on_request_was_stopped(case: Case) -> None:
    _leave(case, signal=9, stop_requested=True, reason="It was asked to stop and had not done so.")
    assert _settled(case).status is RunStatus.STOPPED
