"""Deleted runs: for thirty days in a bin, hidden from everything else, with their folders where they were.

Runs come back whole, so what a run in the bin takes from others stays in the bin with it or outside of it, never gone.
"""

import logging
import os
import time
from contextlib import suppress
from pathlib import Path

from rlft_gui import durable
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.runs.labels import name_of
from rlft_gui.storage import Storage

logger = logging.getLogger(__name__)

KEPT_DAYS = 30
KEPT_SECONDS = KEPT_DAYS * 24 * 3600.0


class Binned(Frozen):
    """A run in the bin: when it goes for good, in Unix seconds, and what its folder takes on the disk."""

    run: Run
    deleted_at: float
    expires_at: float
    bytes: int


class Bin:
    """Safe to share between threads and processes."""

    def __init__(self, home: Home, storage: Storage, keeper: KeeperStarter | None = None) -> None:
        self._home = home
        self._storage = storage
        self._keeper = keeper or KeeperStarter(home)

    def list(self) -> tuple[Binned, ...]:
        """What is in it, the last deleted first."""
        found = [self._binned(run) for run in self._storage.runs.deleted()]
        return tuple(sorted(found, key=lambda one: one.deleted_at, reverse=True))

    def restore(self, run_id: str, *, user: str) -> None:
        """Bring a run back as it was; one that was queued is queued again.

        Raises:
            NotFound: it is not in the bin.
            NotPossibleNow: it takes something from a run that is in the bin too.
            NotAllowed: it is somebody else's.
        """
        run = self._owned(run_id, user)
        if missing := self._storage.transitions.restore(run.id):
            raise NotPossibleNow(
                f"{name_of(run)} takes something from {' and '.join(missing)}, also in the bin. Restore that first."
            )
        if run.status is RunStatus.QUEUED:
            self._keeper.ensure()

    def purge(self, run_id: str, *, user: str) -> None:
        """Delete a run in the bin for good, with its folder.

        Raises:
            NotFound: it is not in the bin.
            NotPossibleNow: another run in the bin takes something from it.
            NotAllowed: it is somebody else's.
        """
        run = self._owned(run_id, user)
        if not self._purged(run):
            raise NotPossibleNow(
                f"Another run in the bin takes something from {name_of(run)}. Delete that one for good first."
            )

    def empty(self, *, user: str) -> int:
        """Delete all of one's own runs in the bin for good. Returns how many went."""
        return sum(self._purged(run) for run in self._storage.runs.deleted() if run.owner == user)

    def expire(self, now: float | None = None) -> int:
        """Delete for good what has been in the bin for longer than thirty days. Returns how many went."""
        before = (time.time() if now is None else now) - KEPT_SECONDS
        old = [run for run in self._storage.runs.deleted() if (run.deleted_at or 0.0) < before]
        return sum(self._purged(run) for run in old)

    def _purged(self, run: Run) -> bool:
        if not self._storage.transitions.purge(run.id):
            return False
        # The row first: a folder without a row is only told by `rlft doctor`, a row without its folder is a broken run.
        with suppress(OSError):  # a run that never began has none
            durable.put_away(self._home.run(run.id).path)
        logger.info("%s was deleted for good", run.id)
        return True

    def _owned(self, run_id: str, user: str) -> Run:
        found = next((run for run in self._storage.runs.deleted() if run.id == run_id), None)
        if found is None:
            raise NotFound(f'There is no run "{run_id}" in the bin. `rlft bin list` says what is.')
        if found.owner != user:
            raise NotAllowed(f"{name_of(found)} belongs to {found.owner}; only they can change it.")
        return found

    def _binned(self, run: Run) -> Binned:
        deleted_at = run.deleted_at or 0.0
        size = bytes_of(self._home.run(run.id).path)
        return Binned(run=run, deleted_at=deleted_at, expires_at=deleted_at + KEPT_SECONDS, bytes=size)


def bytes_of(folder: Path) -> int:
    """What the files below a folder hold; 0 where there is none. Links are not followed."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # gone meanwhile
                total += os.lstat(os.path.join(path, name)).st_size
    return total
