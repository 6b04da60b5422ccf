"""The supervisor and its trainer, without a keeper: what they leave in the run folder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.launchers import LocalLauncher, WorkerStatus
from rlft_gui.worker.starting import Executed
from tests.fakes.pipelines import pipeline, wait_until
from tests.worker.case import WORKER, Case

# Supervisors and trainers are real processes here, and most tests wait for one to end.
pytestmark = pytest.mark.slow


@pytest.fixture(params=["executed", "forked"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path, is_warm=request.param == "forked")
    yield made
    made.clean()


def test_a_good_run_says_so_twice(case: Case) -> None:
    assert case.start(steps=3).wait() == 0
    kinds = [event["kind"] for event in case.events()]
    assert (kinds[0], kinds[-1], case.events()[-1]["state"]) == ("state", "state", "succeeded")
    record = case.record()
    assert (record.code, record.signal, record.phase, record.reason) == (0, None, "training", None)


def test_a_signal_that_killed_the_trainer_is_named_with_phase_and_step(case: Case) -> None:
    supervisor = case.start(hold=[4])
    case.wait_step(4)
    case.trainer().send_signal(signal.SIGSEGV)
    supervisor.wait()
    record = case.record()
    assert (record.code, record.signal) == (None, signal.SIGSEGV)
    assert (
        record.reason
        == "The training process was killed from outside (signal 11, SIGSEGV) while training, at step 4."
    )


def test_a_trainer_dies_with_its_supervisor(case: Case) -> None:
    supervisor = case.start(hold=[4], child=True)
    case.wait_step(4)
    supervisor.kill()
    wait_until(lambda: LocalLauncher().find(case.folder) == ())
    assert not case.folder.exit.exists()


def test_a_trainer_that_does_not_stop_is_ended_after_its_grace_with_all_it_started(case: Case) -> None:
    supervisor = case.start(grace=0.3, hold=[4], deaf=True, child=True)
    case.wait_step(4)
    case.folder.stop.touch()
    supervisor.wait()
    record = case.record()
    assert record.stop_requested
    assert record.signal in (signal.SIGTERM, signal.SIGKILL)
    assert record.reason == "It was asked to stop and had not done so after 0.3 seconds, so it was ended."
    assert LocalLauncher().find(case.folder) == ()


def test_children_that_outlive_a_good_trainer_are_ended(case: Case) -> None:
    assert case.start(steps=2, child=True).wait() == 0
    assert case.record().code == 0
    assert LocalLauncher().find(case.folder) == ()


def test_a_supervisor_told_to_end_ends_its_trainer_and_says_so(case: Case) -> None:
    supervisor = case.start(hold=[4])
    case.wait_step(4)
    supervisor.terminate()
    assert supervisor.wait() == 0
    assert case.record().reason == "It was ended because its worker was told to end (SIGTERM)."


def test_a_stop_in_the_middle_of_a_step_is_a_stop_and_no_failure(case: Case) -> None:
    assert case.start(stop_in=3).wait() == 0
    last = case.events()[-1]
    assert (last["state"], last["reason"]) == ("stopped", "It was stopped on request while it waited.")


@pytest.mark.parametrize(
    ("hang", "told"),
    [
        ("loop", "It was stopped on request while loading."),
        (
            "deaf",
            "It was stopped on request while loading, and ended from outside, for it did not hear of it.",
        ),
    ],
)
def test_a_stop_while_loading_ends_the_attempt_within_seconds_whatever_it_hangs_in(
    case: Case, hang: str, told: str
) -> None:
    supervisor = case.start(grace=120, hang=hang, child=True)
    wait_until(lambda: any(event.get("phase") == "loading" for event in case.events()))
    case.folder.stop.touch()
    asked_at = time.monotonic()
    supervisor.wait(timeout=30)
    assert time.monotonic() - asked_at < 5
    said = [event["reason"] for event in case.events() if event.get("state") == "stopped"]
    assert (said or [case.record().reason]) == [told]
    assert case.record().stop_requested
    assert LocalLauncher().find(case.folder) == ()


def test_a_stop_before_the_start_trains_nothing(case: Case) -> None:
    case.folder.stop.touch()
    assert case.start(steps=3).wait() == 0
    record = case.record()
    assert (record.stop_requested, record.code, case.events()) == (True, None, [])


def test_a_damaged_record_of_an_earlier_attempt_is_no_reason_not_to_start(case: Case) -> None:
    """Before, the supervisor ended in a traceback and the run waited a minute for it."""
    case.folder.exit.write_bytes(b"{")
    assert case.start(steps=1).wait() == 0
    assert case.record().code == 0


def test_a_second_supervisor_of_the_same_run_does_not_start_a_second_trainer(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.worker import supervisor as supervisor

    case.start(hold=[4])
    case.wait_step(4)
    monkeypatch.setattr(supervisor, "LOCK_SECONDS", 0.2)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert supervisor.Supervisor(case.folder, 1, Executed(["false"], case.folder), 1.0).mind() == 3
    finally:
        signal.signal(signal.SIGTERM, before)
    assert LocalLauncher().status(case.folder, 1) is WorkerStatus.ALIVE


def test_the_lock_is_free_although_a_child_of_the_trainer_lives_on(case: Case) -> None:
    supervisor = case.start(hold=[4], child=True)
    case.wait_step(4)
    trainer = case.trainer()
    trainer.suspend()  # it cannot notice, so that it and its child outlive the supervisor
    supervisor.kill()
    supervisor.wait()
    assert LocalLauncher().status(case.folder, 1) is WorkerStatus.GONE
    assert len(LocalLauncher().find(case.folder)) == 2
    LocalLauncher().end(case.folder)
    assert LocalLauncher().find(case.folder) == ()


def test_the_trainer_has_no_input_and_keeps_quiet(case: Case) -> None:
    case.start(hold=[4])
    case.wait_step(4)
    trainer = case.trainer()
    environment = trainer.environ()
    assert environment["HF_HUB_DISABLE_TELEMETRY"] == "1"
    # The run finds its number of threads by itself; only what a person sets is passed on.
    assert environment.get("OMP_NUM_THREADS") == os.environ.get("OMP_NUM_THREADS")
    assert os.getpgid(trainer.pid) == trainer.pid
    if sys.platform == "linux":
        assert os.readlink(f"/proc/{trainer.pid}/fd/0") == "/dev/null"


def test_the_supervisor_loads_neither_stages_nor_torch() -> None:
    program = (
        "import sys, rlft_gui.worker.supervisor\n"
        "print([m for m in ('torch', 'rlft_gui.stages', 'sqlalchemy', 'gradio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("failure", "traced"), [("fail_at", False), ("crash_at", True)])
def test_the_log_traces_only_a_failure_that_nobody_expected(case: Case, failure: str, traced: bool) -> None:
    case.start(**{failure: 2}).wait()
    log = case.folder.log.read_text()
    assert ("Traceback" in log) is traced
    assert ("Row 3 has no answer. Take it out." in log) is not traced


def test_an_unknown_stage_is_refused_in_one_sentence(case: Case) -> None:
    (run,) = pipeline("tea").runs
    supervisor = case.start()
    supervisor.wait()  # the recipe of a good run first, so that the folder is that of a second attempt
    case.folder.recipe.write_text(run.recipe.model_dump_json())
    command = [*WORKER, str(case.folder.path), "--attempt", "2"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    last = case.events()[-1]
    assert (last["state"], last["attempt"]) == ("failed", 2)
    assert last["reason"].startswith('The recipe asks for the stage "tea", which this version does not have.')
