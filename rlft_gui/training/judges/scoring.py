"""From comparisons of several answers to one score each, and to the pairs that a preference dataset holds.

An answer's score on a criterion is the mean of its soft labels against every other answer; its score is the mean over
the criteria by their weights. So every number is a probability of winning. No model is asked here.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from rlft_gui.training.judges._base import Judgement

Choice = Literal["best_vs_worst", "best_vs_random", "all"]


@dataclass(frozen=True)
class JudgedPair:
    """Two answers, by their places, and what the judge said of them on one criterion."""

    first: int
    second: int
    criterion: str
    weight: float
    judgement: Judgement


@dataclass(frozen=True)
class Preferred:
    """One pair, by the places of its answers.

    Attributes:
        preference: probability that the chosen answer beats the rejected one.
    """

    chosen: int
    rejected: int
    preference: float


def scores(comparisons: Sequence[JudgedPair], answers: int) -> list[float]:
    """Each answer's mean probability of winning, shape (answers,)."""
    won, weights = [0.0] * answers, [0.0] * answers
    for c in comparisons:
        for place, wins in ((c.first, _wins(c)), (c.second, 1 - _wins(c))):
            won[place] += c.weight * wins
            weights[place] += c.weight
    return [total / weight for total, weight in zip(won, weights, strict=True)]


def preference(comparisons: Sequence[JudgedPair], one: int, other: int) -> float:
    """The probability that `one` beats `other`: the mean over criteria by their weights."""
    own = [c for c in comparisons if {c.first, c.second} == {one, other}]
    wins = sum(c.weight * (_wins(c) if c.first == one else 1 - _wins(c)) for c in own)
    return wins / sum(c.weight for c in own)


def preferred(
    comparisons: Sequence[JudgedPair], answers: int, choice: Choice, least: float, rng: random.Random
) -> list[Preferred]:
    """The pairs to learn from.

    Args:
        choice: which pairs: the best answer with the worst or with another one drawn at random, or all.
        least: pairs with a smaller preference are left out.
    """
    scored = scores(comparisons, answers)
    return [
        Preferred(chosen, rejected, sure)
        for chosen, rejected in _places(scored, choice, comparisons, rng)
        if (sure := preference(comparisons, chosen, rejected)) >= least
    ]


def _places(
    scored: Sequence[float], choice: Choice, comparisons: Sequence[JudgedPair], rng: random.Random
) -> list[tuple[int, int]]:
    if choice == "all":
        return [
            (one, other) if preference(comparisons, one, other) >= 0.5 else (other, one)
            for one, other in combinations(range(len(scored)), 2)
        ]
    ranked = sorted(range(len(scored)), key=lambda place: scored[place], reverse=True)
    best, *others = ranked
    return [(best, others[-1] if choice == "best_vs_worst" else rng.choice(others))]


def _wins(comparison: JudgedPair) -> float:
    return comparison.judgement.first_is_better
