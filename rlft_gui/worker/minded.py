"""The supervisors that a warm worker has forked: it waits for each, and writes down which signal killed one."""

import logging
import os
import signal
from contextlib import suppress

from rlft_gui.domain.home import RunFolder
from rlft_gui.launchers import supervisor_end

logger = logging.getLogger(__name__)


class Minded:
    """Of one process. True while one of them lives.

    Attributes:
        bell: a file to select on, readable once one of them may have ended.
    """

    def __init__(self) -> None:
        self._living: dict[int, tuple[RunFolder, int]] = {}
        self.bell, self._cord = os.pipe()
        for end in (self.bell, self._cord):
            os.set_blocking(end, False)

    def __bool__(self) -> bool:
        return bool(self._living)

    def begin(self) -> None:
        """Have the bell rung from here on."""
        signal.set_wakeup_fd(self._cord, warn_on_full_buffer=False)
        # Python rings only for signals that it handles itself.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def forget(self) -> None:
        """In a copy of this process, which has no children of its own yet."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self.bell)
        os.close(self._cord)

    def add(self, pid: int, folder: RunFolder, attempt: int) -> None:
        self._living[pid] = folder, attempt

    def take_note(self) -> None:
        """Wait for those that have ended."""
        with suppress(BlockingIOError):
            os.read(self.bell, 4096)
        for pid in tuple(self._living):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self._note(*self._living.pop(pid), os.waitstatus_to_exitcode(status))

    def _note(self, folder: RunFolder, attempt: int, code: int) -> None:
        try:
            supervisor_end.write(folder, attempt, code)
        except OSError as error:
            logger.warning("%s: its end could not be written down: %s", folder.run_id, error)
