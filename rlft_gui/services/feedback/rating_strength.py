"""Bradley-Terry (1952): one number for each model, from all pairs at once, with a baseline at 0.

A logistic regression (statsmodels) whose errors are robust to votes on one prompt hanging together. Models that no chain of
votes connects have no common scale, so each such island gets its own.
"""

import warnings
from collections import Counter
from collections.abc import Iterable
from math import log
from typing import NamedTuple

import numpy as np

from rlft_gui.services.feedback.rating_table import Codes, Numbers, Table

POINTS = 400 / log(10)  #: of one nat, so that 400 points are odds of ten to one
_FEWEST_PROMPTS = 3  #: that an interval is told from
_CLUSTERS = 1_000
_NO_WIDTH = 1e-6  #: points; votes that show no spread say nothing of how sure they are


class Strength(NamedTuple):
    """In points; the interval is None where there are too few prompts, or votes show no spread."""

    points: float
    low: float | None
    high: float | None


class Strengths(NamedTuple):
    """Of an island.

    Attributes:
        is_held: some model won, or lost, every vote against the others, which has no finite answer; so each two
            models that were compared get one more vote, a tie.
        ahead: of the two strongest, the first over the second.
    """

    of: dict[int, Strength]
    is_held: bool
    ahead: Strength | None


def islands(table: Table) -> list[list[int]]:
    """Models that a chain of votes connects, the largest group first."""
    return _groups(len(table.models), zip(table.a.tolist(), table.b.tolist(), strict=True))


def strengths(table: Table, island: list[int], baseline: int) -> Strengths:
    """The strength of each model of an island, against its baseline."""
    if len(island) < 2:
        return Strengths({baseline: Strength(0.0, 0.0, 0.0)}, False, None)
    own = table.where(np.isin(table.a, island) & np.isin(table.b, island))
    first, second, won, weight, cluster = _cells(own)
    is_held = not _is_bounded(first, second, won, island)
    if is_held:
        tied = np.array(sorted(set(zip(first.tolist(), second.tolist(), strict=True))))
        more = len(tied)
        first, second = np.append(first, tied[:, 0]), np.append(second, tied[:, 1])
        won, weight = np.append(won, np.full(more, 0.5)), np.append(weight, np.ones(more))
        cluster = np.append(cluster, cluster.max() + 1 + np.arange(more))
    others = [model for model in island if model != baseline]
    return _fitted(_design(first, second, others), won, weight, cluster, others, baseline, is_held)


def _fitted(
    design: Numbers,
    won: Numbers,
    weight: Numbers,
    cluster: Codes,
    others: list[int],
    baseline: int,
    is_held: bool,
) -> Strengths:
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    told = len(np.unique(cluster)) >= _FEWEST_PROMPTS
    robust = {"cov_type": "cluster", "cov_kwds": {"groups": cluster}, "use_t": True} if told else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that all votes are alike is no fault here
        fit = GLM(won, design, family=Binomial(), var_weights=weight).fit(**robust)

    def strength(of: Numbers) -> Strength:
        points = POINTS * float(of @ fit.params)
        if not told:
            return Strength(points, None, None)
        low, high = (POINTS * float(end) for end in fit.t_test(of).conf_int()[0])
        is_told = np.isfinite([low, high]).all() and high - low > _NO_WIDTH
        return Strength(points, low, high) if is_told else Strength(points, None, None)

    unit = np.eye(len(others))
    found = {baseline: Strength(0.0, 0.0, 0.0)}
    found |= {model: strength(unit[place]) for place, model in enumerate(others)}
    best, next_best = sorted(found, key=lambda model: -found[model].points)[:2]
    places = {model: unit[place] for place, model in enumerate(others)}
    nothing = np.zeros(len(others))
    return Strengths(found, is_held, strength(places.get(best, nothing) - places.get(next_best, nothing)))


def _cells(table: Table) -> tuple[Codes, Codes, Numbers, Numbers, Codes]:
    """Votes on the same two models and the same prompt as one row: first, second, mean share, votes, prompt.

    Thousands of prompts are put together into a thousand by chance, which leaves the errors as they are and the work small.
    """
    low, high = np.minimum(table.a, table.b), np.maximum(table.a, table.b)
    won = np.where(table.a == low, table.won, 1 - table.won)
    prompts = int(table.prompt.max()) + 1
    place = np.random.default_rng(0).permutation(prompts) % min(prompts, _CLUSTERS)
    models = len(table.models)
    key, cell = np.unique((place[table.prompt] * models + low) * models + high, return_inverse=True)
    weight = np.bincount(cell).astype(float)
    return key // models % models, key % models, np.bincount(cell, won) / weight, weight, key // models**2


def _design(first: Codes, second: Codes, others: list[int]) -> Numbers:
    """Shape (cells, models but the baseline): 1 for the first, −1 for the second."""
    models = np.array(others)
    design: Numbers = (first[:, None] == models).astype(float) - (second[:, None] == models).astype(float)
    return design


def _is_bounded(first: Codes, second: Codes, won: Numbers, island: list[int]) -> bool:
    """Whether from each model a chain of wins leads to each other, without which none is strongest by a finite number
    (Ford 1957)."""
    beats = {(int(x), int(y)) for x, y, share in zip(first, second, won, strict=True) if share > 0}
    beats |= {(int(y), int(x)) for x, y, share in zip(first, second, won, strict=True) if share < 1}
    start = island[0]
    lost = {(y, x) for x, y in beats}
    return all(len(_reached(start, edges)) == len(island) for edges in (beats, lost))


def _reached(start: int, edges: Iterable[tuple[int, int]]) -> set[int]:
    nexts: dict[int, list[int]] = {}
    for one, other in edges:
        nexts.setdefault(one, []).append(other)
    found, waiting = {start}, [start]
    while waiting:
        new = [one for one in nexts.get(waiting.pop(), ()) if one not in found]
        found.update(new)
        waiting.extend(new)
    return found


def _groups(models: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    met = Counter(pairs)
    both = {*met, *((second, first) for first, second in met)}
    found: list[list[int]] = []
    for model in range(models):
        if not any(model in group for group in found) and any(model in pair for pair in both):
            found.append(sorted(_reached(model, both)))
    return sorted(found, key=len, reverse=True)
