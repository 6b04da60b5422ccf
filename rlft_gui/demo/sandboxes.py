"""Homes of visitors: made when one first acts, found again after a restart, gone when unused for long.

A sandbox is a folder that one visitor's name leads to: a copy of the seed's database, links to the seed's runs, and what the
visitor makes. No query looks for an owner, for no row of another is there.
"""

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rlft_gui.demo.limits import Limits
from rlft_gui.demo.links import link_folders, link_shared
from rlft_gui.demo.names import is_visitor
from rlft_gui.demo.place import Place
from rlft_gui.demo.used import Used
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services import Services, open_services, services_over
from rlft_gui.storage import read_storage

logger = logging.getLogger(__name__)

_USED = "used.json"
_DROPPED = ".dropped"  #: end of the name of a folder on its way out
_FULL = "The demo has as many visitors as it can hold, so nothing of yours can be kept now. Look around, and try again in some minutes."


@dataclass
class Sandbox:
    """One visitor's home while the app knows it. `in_use` counts requests that are being answered."""

    visitor: str
    home: Home
    used: Used
    services: Services
    in_use: int = 0
    mutex: threading.RLock = field(default_factory=threading.RLock)

    @property
    def bytes(self) -> int:
        """Of all that is the visitor's own."""
        return _own_bytes(self.home.path)

    @property
    def database_bytes(self) -> int:
        files = (self.home.database, Path(f"{self.home.database}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def is_at_work(self) -> bool:
        """Whether a comparison is being answered, or something trains."""
        return bool(self.services.storage.comparisons.unfinished()) or self.services.storage.runs.has_work()


class Sandboxes:
    """Safe to share between threads. `clock` tells seconds since 1970; `end` ends the processes of a home."""

    def __init__(
        self,
        place: Place,
        seed: Home,
        limits: Limits,
        clock: Callable[[], float] = time.time,
        end: Callable[[Home], None] = lambda _home: None,
    ) -> None:
        self._place = place
        self._seed = seed
        self._limits = limits
        self._clock = clock
        self._end = end
        self._open: dict[str, Sandbox] = {}
        self._mutex = threading.RLock()
        place.sandboxes.mkdir(mode=0o700, parents=True, exist_ok=True)
        link_folders(place.looking, seed)
        for name in ("inference", "trials", "speeds"):
            (place.looking.path / name).mkdir(mode=0o700, exist_ok=True)
        self.looking = services_over(place.looking, read_storage(seed.database))
        self._clear_rests()

    @contextlib.contextmanager
    def using(self, visitor: str, *, makes: bool = False) -> Iterator[Sandbox | None]:
        """The visitor's sandbox, which stays while it is used; None if he has none and it is not to be made.

        Raises:
            NotPossibleNow: there is no room for another.
        """
        sandbox = self._taken(visitor, makes)
        try:
            yield sandbox
        finally:
            if sandbox is not None:
                with self._mutex:
                    sandbox.in_use -= 1

    def _taken(self, visitor: str, makes: bool) -> Sandbox | None:
        with self._mutex:
            sandbox = self._known(visitor)
            if sandbox is None and makes:
                sandbox = self._make(visitor)
            if sandbox is not None:
                sandbox.in_use += 1
                sandbox.used.touch(self._clock())
            return sandbox

    def _known(self, visitor: str) -> Sandbox | None:
        """From memory, or from the disk after a restart."""
        if not is_visitor(visitor):
            return None
        if visitor not in self._open and (self._place.sandbox(visitor).path / _USED).exists():
            self._open[visitor] = self._opened(visitor)
        found = self._open.get(visitor)
        if found is not None and not found.in_use and self._is_over(found):
            self._drop(found)
            return None
        return found

    def _make(self, visitor: str) -> Sandbox:
        if not is_visitor(visitor):
            raise NotPossibleNow(
                "This browser has not kept the cookie by which the demo knows you, so nothing of yours can be kept. Allow "
                "cookies for this address, and load the page again."
            )
        self._make_room()
        home = self._place.sandbox(visitor)
        shutil.rmtree(
            home.path, ignore_errors=True
        )  # a rest that was never finished: its `used.json` is written last
        home.path.mkdir(mode=0o700)
        shutil.copyfile(self._seed.database, home.database)
        link_folders(home, self._seed)
        link_shared(home, self._place.looking)
        Used.begin(home.path / _USED, self._clock())
        self._open[visitor] = self._opened(visitor)
        return self._open[visitor]

    def _opened(self, visitor: str) -> Sandbox:
        home = self._place.sandbox(visitor)
        return Sandbox(visitor, home, Used.read(home.path / _USED, self._clock()), open_services(home.path))

    def _make_room(self) -> None:
        """Raises NotPossibleNow: all are in use."""
        known = self._all()
        total = sum(one.bytes for one in known)
        for one in sorted(known, key=lambda one: one.used.last):
            if len(known) < self._limits.sandboxes and total < self._limits.all_bytes:
                return
            if not self._is_busy(one):
                total -= one.bytes
                known.remove(one)
                self._drop(one)
        if len(known) >= self._limits.sandboxes or total >= self._limits.all_bytes:
            raise NotPossibleNow(_FULL)

    def expire(self) -> None:
        """Let those go whose time is over. Called now and then."""
        with self._mutex:
            for one in self._all():
                if not one.in_use and self._is_over(one):
                    self._drop(one)

    def settle(self) -> None:
        """End comparisons that a program left behind which was killed."""
        for one in self.open():
            with self.using(one.visitor):
                one.services.comparing.settle()

    def open(self) -> tuple[Sandbox, ...]:
        """Those that the app knows now."""
        with self._mutex:
            return tuple(self._open.values())

    def answering(self) -> int:
        """Comparisons of all visitors that wait or are being answered."""
        return sum(len(one.services.storage.comparisons.unfinished()) for one in self.open())

    def now(self) -> float:
        return self._clock()

    def count(self) -> int:
        return len(self._all())

    def drop(self, visitor: str) -> None:
        """Let one go now, whatever is left of its time."""
        with self._mutex:
            if (found := self._known(visitor)) is not None:
                self._drop(found)

    def close(self) -> None:
        """Let go of all files; they stay."""
        with self._mutex:
            for one in self._open.values():
                one.used.store()
                one.services.storage.close()
            self._open.clear()
            self.looking.storage.close()

    def _all(self) -> list[Sandbox]:
        """With those on disk that nobody has asked for since the app started."""
        for folder in self._place.sandboxes.iterdir():
            if is_visitor(folder.name):
                self._known(folder.name)
        return list(self._open.values())

    def _is_over(self, one: Sandbox) -> bool:
        now, limits = self._clock(), self._limits
        return now - one.used.last > limits.idle_seconds or now - one.used.began > limits.longest_seconds

    def _is_busy(self, one: Sandbox) -> bool:
        return (
            bool(one.in_use) or self._clock() - one.used.last < self._limits.busy_seconds or one.is_at_work()
        )

    def _drop(self, one: Sandbox) -> None:
        """Renamed first: a half deleted folder must never be taken for a sandbox."""
        self._open.pop(one.visitor, None)
        self._end(one.home)
        one.services.storage.close()
        rest = one.home.path.with_suffix(_DROPPED)
        try:
            one.home.path.rename(rest)
            shutil.rmtree(rest)
        except OSError:
            logger.warning("The sandbox of %s could not be deleted whole", one.visitor, exc_info=True)

    def _clear_rests(self) -> None:
        for folder in self._place.sandboxes.iterdir():
            if not (folder / _USED).exists():
                shutil.rmtree(folder, ignore_errors=True)


def _own_bytes(folder: Path) -> int:
    """Without what lies behind links."""
    walked = os.walk(folder, followlinks=False)
    files = (os.path.join(root, name) for root, _, names in walked for name in names)
    return sum(_size(file) for file in files)


def _size(file: str) -> int:
    try:
        return os.lstat(file).st_size
    except FileNotFoundError:
        return 0
