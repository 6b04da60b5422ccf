"""What is measured of reward models, worked out by hand."""

from math import exp, log

import pytest

from rlft_gui.training.reward_model.measures import (
    accuracy,
    accuracy_by_source,
    calibration_error,
    rank_correlation,
)


def test_accuracy_is_the_share_of_leads_and_a_tie_is_half_a_hit() -> None:
    assert accuracy([0.1, 2.0, -1.0, 0.0]) == 2.5 / 4


def test_accuracy_is_told_by_source_and_not_for_pairs_without_one() -> None:
    leads, sources = [1.0, -1.0, 1.0, 1.0], ["sft", "sft", "base", ""]
    assert accuracy_by_source(leads, sources) == {"base": 1.0, "sft": 0.5}


def log_odds(probability: float) -> float:
    return log(probability / (1 - probability))


def test_calibration_error_is_the_gap_of_each_bin_weighed_by_its_pairs() -> None:
    # Confidence 0.72 twice, once right: gap 0.22. Confidence 0.96 twice, both right: gap 0.04.
    leads = [log_odds(0.72), -log_odds(0.72), log_odds(0.96), log_odds(0.96)]
    assert calibration_error(leads) == pytest.approx((2 * 0.22 + 2 * 0.04) / 4)


def test_a_calibrated_model_has_no_calibration_error() -> None:
    lead = log_odds(0.75)
    assert calibration_error([lead, lead, lead, -lead]) == pytest.approx(0.0)
    assert calibration_error([0.0, 0.0]) == 0.0


def test_sure_and_wrong_is_the_largest_calibration_error_and_huge_leads_do_not_overflow() -> None:
    assert calibration_error([-1e4]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([1, 2, 3, 4], [10, 20, 30, 40], 1.0),
        ([1, 2, 3, 4], [exp(-x) for x in range(4)], -1.0),
        # Differences of ranks 1, 1, 1, 1, 0: 1 - 6 * 4 / (5 * 24).
        ([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8),
        # Ties share a rank: 0, 1.5, 1.5, 3 against 0, 1, 2, 3 is 4.5 / sqrt(4.5 * 5).
        ([1, 2, 2, 3], [1, 2, 3, 4], 4.5 / (4.5 * 5) ** 0.5),
    ],
)
def test_rank_correlation(first: list[float], second: list[float], expected: float) -> None:
    assert rank_correlation(first, second) == pytest.approx(expected)


def test_without_any_difference_there_is_no_correlation() -> None:
    assert rank_correlation([1.0, 1.0], [1.0, 2.0]) is None


def test_where_nobody_rated_there_is_no_correlation() -> None:
    assert rank_correlation([], []) is None
