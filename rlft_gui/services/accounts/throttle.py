"""Slows down who guesses passwords: after some wrong ones each next has to wait, by name and by address.

Kept in memory: a restart forgives, which is rarer than a guess.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from rlft_gui.domain.errors import NotPossibleNow

FREE_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0  #: seconds; doubled with each try
_FORGOTTEN_AFTER = 3600.0  #: seconds without a try
_MOST_KEPT = 10_000


@dataclass(frozen=True)
class _Tries:
    count: int
    last: float

    def wait_until(self) -> float:
        if self.count < FREE_TRIES:
            return self.last
        return self.last + min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(self.count - FREE_TRIES, 20))


class Throttle:
    """Threads may share it. `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()
        self._mutex = Lock()

    def begin(self, name: str, address: str) -> None:
        """Count a try before it is made, so that many at once are no way around.

        Raises:
            NotPossibleNow: it comes too early; says how long to wait.
        """
        with self._mutex:
            now = self._clock()
            known = [self._known(key, now) for key in _keys(name, address)]
            wait = max(tries.wait_until() for tries in known) - now
            if wait > 0:
                raise NotPossibleNow(
                    f"There were too many wrong passwords. Wait {_told(wait)}, then try again."
                )
            for key, tries in zip(_keys(name, address), known, strict=True):
                self._keep(key, _Tries(tries.count + 1, now))

    def succeed(self, name: str, address: str) -> None:
        """Forget the tries of this name; those of the address fall by this one, for it may try other names."""
        by_name, by_address = _keys(name, address)
        with self._mutex:
            self._tries.pop(by_name, None)
            if tries := self._tries.get(by_address):
                self._tries[by_address] = _Tries(tries.count - 1, tries.last)

    def _known(self, key: tuple[str, str], now: float) -> _Tries:
        found = self._tries.get(key)
        return found if found and now - found.last < _FORGOTTEN_AFTER else _Tries(0, now)

    def _keep(self, key: tuple[str, str], tries: _Tries) -> None:
        self._tries[key] = tries
        self._tries.move_to_end(key)
        while len(self._tries) > _MOST_KEPT:
            self._tries.popitem(last=False)


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("name", name.casefold()), ("address", _network(address))


def _network(address: str) -> str:
    """Of IPv6 the first half: whoever has one address has all that begin alike."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if found.version == 6 else address


def _told(seconds: float) -> str:
    if seconds > 90:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds)} seconds" if seconds > 1 else "a second"
