"""How two models stand so far, while people vote: the one seam to ratings, which count with more care.

The interval is Wilson's, as if every vote were a coin of its own.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rlft_gui.domain.intervals import Z, wilson
from rlft_gui.domain.votes import PairVerdict

#: Of the normal distribution: a gap that is there is found four times of five.
_POWER = 0.84
_LEAST_GAP = 0.02


class Standing(NamedTuple):
    """Of the first model against the second; a tie is half a win.

    Attributes:
        share, low, high: wins among `n` votes and the 95 % interval, 0 to 1.
        needed: about how many votes settle a gap of this size; None while there is next to none.
    """

    share: float
    low: float
    high: float
    n: int
    needed: int | None


def standing(pairs: Iterable[PairVerdict], first: str, second: str) -> Standing | None:
    """None before any vote between the two."""
    won = [
        pair.won if pair.a == first else 1 - pair.won for pair in pairs if {pair.a, pair.b} == {first, second}
    ]
    if not won:
        return None
    n, share = len(won), sum(won) / len(won)
    low, high = wilson(sum(won), n)
    gap = abs(share - 0.5)
    needed = None if gap < _LEAST_GAP else round((Z + _POWER) ** 2 * share * (1 - share) / gap**2)
    return Standing(share, low, high, n, max(needed, n + 1) if needed is not None else None)
