"""Uploads that wait to be stored: whose they are, how many bytes, since when. What nobody fetches goes.

Gradio spools each file under a temporary name and moves it into a folder named by its hash. It has no limit but one for a
single file, and leaves the half of a file behind whose sender has gone.
"""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Quota:
    """In bytes and files."""

    of_one: int = 300 * MEGABYTE
    files_of_one: int = 20
    total: int = 2000 * MEGABYTE
    left_free: int = 200 * MEGABYTE  #: of the disk


#: Seconds that an upload waits for the event that stores it, which a page sends at once.
KEPT_SECONDS = 15 * 60
#: Seconds that a file of nobody's stays, since Gradio makes some for a moment.
STRAY_SECONDS = 60


@dataclass(frozen=True)
class Waiting:
    user: str
    bytes: int
    since: float


class Spool:
    """Of one folder, and of this process alone. For one event loop, not for threads."""

    def __init__(
        self, folder: Path, quota: Quota = Quota(), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder = folder
        self._quota = quota
        self._clock = clock
        self._waiting: dict[Path, Waiting] = {}
        self._under_way: Counter[str] = Counter()  # bytes
        self._flights = 0

    def refusal(self, user: str, coming: int) -> tuple[int, str] | None:
        """The status and the sentence with which so many more bytes of this caller are refused, if they are."""
        self._look()
        quota, own = self._quota, [each for each in self._waiting.values() if each.user == user]
        if len(own) >= quota.files_of_one:
            return 413, (
                f"{len(own)} of your uploads wait to be stored, and {quota.files_of_one} are the most. "
                "Store or drop some, or try again in some minutes."
            )
        if sum(each.bytes for each in own) + self._under_way[user] + coming > quota.of_one:
            return 413, (
                f"Uploads that wait may have {_size(quota.of_one)} together, and with this one yours would have "
                "more. Send less, or try again in some minutes."
            )
        if self.bytes + coming > quota.total:
            return 413, "The app holds as many uploads as it may. Try again in some minutes."
        if shutil.disk_usage(self.folder).free - coming < quota.left_free:
            return 507, "The disk is almost full, so the upload was refused. Free some space, then try again."
        return None

    def begin(self) -> None:
        self._flights += 1

    def coming(self, user: str, more: int) -> None:
        """So many bytes more (or fewer) are under way."""
        self._under_way[user] += more
        if self._under_way[user] <= 0:
            del self._under_way[user]

    def arrived(self, user: str, files: Iterable[Path]) -> tuple[int, str] | None:
        """Takes note of whole uploads; those of a caller who then has too many go again, and it is told why."""
        now, new = self._clock(), [file for file in files if file.is_file()]
        others = sum(each.user == user for file, each in self._waiting.items() if file not in new)
        if others + len(new) > self._quota.files_of_one:
            for file in new:
                file.unlink(missing_ok=True)
            return 413, (
                f"{self._quota.files_of_one} uploads may wait to be stored, and with these "
                f"{len(new)} there would be more. Send fewer at once."
            )
        for file in new:
            self._waiting[file] = Waiting(user, file.stat().st_size, now)
        return None

    def end(self) -> None:
        self._flights -= 1

    def sweep(self) -> None:
        """Let go what waited too long, and what no upload has made known."""
        self._look()
        now = self._clock()
        for file, each in list(self._waiting.items()):
            if now - each.since > KEPT_SECONDS:
                file.unlink(missing_ok=True)
                del self._waiting[file]
        if not self._flights:
            for file in list(self.folder.glob("*")) + list(self.folder.glob("*/*")):
                if file not in self._waiting and _age(file) > STRAY_SECONDS:
                    _remove(file)

    @property
    def files(self) -> int:
        return len(self._waiting)

    @property
    def bytes(self) -> int:
        """Of what waits and what is under way."""
        return sum(each.bytes for each in self._waiting.values()) + self._under_way.total()

    def _look(self) -> None:
        """What was stored is no longer there."""
        for file in [file for file in self._waiting if not file.exists()]:
            del self._waiting[file]


def _age(file: Path) -> float:
    """Seconds, also where the clock was put back since."""
    try:
        return abs(time.time() - file.lstat().st_mtime)
    except OSError:
        return 0


def _remove(file: Path) -> None:
    try:
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()
    except OSError:
        return  # a folder in which something waits


def _size(count: int) -> str:
    return f"{count / MEGABYTE:,.0f} MB"
