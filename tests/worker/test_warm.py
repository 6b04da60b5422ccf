"""The warm worker: what is forked from it, what it outlives and what outlives it, and when it makes room for another."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rlft_gui.domain.home import Home
from rlft_gui.launchers import LocalLauncher, WorkerStatus
from rlft_gui.launchers.leftovers import Session
from rlft_gui.launchers.likeness import likeness
from tests.fakes.pipelines import pipeline, wait_until
from tests.worker.case import WORKER, Case, cmdline

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere workers are always executed."),
]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path, is_warm=True)
    yield made
    made.clean()


def _next(case: Case) -> Case:
    """Another run of the same home."""
    return Case(case.home.path, is_warm=True, run_id="sft-2")


def test_one_process_serves_run_after_run_and_each_supervisor_is_its_trainers_parent(case: Case) -> None:
    case.start(hold=[2])
    case.wait_step(2)
    (warm,) = case.warm_workers()
    trainer = case.trainer()
    supervisor = trainer.parent()
    assert supervisor is not None
    assert supervisor.parent() == warm
    assert len({os.getsid(process.pid) for process in (warm, supervisor, trainer)}) == 3
    second = _next(case)
    second.start(steps=2).wait()
    assert second.record().code == 0
    assert case.warm_workers() == [warm]


def test_a_crash_never_reaches_the_next_stage(case: Case) -> None:
    supervisor = case.start(hold=[2])
    case.wait_step(2)
    (warm,) = case.warm_workers()
    case.trainer().send_signal(signal.SIGSEGV)
    supervisor.wait()
    assert case.record().signal == signal.SIGSEGV
    second = _next(case)
    second.start(steps=3).wait()
    assert (second.record().code, case.warm_workers()) == (0, [warm])


def test_a_run_goes_on_when_the_warm_worker_is_killed_and_the_next_finds_a_new_one(case: Case) -> None:
    supervisor = case.start(hold=[2], steps=4)
    case.wait_step(2)
    (warm,) = case.warm_workers()
    warm.kill()
    second = _next(case)
    second.start(steps=3).wait()
    assert second.record().code == 0
    (case.folder.path / "go-2").touch()
    supervisor.wait()
    wait_until(case.folder.exit.exists)
    assert case.record().code == 0


def test_nobody_outside_its_session_is_taken_for_a_leftover(case: Case) -> None:
    """A forked trainer and its supervisor have the same environment; so have those of other runs."""
    supervisor = case.start(hold=[2])
    second = _next(case)
    second.start(hold=[2])
    case.wait_step(2)
    second.wait_step(2)
    other = second.trainer()
    trainer = case.trainer()
    trainer.suspend()
    supervisor.kill()
    wait_until(lambda: LocalLauncher().status(case.folder, 1) is WorkerStatus.GONE)
    assert LocalLauncher().find(case.folder) == (trainer.pid,)
    LocalLauncher().end(case.folder)
    assert not trainer.is_running() or trainer.status() == psutil.STATUS_ZOMBIE
    assert other.is_running()
    assert LocalLauncher().status(second.folder, 1) is WorkerStatus.ALIVE


def test_a_session_number_that_changed_hands_is_left_alone(case: Case) -> None:
    case.start(hold=[2])
    case.wait_step(2)
    assert LocalLauncher().find(case.folder) == (case.trainer().pid,)
    told = Session.model_validate_json(case.folder.session.read_bytes())
    earlier = told.model_copy(update={"born": f"{told.born}0"})
    case.folder.session.write_text(earlier.model_dump_json())
    assert LocalLauncher().find(case.folder) == ()


def test_another_environment_gets_another_worker(case: Case) -> None:
    case.start(steps=1).wait()
    (first,) = case.warm_workers()
    second = _next(case)
    (run,) = pipeline("sft", settings={"steps": 1}).runs
    second.folder.recipe.write_text(run.recipe.model_dump_json())
    second.fork(environment={**os.environ, "HF_HOME": "/elsewhere"}).wait()
    assert second.record().code == 0
    first.wait(10)
    (left,) = case.warm_workers()
    assert left.environ()["HF_HOME"] == "/elsewhere"


def test_a_terminals_own_variables_and_the_time_make_no_difference() -> None:
    here = dict(os.environ)
    assert likeness({**here, "SHLVL": "7", "PWD": "/tmp"}) == likeness({**here, "SHLVL": "2", "PWD": "/"})
    assert likeness({**here, "OMP_NUM_THREADS": "1"}) != likeness({**here, "OMP_NUM_THREADS": "2"})


def test_asking_ahead_starts_it_once(case: Case) -> None:
    threads = [threading.Thread(target=case.warm().prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (warm,) = case.warm_workers()
    case.start(steps=1).wait()
    assert (case.record().code, case.warm_workers()) == (0, [warm])


def test_others_cannot_reach_it(case: Case) -> None:
    """Whoever reaches the socket can run programs as its owner."""
    case.start(steps=1).wait()
    assert case.home.warm("cpu").stat().st_mode & 0o077 == 0


def test_a_home_in_a_deep_folder_has_one_too(tmp_path: Path) -> None:
    deep = Case(tmp_path / ("d" * 100) / ("e" * 100), is_warm=True)
    assert deep.start(steps=1).wait() == 0
    assert deep.record().code == 0
    deep.clean()


def test_it_leaves_when_its_home_is_gone_or_nothing_was_asked_for_long(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from rlft_gui.worker import warm\n"
        "from tests.fakes.worker import _stages\n"
        "from rlft_gui.worker import main\n"
        "warm.PERIOD, warm.IDLE = 0.05, float(sys.argv.pop(1))\n"
        "sys.exit(main(_stages, 'tests.fakes.worker'))\n"
    )
    from rlft_gui.launchers.warm import WarmLauncher

    for idle in ("600", "0.2"):
        home = Home(tmp_path / idle)
        warm = WarmLauncher(home.warm("cpu"), (sys.executable, "-c", program, idle), os.environ)
        assert warm.prepare() is None
        processes = [p for p in psutil.process_iter() if str(home.path) in cmdline(p)]
        if idle == "600":
            assert [process.is_running() for process in processes] == [True]
            shutil.rmtree(home.path)
        for process in processes:
            process.wait(10)


def test_one_that_cannot_start_is_told_once_and_runs_start_without_it(case: Case) -> None:
    launcher = LocalLauncher((sys.executable, "-m", "tests.fakes.lame_worker"), is_warm=True)
    second = _next(case)
    (run,) = pipeline("sft", settings={"steps": 1}).runs
    for one in (case, second):
        one.folder.recipe.write_text(run.recipe.model_dump_json())
        launcher.submit(one.folder, 1, "cpu")
        wait_until(one.folder.exit.exists)
        assert one.record().code == 0
    told = case.folder.log.read_text()
    assert "The warm worker could not be started (it ended before it was ready)." in told
    assert "No module named 'torch'" in told
    assert "This run starts without it" in told
    assert "warm" not in second.folder.log.read_text()


def test_an_environment_that_is_no_text_is_no_reason_to_wait_for_ever(case: Case) -> None:
    """A variable may hold any bytes; such runs start without a warm worker."""
    forked = case.fork(environment={**os.environ, "ODD": "\udcff"})
    assert forked.wait(30) == 1
    assert str(forked.trouble).startswith("The warm worker could not be started")


def test_a_process_that_has_threads_is_not_copied() -> None:
    program = (
        "import threading\n"
        "from rlft_gui.worker.warm import cannot_fork\n"
        "print(cannot_fork())\n"
        "threading.Thread(target=threading.Event().wait, name='a-library', daemon=True).start()\n"
        "print(cannot_fork())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    alone, beside = done.stdout.splitlines()
    assert alone == "None"
    assert beside.endswith("which a copy of this process would lack: MainThread, a-library.")


def test_who_waits_hears_of_an_end_at_once(case: Case) -> None:
    launcher = LocalLauncher(WORKER, is_warm=True)
    (run,) = pipeline("sft", settings={"steps": 1}).runs
    case.folder.recipe.write_text(run.recipe.model_dump_json())
    launcher.submit(case.folder, 1, "cpu")
    began = time.monotonic()
    launcher.wait(60)
    assert case.folder.exit.exists()
    assert time.monotonic() - began < 50


def test_what_it_imports_ahead_starts_no_threads_and_leaves_cuda_alone() -> None:
    program = (
        "from importlib import import_module\n"
        "from rlft_gui.worker.warm import NEEDED, cannot_fork\n"
        "for name in NEEDED: import_module(name)\n"
        "print(cannot_fork())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
