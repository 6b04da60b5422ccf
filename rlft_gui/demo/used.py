"""What a visitor has used of what he may: kept beside his database, so that a restart gives nobody a fresh hour."""

import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import Field, ValidationError

from rlft_gui.demo.limits import HOUR
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.durable import write_whole

_TOUCH_SECONDS = 60.0  #: how exactly the disk knows when a sandbox was last used


class Spent(Frozen):
    """What was used, and when in seconds since 1970."""

    what: str
    amount: int
    at: float


class _Stored(Frozen):
    began: float
    last: float
    spent: tuple[Spent, ...] = Field(default=())


class Used:
    """Of one sandbox. Safe to share between threads."""

    def __init__(self, file: Path, stored: _Stored) -> None:
        self._file = file
        self._stored = stored
        self._on_disk = stored.last
        self._mutex = threading.Lock()

    @staticmethod
    def begin(file: Path, now: float) -> "Used":
        used = Used(file, _Stored(began=now, last=now))
        used.store()
        return used

    @staticmethod
    def read(file: Path, now: float) -> "Used":
        """What cannot be read counts as begun now: its owner loses nothing, and it goes in its time."""
        try:
            return Used(file, _Stored.model_validate_json(file.read_bytes()))
        except (OSError, ValidationError):
            return Used(file, _Stored(began=now, last=now))

    @property
    def began(self) -> float:
        return self._stored.began

    @property
    def last(self) -> float:
        return self._stored.last

    def touch(self, now: float) -> None:
        with self._mutex:
            self._stored = self._stored.model_copy(update={"last": now})
            is_due = now - self._on_disk > _TOUCH_SECONDS
        if is_due:
            self.store()

    def spend(
        self, what: str, amount: int, most: int, now: float, seconds: float = HOUR
    ) -> Callable[[], None]:
        """Count it if that leaves no more than `most` in so many seconds; returns what takes it back.

        Raises:
            NotPossibleNow: it would be more.
        """
        with self._mutex:
            kept = tuple(one for one in self._stored.spent if now - one.at < max(seconds, HOUR))
            own = [one for one in kept if one.what == what and now - one.at < seconds]
            if sum(one.amount for one in own) + amount > most:
                raise NotPossibleNow(_too_much(what, most, own, now, seconds))
            spent = Spent(what=what, amount=amount, at=now)
            self._stored = self._stored.model_copy(update={"spent": (*kept, spent)})
        self.store()
        return lambda: self._take_back(spent)

    def _take_back(self, spent: Spent) -> None:
        with self._mutex:
            left = list(self._stored.spent)
            if spent in left:
                left.remove(spent)
            self._stored = self._stored.model_copy(update={"spent": tuple(left)})
        self.store()

    def store(self) -> None:
        with self._mutex:
            self._on_disk = self._stored.last
            write_whole(self._file, self._stored.model_dump_json())


def _too_much(what: str, most: int, own: list[Spent], now: float, seconds: float) -> str:
    if seconds > HOUR or not own:
        return f"The demo allows {most:,} {what} a visitor, and this would be more. Install rlft_gui to go on without limits."
    minutes = max(1, round((own[0].at + seconds - now) / 60))
    return (
        f"The demo allows {most:,} {what} an hour, and this would be more. Go on in about {minutes} "
        f"minute{'' if minutes == 1 else 's'}, or install rlft_gui and have no limits."
    )
