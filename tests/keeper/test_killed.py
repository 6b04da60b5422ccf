"""Whoever minds a run, and whoever trains it, is killed: the signal is named wherever somebody could be told of it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.status import RunStatus
from tests.fakes.pipelines import World, wait_until, world

# Keepers, supervisors and trainers are real processes here.
pytestmark = pytest.mark.slow

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV)


@pytest.fixture(params=["executed", "forked"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """With workers of either kind."""
    with world(tmp_path, is_warm=request.param == "forked") as made:
        yield made


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("kind", ["supervisor", "trainer"])
def test_the_signal_that_ended_a_run_is_named(here: World, kind: str, number: signal.Signals) -> None:
    run = here.add_run(hold=[6])
    here.keeper.ensure()
    here.wait_step(run, 6)
    (pid,) = here.pids(kind, run)
    os.kill(pid, number)
    ended = here.wait_ended(run)
    assert (ended.status, ended.failure) == (RunStatus.FAILED, FailureKind.KILLED)
    assert ended.reason is not None
    assert number.name in ended.reason
    assert "Resume goes on from step 4." in ended.reason
    wait_until(lambda: here.pids("trainer", run) == [])


def test_nobody_can_name_the_signal_once_whoever_started_the_supervisor_is_gone(here: World) -> None:
    run = here.add_run(hold=[6])
    here.keeper.ensure()
    here.wait_step(run, 6)
    (supervisor,) = here.pids("supervisor", run)
    for parent in {*here.pids("keeper"), psutil.Process(supervisor).ppid()}:
        os.kill(parent, signal.SIGKILL)
    os.kill(supervisor, signal.SIGKILL)
    here.keeper.ensure()
    ended = here.wait_ended(run)
    assert (ended.status, ended.failure) == (RunStatus.FAILED, FailureKind.KILLED)
    assert ended.reason is not None
    assert "By which signal is not known, for what had started it had gone before." in ended.reason
