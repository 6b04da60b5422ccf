"""Soft labels, worked out by hand."""

from collections.abc import Sequence

import pytest

from rlft_gui.training.judges import JudgedAnswer, Pair, Verdict, both_orders
from rlft_gui.training.judges._base import averaged
from tests.training.judges.pairs import PAIR


class Scripted:
    """Says the next number at every pair, and remembers what it was shown."""

    can_rate = False

    def __init__(self, *said: float) -> None:
        self._said = list(said)
        self.shown: list[Pair] = []

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        self.shown += pairs
        return [Verdict(self._said.pop(0), "because") for _ in pairs]

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        raise AssertionError


def test_both_orders_are_averaged_into_a_soft_label() -> None:
    # Shown first, the answer wins with 0.9; shown second, the other one wins with 0.4, so it wins with 0.6.
    judgement = averaged(Verdict(0.9, "kinder"), Verdict(0.4, "ruder"))
    assert judgement.first_is_better == pytest.approx(0.75)
    assert judgement.is_consistent
    assert judgement.shown_first_is_better == pytest.approx(0.65)
    assert judgement.rationale == "kinder"


def test_a_judge_that_only_goes_by_place_gives_a_coin_toss() -> None:
    judgement = averaged(Verdict(0.95), Verdict(0.95))
    assert judgement.first_is_better == pytest.approx(0.5)
    assert not judgement.is_consistent
    assert judgement.shown_first_is_better == pytest.approx(0.95)


def test_an_undecided_order_is_not_consistent() -> None:
    assert not averaged(Verdict(0.5), Verdict(0.1)).is_consistent


def test_every_pair_is_asked_as_it_is_and_swapped() -> None:
    judge = Scripted(0.9, 0.2, 0.4, 0.6)
    other = Pair(PAIR.prompt, "x", "y", PAIR.question)
    judged = both_orders(judge, [PAIR, other])
    assert [(pair.first, pair.second) for pair in judge.shown] == [
        (PAIR.first, PAIR.second),
        ("x", "y"),
        (PAIR.second, PAIR.first),
        ("y", "x"),
    ]
    assert [judgement.first_is_better for judgement in judged] == pytest.approx([0.75, 0.3])
