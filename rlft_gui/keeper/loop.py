"""The keeper: one process per home that starts queued runs, takes in what they report and settles those that ended.

    python -m rlft_gui.keeper HOME

The app or the command line starts it, whichever comes first; it leaves when nothing runs or can be started; whoever
lets rows pass that wait for a review starts it again. It may be killed at any time: runs go on without it, and the
next keeper takes them over from their folders and rows.
"""

import argparse
import logging
import time
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from rlft_gui.domain.errors import StorageTrouble
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import LIVE, RunStatus
from rlft_gui.keeper.schedule import Scheduler
from rlft_gui.keeper.settle import Settler
from rlft_gui.launchers import Launcher, LocalLauncher
from rlft_gui.services.machine import devices
from rlft_gui.services.runs.bin import Bin
from rlft_gui.storage import Storage, open_storage

logger = logging.getLogger(__name__)

#: Seconds between two rounds; what a run reports is in rows within one.
PERIOD = 0.3
#: Seconds to wait after a round that failed.
RETRY_PERIOD = 3.0
#: Seconds to stay with nothing to do: a pipeline that is launched next finds a keeper at work.
LINGER = 3.0
#: Others try the lock for an instant to see whether a keeper lives; that must not turn a keeper away.
LOCK_SECONDS = 2.0


class Keeper:
    def __init__(
        self, home: Home, storage: Storage, launcher: Launcher, on: Sequence[str], linger: float = LINGER
    ) -> None:
        self._home = home
        self._storage = storage
        self._launcher = launcher
        self._linger = linger
        self._scheduler = Scheduler(home, storage, launcher, on)
        self._settler = Settler(home, storage, launcher)

    def keep(self) -> None:
        """Work until nothing is left, unless another keeper does.

        The lock is given back before the last look: whoever queued something while it was still held, and so
        started no keeper, is seen by that look.
        """
        self._empty_bin()
        lock = FileLock(self._home.keeper_lock)
        while self._has_work():
            try:
                held = lock.acquire(timeout=LOCK_SECONDS)
            except Timeout:
                return
            with held:
                self._work()

    def round(self) -> bool:
        """One look at everything: take in and settle what is live, then start what can start.

        Returns whether there is more to do; what waits for a person does not count.
        """
        # First what has ended: that frees devices, and may be what queued runs wait for.
        runs = self._storage.runs.list(statuses=(RunStatus.QUEUED, *LIVE), oldest_first=True)
        for run in runs:
            if run.status.is_live:
                self._look_after(run)
        if any(run.status is RunStatus.QUEUED for run in runs):
            self._start_what_can()
        return self._has_work()

    def _start_what_can(self) -> None:
        # Ends: every start takes a device, and a run that fails to start leaves the queue.
        while (started := self._scheduler.start_next()) is not None:
            run, failure = started
            if failure is not None:
                self._settler.fail(run, failure)
        self._scheduler.explain_waiting()

    def _work(self) -> None:
        idle_since: float | None = None
        while idle_since is None or time.monotonic() - idle_since < self._linger:
            if self._careful_round():
                idle_since = None
            elif idle_since is None:
                idle_since = time.monotonic()
            self._launcher.wait(PERIOD)

    def _careful_round(self) -> bool:
        """A database that is busy for long or a disk that is full passes; the keeper stays and tries again."""
        try:
            return self.round()
        except (StorageTrouble, OSError):
            logger.exception("this round failed; the next one tries again")
            time.sleep(RETRY_PERIOD)
            return True  # as if there were work: a keeper that cannot see must not leave as an idle one

    def _look_after(self, run: Run) -> None:
        try:
            self._settler.look_after(run)
        except (StorageTrouble, OSError):
            logger.exception("%s could not be looked after; the next round tries again", run.id)

    def _empty_bin(self) -> None:
        """Once in its life: what goes has been there for thirty days, and a keeper lives for hours."""
        try:
            Bin(self._home, self._storage).expire()
        except (StorageTrouble, OSError):
            logger.exception("the bin could not be looked at; the next keeper tries again")

    def _has_work(self) -> bool:
        return self._storage.runs.has_work()


def main(
    arguments: Sequence[str] | None = None, launcher: Launcher | None = None, linger: float = LINGER
) -> int:
    parser = argparse.ArgumentParser(prog="rlft_gui.keeper")
    parser.add_argument("home", type=Path)
    home = Home(parser.parse_args(arguments).home.resolve())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    storage = open_storage(home)
    Keeper(home, storage, launcher or LocalLauncher(is_warm=True), devices(), linger).keep()
    storage.close()
    return 0
