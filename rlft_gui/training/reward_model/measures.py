"""What is measured of a reward model on answers it was not trained on. Plain numbers, no torch."""

from collections.abc import Sequence
from math import exp, isclose, sqrt
from statistics import fmean

_BINS = 10  #: of confidence, from 0.5 to 1


def accuracy(leads: Sequence[float]) -> float:
    """Share of pairs whose chosen answer leads; a tie counts half, as a coin would."""
    return fmean(1.0 if lead > 0 else 0.5 if lead == 0 else 0.0 for lead in leads)


def accuracy_by_source(leads: Sequence[float], sources: Sequence[str]) -> dict[str, float]:
    """Accuracy for each source of pairs; "" stands for pairs that do not say, and is left out."""
    return {
        source: accuracy([lead for lead, own in zip(leads, sources, strict=True) if own == source])
        for source in sorted(set(sources))
        if source
    }


def calibration_error(leads: Sequence[float]) -> float:
    """Expected calibration error of σ(lead): how far confidence is from accuracy, the mean over pairs.

    A pair's confidence is the probability of the answer that leads. Pairs go into ten bins of equal width; each bin
    weighs as many as it has (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    """
    bins: dict[int, list[float]] = {}
    for lead in leads:
        bins.setdefault(min(_BINS - 1, int((_confidence(lead) - 0.5) * 2 * _BINS)), []).append(lead)
    return sum(
        len(inside) * abs(accuracy(inside) - fmean(map(_confidence, inside))) for inside in bins.values()
    ) / len(leads)


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's correlation: Pearson's of the ranks, ties sharing theirs. None where there is nothing to
    rank, or one side never differs."""
    if not first:
        return None
    ranks = _ranks(first), _ranks(second)
    means = fmean(ranks[0]), fmean(ranks[1])
    away = [[rank - mean for rank in side] for side, mean in zip(ranks, means, strict=True)]
    norms = [sqrt(sum(value * value for value in side)) for side in away]
    if isclose(norms[0] * norms[1], 0.0):
        return None
    return sum(a * b for a, b in zip(*away, strict=True)) / (norms[0] * norms[1])


def _confidence(lead: float) -> float:
    return 1 / (1 + exp(-min(abs(lead), 700.0)))


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 0; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2
        start = end + 1
    return ranks
