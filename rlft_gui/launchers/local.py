"""Workers on this machine, as processes of their own that outlive whoever started them."""

import logging
import os
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.run import ExitRecord
from rlft_gui.durable import write_whole
from rlft_gui.launchers import leftovers, supervisor_end
from rlft_gui.launchers._base import WorkerStatus
from rlft_gui.launchers.warm import WarmLauncher, can_fork
from rlft_gui.processes import python_module

logger = logging.getLogger(__name__)

_WORKER = tuple(python_module("rlft_gui.worker"))


class LocalLauncher:
    """Safe to share between threads.

    Args:
        worker: the command of the supervisor.
        grace: seconds between the wish to stop and its being enforced; None leaves that to the supervisor.
        is_warm: whether workers are forked from a process that has imported everything, where the system allows it.
    """

    name = "local"

    def __init__(
        self, worker: tuple[str, ...] = _WORKER, grace: float | None = None, *, is_warm: bool = False
    ) -> None:
        self._worker = worker
        self._grace = grace
        self._is_warm = is_warm and can_fork()
        self._ended = threading.Event()

    def prepare(self, home: Home, device: str) -> None:
        """Have what a run waits for start ahead of need. Takes seconds; what fails is only logged, for a run says it too."""
        if self._is_warm and (trouble := self._warm(home, device).prepare()):
            logger.info("Not prepared: %s", trouble)

    def submit(self, folder: RunFolder, attempt: int, device: str) -> str | None:
        if not self._is_warm:
            self._start_cold(folder, attempt, device)
            return None

        def ended(trouble: str | None) -> None:
            if trouble is not None:
                self._say_cold(folder, trouble)
                self._start_cold(folder, attempt, device)
            self._ended.set()

        self._warm(folder.home, device).mind(folder, attempt, self._grace, ended)
        return None

    def wait(self, seconds: float) -> None:
        self._ended.wait(seconds)
        self._ended.clear()

    def _warm(self, home: Home, device: str) -> WarmLauncher:
        return WarmLauncher(home.warm(device), self._worker, _environment(device))

    def _say_cold(self, folder: RunFolder, trouble: str) -> None:
        """Once: later runs start without it, and without asking again."""
        self._is_warm = False
        logger.warning("Runs start without a warm worker from here on. %s", trouble)
        with suppress(OSError), folder.log.open("a") as log:
            log.write(f"{trouble} This run starts without it, which takes some seconds longer.\n")

    def _start_cold(self, folder: RunFolder, attempt: int, device: str) -> None:
        grace = () if self._grace is None else ("--grace", str(self._grace))
        with folder.log.open("ab") as log:
            supervisor = subprocess.Popen(
                [*self._worker, str(folder.path), "--attempt", str(attempt), *grace],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: closing the terminal or killing the keeper's group leaves it alone.
                start_new_session=True,
                env=_environment(device),
            )
        # Somebody must take note of its end, or it stays a zombie for as long as the keeper lives.
        threading.Thread(
            target=self._reap, args=(supervisor, folder, attempt), name=f"reap-{folder.run_id}", daemon=True
        ).start()

    def _reap(self, supervisor: "subprocess.Popen[bytes]", folder: RunFolder, attempt: int) -> None:
        code = supervisor.wait()
        with suppress(OSError):
            supervisor_end.write(folder, attempt, code)
        self._ended.set()

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
                    attempt=attempt,
                    code=None,
                    signal=None,
                    phase=None,
                    time=time.time(),
                    reason=reason,
                    failure=FailureKind.NOT_STARTED,
                )
                write_whole(folder.exit, record.model_dump_json() + "\n")
                return True
        except Timeout:
            return False

    def killed_by(self, folder: RunFolder, attempt: int) -> supervisor_end.Killed:
        return supervisor_end.read(folder, attempt)

    def find(self, folder: RunFolder) -> tuple[int, ...]:
        return tuple(process.pid for process in leftovers.of_run(folder))

    def end(self, folder: RunFolder) -> None:
        leftovers.end(folder)

    def logs(self, folder: RunFolder) -> Path:
        return folder.log


def _environment(device: str) -> dict[str, str]:
    return {
        **os.environ,
        # CUDA's own order is by speed, and would number other cards than nvidia-smi does.
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "CUDA_VISIBLE_DEVICES": _visible(device),
    }


def _visible(device: str) -> str:
    """What CUDA may see: the one GPU that was claimed, or none."""
    return device.partition(":")[2] if device.startswith("gpu:") else ""


def _seen(folder: RunFolder, attempt: int) -> bool:
    found = supervisor_end.sign(folder)
    # Not ==: a sign of a later attempt says that this one has long been over.
    return found is not None and found.attempt >= attempt
