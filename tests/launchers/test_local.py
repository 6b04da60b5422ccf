"""How a worker is, told by signs that cannot be mistaken; and nothing is ever signalled by number alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from rlft_gui.domain.home import RUN_MARK, Home, RunFolder
from rlft_gui.domain.run import ExitRecord
from rlft_gui.launchers import LocalLauncher, WorkerStatus
from tests.fakes.pipelines import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = Home(tmp_path).run("sft-1")
    made.path.mkdir(parents=True)
    return made


def _sign(folder: RunFolder, attempt: int, pid: int = 1) -> None:
    folder.sign.write_text(f'{{"attempt": {attempt}, "pid": {pid}}}')


def test_a_free_lock_says_nothing_about_a_worker_that_was_not_seen_yet(folder: RunFolder) -> None:
    assert LocalLauncher().status(folder, 1) is WorkerStatus.NOT_SEEN
    _sign(folder, 1)
    assert LocalLauncher().status(folder, 1) is WorkerStatus.GONE
    assert LocalLauncher().status(folder, 2) is WorkerStatus.NOT_SEEN


def test_a_held_lock_means_a_live_worker(folder: RunFolder) -> None:
    with FileLock(folder.lock):
        assert LocalLauncher().status(folder, 1) is WorkerStatus.ALIVE


def test_a_worker_that_was_not_seen_can_be_withdrawn_and_one_that_was_cannot(folder: RunFolder) -> None:
    launcher = LocalLauncher()
    with FileLock(folder.lock):
        assert not launcher.withdraw(folder, 1, "late")
    _sign(folder, 1)
    assert not launcher.withdraw(folder, 1, "late")
    assert launcher.withdraw(folder, 2, "late")
    record = ExitRecord.model_validate_json(folder.exit.read_bytes())
    assert (record.attempt, record.reason) == (2, "late")


def test_only_processes_with_this_runs_mark_are_ended(folder: RunFolder) -> None:
    other = folder.home.run("sft-2")
    mine = subprocess.Popen(SLEEP, env={**os.environ, RUN_MARK: str(folder.path)}, start_new_session=True)
    stranger = subprocess.Popen(SLEEP)
    neighbour = subprocess.Popen(SLEEP, env={**os.environ, RUN_MARK: str(other.path)})
    try:
        _sign(folder, 1, pid=stranger.pid)  # as if the number had changed hands
        wait_until(lambda: LocalLauncher().find(folder) == (mine.pid,))
        LocalLauncher().end(folder)
        mine.wait()
        assert LocalLauncher().find(folder) == ()
        assert (stranger.poll(), neighbour.poll()) == (None, None)
    finally:
        for process in (mine, stranger, neighbour):
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    ("device", "visible"), [("cpu", ""), ("gpu:0", "0"), ("gpu:3", "3"), ("gpu:GPU-ab", "GPU-ab")]
)
def test_a_worker_sees_the_device_it_was_given_and_no_other(
    folder: RunFolder, device: str, visible: str
) -> None:
    code = (
        "import os; print('sees', repr(os.environ['CUDA_VISIBLE_DEVICES']), os.environ['CUDA_DEVICE_ORDER'])"
    )
    LocalLauncher(worker=(sys.executable, "-c", code)).submit(folder, 1, device)
    wait_until(lambda: folder.log.exists() and "\n" in folder.log.read_text())
    assert folder.log.read_text() == f"sees {visible!r} PCI_BUS_ID\n"
