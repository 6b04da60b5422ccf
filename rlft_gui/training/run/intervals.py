"""How sure a mean over prompts is: a percentile bootstrap over prompts (Efron and Tibshirani 1993, chapter 13)."""

from collections.abc import Mapping, Sequence

RESAMPLES = 1_000
FEW = 5  #: prompts; fewer tell nothing of how sure their mean is, and one would give an interval of no width
_SEED = 0  #: always the same resamples, so that two steps differ by the model alone

#: Of one prompt: a sum and what it is over, e.g. log-probabilities and tokens.
Share = tuple[float, float]


def by_prompt(name: str, shares: Mapping[str, Sequence[Share]]) -> dict[str, float]:
    """The ratio of all sums, and its 95 % interval, as `name`, `name/low` and `name/high`; of few prompts the ratio alone.

    Rows of one prompt are drawn together: they are no independent witnesses.

    Args:
        shares: the rows of each prompt; at least one.
    """
    import numpy as np

    sums = np.array([np.sum(rows, axis=0) for rows in shares.values()], dtype=float)
    mean = sums[:, 0].sum() / sums[:, 1].sum()
    if len(sums) < FEW:
        return {name: float(mean)}
    drawn = np.random.default_rng(_SEED).integers(len(sums), size=(RESAMPLES, len(sums)))
    totals = sums[drawn].sum(axis=1)
    low, high = np.quantile(totals[:, 0] / totals[:, 1], (0.025, 0.975))
    return {name: float(mean), f"{name}/low": float(low), f"{name}/high": float(high)}
