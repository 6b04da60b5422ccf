"""How often one caller may ask: a bucket of tokens each, in memory.

Our own thirty lines: what the libraries offer counts in windows, starts a thread that tidies up, and keeps a place for every
name that was ever seen. Here a full bucket is no bucket, so memory follows those who ask now.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import HTTPException


@dataclass(frozen=True)
class Rate:
    """`burst` at once, and from then on `per_second`."""

    burst: float
    per_second: float


#: Eight windows whose polls all ask as fast as any page does, and the pages themselves; files are not counted.
PAGES = Rate(burst=600, per_second=100)
#: What starts work on this machine.
COSTLY = Rate(burst=30, per_second=0.2)
UPLOADS = Rate(burst=30, per_second=0.5)

#: Events and server functions that start work: runs, comparisons, judges, downloads, imports.
COSTLY_CALLS = frozenset(
    [
        "audit",
        "batch",
        "batch_again",
        "batch_start",
        "compare_again",
        "compare_start",
        "convert",
        "get_small_model",
        "judging_start",
        "launch",
        "start_tour",
        "votes_import",
        "votes_simulate",
    ]
)
MOST_BUCKETS = 10_000


class Rates:
    """For one event loop, not for threads."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what was left, and when

    def wait(self, who: str) -> float:
        """0 and a token is taken; or the seconds until there is one."""
        now = self._clock()
        left, at = self._buckets.pop(who, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        is_free = left >= 1
        self._buckets[who] = (left - 1 if is_free else left, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return 0.0 if is_free else (1 - left) / self._rate.per_second


def by_address(client: str) -> str:
    """The bucket of a caller without a name. Who has one IPv6 address has a whole network of them."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((client, 64), strict=False))


def too_often(what: str, seconds: float) -> HTTPException:
    """What a caller is told who has to wait so many seconds."""
    wait = math.ceil(seconds)
    told = f"{what} Wait {wait} second{'' if wait == 1 else 's'}, then try again."
    return HTTPException(429, told, {"Retry-After": str(wait)})
