"""The supervisor: holds the run's lock while the training process lives, and writes down how that one ended.

It is small and light on purpose, so that it outlives what kills a trainer (memory above all). It never decides what
a run's status is: the keeper does, from what lies in the run folder.
"""

import logging
import os
import signal
import sys
import time
from types import FrameType

import psutil
from filelock import FileLock, Timeout
from pydantic import ValidationError

from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.reporting import LOADING
from rlft_gui.domain.run import ExitRecord
from rlft_gui.durable import write_whole
from rlft_gui.launchers.supervisor_end import Sign
from rlft_gui.worker.endings import seen_from_outside, trail
from rlft_gui.worker.memory_kills import memory_kills
from rlft_gui.worker.starting import Trainer

logger = logging.getLogger(__name__)

#: The keeper tries the lock for an instant to see whether a supervisor lives; that must not turn a supervisor away.
LOCK_SECONDS = 10.0
#: Seconds between two looks at the trainer.
PERIOD = 0.05
#: Seconds that an attempt may take to stop while it loads: nothing can be lost, whatever it hangs in.
LOADING_GRACE = 3.0
#: Seconds between a polite signal and SIGKILL.
POLITE_SECONDS = 5.0


class Supervisor:
    """One attempt's supervisor. `trainer` is started once, when the lock is held and nobody asked to stop."""

    def __init__(self, folder: RunFolder, attempt: int, trainer: Trainer, grace: float) -> None:
        self._folder = folder
        self._attempt = attempt
        self._trainer = trainer
        self._grace = grace
        self._told_to_end = False
        self._memory_kills = memory_kills()
        self._may_load = True  #: an attempt that has loaded never loads again

    def mind(self) -> int:
        """Run the trainer to its end. Returns the exit status of the supervisor itself."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(
            signal.SIGCHLD, signal.SIG_DFL
        )  # ignored by whoever started us, zombies would never be seen
        try:
            held = FileLock(self._folder.lock).acquire(timeout=LOCK_SECONDS)
        except Timeout:
            sys.stderr.write(f"{self._folder.run_id} already has a live worker; this one leaves.\n")
            return 3
        with held:
            if _is_over(self._folder, self._attempt):
                sys.stderr.write(
                    f"Attempt {self._attempt} of {self._folder.run_id} is over; nothing to do.\n"
                )
                return 3
            own = Sign(attempt=self._attempt, pid=os.getpid(), parent=os.getppid())
            write_whole(self._folder.sign, own.model_dump_json() + "\n")
            record = self._run()
            write_whole(self._folder.exit, record.model_dump_json() + "\n")
        return 0

    def _run(self) -> ExitRecord:
        if self._folder.stop.exists():
            told = Cause(FailureKind.STOPPED, "It was stopped before training began.")
            return self._record(None, told, stopped=True)
        pid = self._trainer.start()
        ended_by_us = self._wait(pid)
        _signal_group(pid, signal.SIGKILL)  # children that outlived the trainer
        code = self._trainer.wait()
        return self._record(code, ended_by_us, stopped=self._folder.stop.exists())

    def _wait(self, pid: int) -> Cause | None:
        """Wait until the trainer is a zombie: its number then still belongs to it, and its group can be signalled.

        Returns why it was ended, if the supervisor did that.
        """
        process = psutil.Process(pid)
        asked_at: float | None = None
        while not _has_ended(process):
            time.sleep(PERIOD)
            if self._told_to_end:
                told = "It was ended because its worker was told to end (SIGTERM)."
                return _end_group(process, Cause(FailureKind.KILLED, told))
            if asked_at is None and self._folder.stop.exists():
                asked_at = time.monotonic()
            if asked_at is not None and (late := self._late(time.monotonic() - asked_at)):
                return _end_group(process, Cause(FailureKind.STOPPED, late))
        return None

    def _late(self, waited: float) -> str | None:
        """Why a trainer must end now that was asked to stop so many seconds ago; None while it may take longer."""
        if self._may_load and waited > LOADING_GRACE:
            self._may_load = trail(self._folder.events, self._attempt).phase in (None, LOADING)
            if self._may_load:
                return "It was stopped on request while loading, and ended from outside, for it did not hear of it."
        if waited > self._grace:
            return f"It was asked to stop and had not done so after {self._grace:g} seconds, so it was ended."
        return None

    def _record(self, returncode: int | None, ended_by_us: Cause | None, *, stopped: bool) -> ExitRecord:
        last = trail(self._folder.events, self._attempt)
        killed = -returncode if returncode is not None and returncode < 0 else None
        code = returncode if killed is None else None
        cause = ended_by_us or seen_from_outside(
            code, killed, last, ran_out_of_memory=self._ran_out_of_memory()
        )
        return ExitRecord(
            attempt=self._attempt,
            code=code,
            signal=killed,
            phase=last.phase,
            time=time.time(),
            stop_requested=stopped,
            reason=cause.sentence if cause else None,
            failure=cause.kind if cause else None,
        )

    def _ran_out_of_memory(self) -> bool:
        now = memory_kills()
        return now is not None and self._memory_kills is not None and now > self._memory_kills

    def _end(self, _signum: int, _frame: FrameType | None) -> None:
        self._told_to_end = True


def _is_over(folder: RunFolder, attempt: int) -> bool:
    """The keeper gives up on a worker that does not start by writing its exit record; a late supervisor obeys."""
    try:
        return ExitRecord.model_validate_json(folder.exit.read_bytes()).attempt >= attempt
    except (
        FileNotFoundError,
        ValidationError,
    ):  # a damaged record is of an earlier attempt, and says nothing
        return False


def _has_ended(process: psutil.Process) -> bool:
    try:
        ended: bool = process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # some systems say so of zombies
        return True
    return ended


def _end_group(process: psutil.Process, why: Cause) -> Cause:
    _signal_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + POLITE_SECONDS
    while not _has_ended(process) and time.monotonic() < deadline:
        time.sleep(PERIOD)
    _signal_group(process.pid, signal.SIGKILL)
    return why


def _signal_group(group: int, number: int) -> None:
    """Signal the trainer's group. Only while the trainer is not reaped, so that the number is still its own."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
        return
