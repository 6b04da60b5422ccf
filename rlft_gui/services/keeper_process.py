"""Makes sure that a keeper lives. Whoever has something for it to do calls this: launching, resuming, watching."""

import logging
import subprocess
import threading
import time

from filelock import FileLock, Timeout

from rlft_gui.domain.home import Home
from rlft_gui.processes import python_module

logger = logging.getLogger(__name__)

#: Seconds before the same process starts another keeper: one that cannot start must not be started all the time.
PATIENCE = 2.0

_KEEPER = tuple(python_module("rlft_gui.keeper"))


class KeeperStarter:
    """`command` starts a keeper; the home's path is added to it. Safe to share between threads."""

    def __init__(self, home: Home, command: tuple[str, ...] = _KEEPER) -> None:
        self._home = home
        self._command = command
        self._started: float | None = None
        self._watch: threading.Thread | None = None
        self._mutex = threading.Lock()

    def ensure(self) -> None:
        """Start a keeper unless one holds the lock. It lives on when this process ends.

        Where the disk does not let it start, this is only logged: what is queued stays so, and the next look tries again.
        """
        with self._mutex:
            if not self._is_due():
                return
            try:
                self._start_unless_kept()
            except OSError as error:
                logger.warning("No keeper can be started in %s: %s", self._home.path, error)

    def _is_due(self) -> bool:
        """A keeper that this process started and that still lives is at work, or on its way to the lock."""
        if self._watch is not None and self._watch.is_alive():
            return False
        return self._started is None or time.monotonic() - self._started > PATIENCE

    def _start_unless_kept(self) -> None:
        if is_kept(self._home):
            return
        self._started = time.monotonic()
        with self._home.keeper_log.open("ab") as log:
            keeper = subprocess.Popen(
                [*self._command, str(self._home.path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # Somebody must take note of its end, or it stays a zombie for as long as this process lives.
        self._watch = threading.Thread(target=keeper.wait, name="reap-keeper", daemon=True)
        self._watch.start()


def is_kept(home: Home) -> bool:
    """Whether a keeper holds the lock."""
    lock = FileLock(home.keeper_lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False
