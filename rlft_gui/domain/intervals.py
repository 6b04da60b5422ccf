"""Intervals of shares, for checks, votes and tables alike."""

from math import sqrt

Z = 1.96  #: standard errors on either side of a 95 % interval


def wilson(hits: float, total: int) -> tuple[float, float]:
    """The 95 % interval of a share of `total` (Wilson 1927), 0 to 1. A tie may be half a hit.

    It does not vanish where all went one way.
    """
    share, square = hits / total, Z**2 / total
    middle = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / total + square / (4 * total)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
