"""The interval of a difference between arms, where its width is known."""

import random
from statistics import stdev

import pytest

from benchmarks.evaluation import Measured, difference


def measured(*gold: float) -> Measured:
    return Measured(tuple(gold), *[0.0] * 7)


def test_prompts_that_all_seeds_share_are_drawn_for_all_of_them_at_once() -> None:
    """What differs by prompt alone is not averaged out by more seeds: the width is that of one seed, not 1/√3 of it."""
    drawn = random.Random(0)
    gold = [drawn.gauss(0.5, 1) for _ in range(100)]
    found = difference([measured(*gold)] * 3, [measured(*[0.0] * 100)] * 3)
    assert found.middle == pytest.approx(sum(gold) / 100)
    assert found.high - found.low == pytest.approx(2 * 1.96 * stdev(gold) / 10, rel=0.05)


def test_seeds_are_drawn_too() -> None:
    """Differences of 0 and 1 by seed: of two seeds, both are drawn alike in half of the cases."""
    found = difference([measured(0.0, 0.0), measured(1.0, 1.0)], [measured(0.0, 0.0)] * 2)
    assert (found.low, found.middle, found.high) == (0.0, 0.5, 1.0)
