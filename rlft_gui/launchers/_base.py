"""What every launcher can do. Runs are matched by their own folder, never by an engine's number, which may be reused."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from rlft_gui.domain.home import RunFolder
from rlft_gui.launchers.supervisor_end import Killed


class WorkerStatus(StrEnum):
    NOT_SEEN = "not seen"  #: no supervisor of this attempt has shown itself yet; it may still come
    ALIVE = "alive"  #: a supervisor of this run holds its lock
    GONE = "gone"  #: this attempt's supervisor has been there and is no more


class Launcher(Protocol):
    """Starts supervisors and says how they are. All methods return at once, but for `end` and `killed_by`, which take
    seconds at most, and `wait`."""

    @property
    def name(self) -> str: ...

    def submit(self, folder: RunFolder, attempt: int, device: str) -> str | None:
        """Start the supervisor of one attempt on a device ("cpu", "gpu:0"). Returns the engine's own name for it, if any."""

    def status(self, folder: RunFolder, attempt: int) -> WorkerStatus:
        """How that attempt's supervisor is."""

    def wait(self, seconds: float) -> None:
        """Sleep so long, or until a supervisor that this launcher started has ended."""

    def stop(self, folder: RunFolder) -> None:
        """Ask the run to stop; its supervisor sees to it."""

    def withdraw(self, folder: RunFolder, attempt: int, reason: str) -> bool:
        """Make sure that an attempt whose supervisor was never seen does not start any more; False if it just did."""

    def killed_by(self, folder: RunFolder, attempt: int) -> Killed:
        """What ended an attempt's supervisor that left no record of its trainer."""

    def find(self, folder: RunFolder) -> tuple[int, ...]:
        """The process numbers of what this run has alive, for people to look at."""

    def end(self, folder: RunFolder) -> None:
        """End what a dead supervisor left behind. Signals nothing that does not carry this run's mark."""

    def logs(self, folder: RunFolder) -> Path:
        """The file that the worker's output goes to."""
