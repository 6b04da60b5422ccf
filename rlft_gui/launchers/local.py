"""Workers on this machine, as processes of their own that outlive whoever started them."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import RUN_MARK, RunFolder
from rlft_gui.domain.run import ExitRecord
from rlft_gui.durable import write_whole
from rlft_gui.launchers._base import WorkerStatus
from rlft_gui.processes import python_module

_WORKER = tuple(python_module("rlft_gui.worker"))


class _Sign(Frozen):
    """What a supervisor writes as soon as it holds the lock."""

    attempt: int
    pid: int


class LocalLauncher:
    """`worker` is the command of the supervisor. `grace`: seconds between the wish to stop and its being enforced; None
    leaves that to the supervisor."""

    name = "local"

    def __init__(self, worker: tuple[str, ...] = _WORKER, grace: float | None = None) -> None:
        self._worker = worker
        self._options = () if grace is None else ("--grace", str(grace))

    def submit(self, folder: RunFolder, attempt: int, device: str) -> str | None:
        with folder.log.open("ab") as log:
            supervisor = subprocess.Popen(
                [*self._worker, str(folder.path), "--attempt", str(attempt), *self._options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: closing the terminal or killing the keeper's group leaves it alone.
                start_new_session=True,
                env={
                    **os.environ,
                    # CUDA's own order is by speed, and would number other cards than nvidia-smi does.
                    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
                    "CUDA_VISIBLE_DEVICES": _visible(device),
                },
            )
        # Somebody must take note of its end, or it stays a zombie for as long as the keeper lives.
        threading.Thread(target=supervisor.wait, name=f"reap-{folder.run_id}", daemon=True).start()
        return None

    def status(self, folder: RunFolder, attempt: int) -> WorkerStatus:
        # The sign is read before the lock is tried: a supervisor may start in between, but not have gone unseen.
        seen = _seen(folder, attempt)
        lock = FileLock(folder.lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return WorkerStatus.ALIVE
        lock.release()
        return WorkerStatus.GONE if seen else WorkerStatus.NOT_SEEN

    def stop(self, folder: RunFolder) -> None:
        folder.stop.touch()

    def withdraw(self, folder: RunFolder, attempt: int, reason: str) -> bool:
        try:
            with FileLock(folder.lock, timeout=0):
                if _seen(folder, attempt):
                    return False
                # Under the lock a late supervisor cannot begin; it finds this record later and leaves.
                record = ExitRecord(
                    attempt=attempt, code=None, signal=None, phase=None, time=time.time(), reason=reason
                )
                write_whole(folder.exit, record.model_dump_json() + "\n")
                return True
        except Timeout:
            return False

    def find(self, folder: RunFolder) -> tuple[int, ...]:
        return tuple(process.pid for process in _marked(folder))

    def end(self, folder: RunFolder) -> None:
        left = list(_marked(folder))
        for process in left:
            _kill(process)
        psutil.wait_procs(left, timeout=5)

    def logs(self, folder: RunFolder) -> Path:
        return folder.log


def _visible(device: str) -> str:
    """What CUDA may see: the one GPU that was claimed, or none."""
    return device.partition(":")[2] if device.startswith("gpu:") else ""


def _seen(folder: RunFolder, attempt: int) -> bool:
    try:
        # Not ==: a sign of a later attempt says that this one has long been over.
        return _Sign.model_validate_json(folder.sign.read_bytes()).attempt >= attempt
    except (FileNotFoundError, ValidationError):
        return False


def _marked(folder: RunFolder) -> Iterator[psutil.Process]:
    """The processes whose environment carries this run's mark: its trainer and whatever that started."""
    mark = str(folder.path)
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN_MARK) == mark:
                yield process
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or somebody else's


def _kill(process: psutil.Process) -> None:
    """psutil compares the start time first, so a number that changed hands is left alone."""
    try:
        process.kill()
    except psutil.Error:
        return
