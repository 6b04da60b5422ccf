"""Decides how a live run ended, from what lies in its folder once its supervisor is gone.

A free lock alone says nothing: a worker that is still starting holds none either.
"""

import logging
import shutil
import signal
import time
from collections.abc import Callable

from pydantic import ValidationError

from rlft_gui.domain.failure import NEEDS_CHANGE, Cause, FailureKind, signal_name
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.run import ExitRecord, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.launchers import Launcher, WorkerStatus
from rlft_gui.launchers.supervisor_end import Killed
from rlft_gui.services.runs.labels import FULL_DISK, name_of
from rlft_gui.services.runs.stopping import Stopping
from rlft_gui.storage import Storage

logger = logging.getLogger(__name__)

#: Seconds that a worker may take to show itself.
START_SECONDS = 60.0
#: With less space than this left, a worker that ended without a word was most likely stopped by that.
FULL_DISK_BYTES = 1_000_000

SILENT = "The training process ended without saying how. The end of the log may tell."


class Settler:
    """Of one keeper. Start deadlines count from when this keeper first saw a run starting, on a clock that never jumps."""

    def __init__(
        self,
        home: Home,
        storage: Storage,
        launcher: Launcher,
        *,
        start_seconds: float = START_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home = home
        self._storage = storage
        self._launcher = launcher
        self._ingester = Ingester(home, storage)
        self._stopping = Stopping(home, storage)
        self._start_seconds = start_seconds
        self._clock = clock
        self._first_seen: dict[tuple[str, int], float] = {}

    def look_after(self, run: Run) -> None:
        """Take in what a live run reported, and settle it if its worker is gone."""
        folder = self._home.run(run.id)
        # Asked before the events are read: what a worker wrote before it was found gone is then read to its end.
        status = self._launcher.status(folder, run.attempt)
        if status is WorkerStatus.GONE:
            self._settle_gone(run, folder)
        elif status is WorkerStatus.NOT_SEEN:
            self._settle_late(run, folder)
        else:
            self._ingester.ingest(run.id)

    def fail(self, run: Run, reason: str) -> None:
        """End a run that could not be started."""
        self._end(run, RunStatus.FAILED, Cause(FailureKind.NOT_STARTED, reason))

    def _settle_gone(self, run: Run, folder: RunFolder) -> None:
        record = _exit(folder, run.attempt)
        if record is None:
            # The supervisor left no word: what it started must be gone before its last lines can be read.
            self._launcher.end(folder)
        self._ingester.ingest(run.id)
        told = self._storage.runs.told_ending(run)
        if record is None:
            self._end(run, *(told or (RunStatus.FAILED, self._without_record(run, folder))))
        else:
            self._end(run, *_ending(record, told))

    def _settle_late(self, run: Run, folder: RunFolder) -> None:
        waited = self._waited(run)
        if waited < self._start_seconds:
            return
        reason = (
            f"The worker did not show itself within {self._start_seconds:g} seconds. "
            f"The end of the log may say why: {self._launcher.logs(folder)}."
        )
        if self._launcher.withdraw(folder, run.attempt, reason):
            was_stopping = run.status is RunStatus.STOPPING
            if was_stopping:
                self._end(run, RunStatus.STOPPED, Cause(FailureKind.STOPPED, reason))
            else:
                self.fail(run, reason)

    def _without_record(self, run: Run, folder: RunFolder) -> Cause:
        """Why a supervisor is gone that could not write down how its trainer ended."""
        if shutil.disk_usage(self._home.path).free < FULL_DISK_BYTES:
            told = f"{FULL_DISK} The worker could not even write down how it ended."
            return Cause(FailureKind.DISK_FULL, told)
        # Read anew, for the last events have only just been stored.
        now = self._storage.runs.get(run.id) or run
        where = f"while {now.phase}, at step {now.step}" if now.phase else "before it reported anything"
        return _killed(self._launcher.killed_by(folder, run.attempt), where)

    def _waited(self, run: Run) -> float:
        now = self._clock()
        return now - self._first_seen.setdefault((run.id, run.attempt), now)

    def _end(self, run: Run, status: RunStatus, cause: Cause | None) -> None:
        if status is not RunStatus.SUCCEEDED:
            cause = self._with_hint(run, cause or Cause(FailureKind.UNKNOWN, SILENT))
        held = f"It was not started, because {name_of(run)} {status}. It is queued again when that one is resumed."
        # False where it was settled already; whoever did that has logged it.
        if self._storage.transitions.settle(run, status, cause, held):
            logger.info("%s %s: %s", run.id, status, cause.sentence if cause else "all steps done")

    def _with_hint(self, run: Run, cause: Cause) -> Cause:
        """With where resume goes on, but where that would take the same steps again to the same end."""
        sentence = cause.sentence or SILENT
        if cause.kind not in NEEDS_CHANGE:
            sentence = f"{sentence} {self._stopping.resume_hint(run)}"
        return cause._replace(sentence=sentence)


def _killed(found: Killed, where: str) -> Cause:
    ended = f"{where}, and the training ended with it"
    if found.signal is not None:
        memory = "; systems do this when memory runs out" if found.signal == signal.SIGKILL else ""
        named = f"(signal {found.signal}, {signal_name(found.signal)}{memory})"
        return Cause(FailureKind.KILLED, f"The worker was killed from outside {named} {ended}.")
    if found.is_known:
        told = f"The worker ended by itself {ended}; a disk that was full for a moment does this. The log may tell more."
        return Cause(FailureKind.UNKNOWN, told)
    told = f"The worker was killed from outside {ended}; a disk that was full for a moment does this as well."
    lost = "By which signal is not known, for what had started it had gone before."
    return Cause(FailureKind.KILLED, f"{told} {lost}")


def _ending(
    record: ExitRecord, told: tuple[RunStatus, Cause | None] | None
) -> tuple[RunStatus, Cause | None]:
    """What the trainer said counts if its exit status agrees; what the supervisor saw counts otherwise."""
    if told is not None and (record.code == 0 or told[0] is RunStatus.FAILED):
        return told
    # Ended by a signal, or before it began, after somebody asked: that is the stop that was wished for.
    if record.stop_requested and (record.signal is not None or record.code is None):
        return RunStatus.STOPPED, Cause(FailureKind.STOPPED, record.reason)
    # None, for a process that said of no success and left well, is told as SILENT.
    return RunStatus.FAILED, Cause(record.failure or FailureKind.UNKNOWN, record.reason)


def _exit(folder: RunFolder, attempt: int) -> ExitRecord | None:
    try:
        record = ExitRecord.model_validate_json(folder.exit.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    # An earlier attempt's record lies here until the present one ends.
    return record if record.attempt == attempt else None
