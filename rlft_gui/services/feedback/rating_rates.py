"""Shares of votes with standard error and interval. Votes on one prompt are no independent witnesses, so prompts are the unit."""

from functools import lru_cache
from math import ceil, sqrt

import numpy as np
import numpy.typing as npt

from rlft_gui.services.feedback.rating_facts import Rate
from rlft_gui.services.feedback.rating_table import Codes, Numbers

RESAMPLES = 1_000
FEW_PROMPTS = 30  #: below this the bootstrap is too narrow, and the exact interval of a share stands instead
_BLOCKS = 1_000
_SEED = 0  #: always the same resamples, so that two looks at the same votes say the same
_Z = 1.959963984540054


def share(won: Numbers, prompt: Codes, weights: Numbers | None = None) -> Rate | None:
    """The mean of shares between 0 and 1 as a percentage; None without any.

    The standard error is that of a ratio of sums over prompts: of one vote a prompt the usual s / √n.
    """
    sums, counts = by_prompt(won, prompt, weights)
    if not len(counts):
        return None
    mean = float(sums.sum() / counts.sum())
    prompts = len(counts)
    has_spread = _has_spread(sums, counts, mean)
    se = _error(sums, counts, mean) if has_spread else None
    low, high = _bootstrap(sums, counts) if prompts >= FEW_PROMPTS and has_spread else _exact(mean, prompts)
    return Rate(
        rate=100 * mean,
        se=None if se is None else 100 * se,
        low=100 * min(low, mean),
        high=100 * max(high, mean),
        n=len(won),
        prompts=prompts,
    )


def mean_points(points: Numbers, prompt: Codes) -> tuple[float, float | None, float | None]:
    """A mean with its 95 % interval: the bootstrap, or the mean ± 1.96 standard errors of few prompts.

    None where all prompts got the same: that a few agree is no certainty.
    """
    sums, counts = by_prompt(points, prompt)
    mean = float(sums.sum() / counts.sum())
    if not _has_spread(sums, counts, mean):
        return mean, None, None
    if len(counts) >= FEW_PROMPTS:
        return mean, *_bootstrap(sums, counts)
    half = _Z * (_error(sums, counts, mean) or 0.0)
    return mean, mean - half, mean + half


def by_prompt(values: Numbers, prompt: Codes, weights: Numbers | None = None) -> tuple[Numbers, Numbers]:
    """Sums and counts of each prompt that has any."""
    if not len(values):
        return np.zeros(0), np.zeros(0)
    counts = np.bincount(prompt, weights)
    sums = np.bincount(prompt, values if weights is None else values * weights)
    there = counts > 0
    return sums[there].astype(float), counts[there].astype(float)


def votes_for(gap: float, half: float, votes: int) -> int | None:
    """About how many votes it takes until a gap of this size leaves its interval; None where there is no gap.

    Args:
        half: half the interval that so many votes gave.
    """
    if abs(gap) < 0.05 or half == 0:
        return None
    needed = votes * (half / gap) ** 2
    step: int = 10 ** max(0, len(str(ceil(needed))) - 2)  # two figures are all that is known
    return ceil(needed / step) * step


def _has_spread(sums: Numbers, counts: Numbers, mean: float) -> bool:
    return not np.allclose(sums, mean * counts)


def _error(sums: Numbers, counts: Numbers, mean: float) -> float | None:
    prompts = len(counts)
    if prompts < 2:
        return None
    left = sums - mean * counts
    return sqrt(prompts / (prompts - 1) * float(left @ left)) / float(counts.sum())


def _bootstrap(sums: Numbers, counts: Numbers) -> tuple[float, float]:
    """A percentile bootstrap over prompts. Thousands of them are drawn in blocks, put together by chance: a block varies as
    the prompts in it, and a thousand tell the spread as well."""
    if len(sums) > _BLOCKS:
        block = np.random.default_rng(_SEED).permutation(len(sums)) % _BLOCKS
        sums, counts = np.bincount(block, sums).astype(float), np.bincount(block, counts).astype(float)
    totals = _drawn(len(sums)).astype(np.float32) @ np.column_stack([sums, counts])
    low, high = np.quantile(totals[:, 0] / totals[:, 1], (0.025, 0.975))
    return float(low), float(high)


@lru_cache(maxsize=32)
def _drawn(size: int) -> npt.NDArray[np.uint8]:
    """How often each place is drawn, in each resample; a megabyte at most."""
    places = np.random.default_rng(_SEED).integers(size, size=(RESAMPLES, size))
    rows = np.arange(RESAMPLES)[:, None] * size
    drawn = np.bincount((places + rows).ravel(), minlength=RESAMPLES * size)
    return drawn.reshape(RESAMPLES, size).astype(np.uint8)


def _exact(mean: float, n: int) -> tuple[float, float]:
    """Clopper and Pearson (1934), of as many votes as there are prompts: four wins of four are no proof."""
    from scipy.special import betaincinv  # a part of SciPy that loads fast, for the first vote waits for it

    won = mean * n
    low = betaincinv(won, n - won + 1, 0.025) if won > 0 else 0.0
    high = betaincinv(won + 1, n - won, 0.975) if won < n else 1.0
    return float(low), float(high)
