"""Scores and pairs, worked out by hand for three answers."""

import random

import pytest

from rlft_gui.training.judges import Judgement
from rlft_gui.training.judges.scoring import Choice, JudgedPair, preference, preferred, scores


def compared(first: int, second: int, wins: float, criterion: str = "c", weight: float = 1.0) -> JudgedPair:
    return JudgedPair(first, second, criterion, weight, Judgement(wins, True, 0.5))


#: 0 beats 1 with 0.8 and 2 with 0.6; 1 loses to 2 with 0.3.
THREE = (compared(0, 1, 0.8), compared(0, 2, 0.6), compared(1, 2, 0.3))


def pairs(choice: Choice, least: float = 0.5, seed: int = 0) -> list[tuple[int, int]]:
    return [(p.chosen, p.rejected) for p in preferred(THREE, 3, choice, least, random.Random(seed))]


def test_a_score_is_the_mean_probability_of_winning() -> None:
    # 0: (0.8 + 0.6) / 2; 1: (0.2 + 0.3) / 2; 2: (0.4 + 0.7) / 2.
    assert scores(THREE, 3) == pytest.approx([0.7, 0.25, 0.55])


def test_criteria_count_by_their_weights() -> None:
    two = (compared(0, 1, 0.8, "kind", weight=1.0), compared(0, 1, 0.2, "true", weight=3.0))
    assert scores(two, 2) == pytest.approx([0.35, 0.65])
    assert preference(two, 0, 1) == pytest.approx(0.35)
    assert preference(two, 1, 0) == pytest.approx(0.65)


def test_the_best_meets_the_worst() -> None:
    (found,) = preferred(THREE, 3, "best_vs_worst", 0.5, random.Random(0))
    assert (found.chosen, found.rejected) == (0, 1)
    assert found.preference == pytest.approx(0.8)


def test_the_best_meets_another_one_at_random() -> None:
    assert {pair for seed in range(20) for pair in pairs("best_vs_random", seed=seed)} == {(0, 1), (0, 2)}


def test_all_pairs_have_the_likelier_winner_first() -> None:
    assert pairs("all") == [(0, 1), (0, 2), (2, 1)]


def test_pairs_that_the_judge_is_not_sure_of_are_left_out() -> None:
    assert pairs("all", least=0.65) == [(0, 1), (2, 1)]
    assert pairs("best_vs_worst", least=0.85) == []


def test_a_best_answer_that_loses_to_the_worst_makes_no_pair() -> None:
    # 0 has (0.99 + 0.99 + 0.45) / 3 = 0.81 and 3 has (0.55 + 0.05 + 0.05) / 3 = 0.22, yet 3 beats 0.
    four = (
        *(compared(0, 1, 0.99), compared(0, 2, 0.99), compared(0, 3, 0.45)),
        *(compared(1, 2, 0.5), compared(1, 3, 0.95), compared(2, 3, 0.95)),
    )
    assert scores(four, 4) == pytest.approx([0.81, 0.48667, 0.48667, 0.21667], abs=1e-4)
    assert preferred(four, 4, "best_vs_worst", 0.5, random.Random(0)) == []
