"""Which checkpoints stay."""

import math

import pytest

from rlft_gui.domain.keeping import Keep, best_of, kept

STEPS = (10, 20, 30, 40, 50)


def test_the_newest_the_best_and_every_nth_stay() -> None:
    gold = {"probe/gold": {0: 0.1, 20: 0.9, 40: 0.5}}
    assert kept(STEPS, Keep(newest=2, best=False), gold) == {40, 50}
    assert kept(STEPS, Keep(newest=2), gold) == {20, 40, 50}
    assert kept(STEPS, Keep(newest=1, every=30), gold) == {20, 30, 50}
    assert kept(STEPS, Keep(newest=0), gold) == {20}
    assert kept((), Keep(), gold) == frozenset()


def test_a_checkpoint_goes_by_the_look_before_it_and_the_nearest_one_is_meant() -> None:
    assert best_of(STEPS, {"probe/gold": {0: 0.9, 25: 0.2}}) == 10
    assert best_of(STEPS, {"probe/gold": {0: 0.1, 25: 0.2}}) == 30
    assert best_of(STEPS, {"probe/gold": {60: 1.0}}) is None, "it was measured after all of them"


def test_of_looks_that_came_out_alike_the_later_one_counts() -> None:
    assert best_of(STEPS, {"probe/gold": {10: 0.5, 30: 0.5}}) == 30


def test_own_data_is_looked_at_before_the_suite_and_a_loss_is_to_be_small() -> None:
    assert best_of(STEPS, {"held/loss": {10: 2.0, 20: 1.0, 30: 3.0}, "probe/gold": {30: 1.0}}) == 20
    assert best_of(STEPS, {"held/accuracy": {10: 0.9}, "held/loss": {20: 0.1}}) == 10
    assert best_of(STEPS, {"eval/pref/accuracy": {40: 0.9}}) == 40


def test_without_a_measure_and_where_it_is_no_number_there_is_no_best() -> None:
    assert best_of(STEPS, {"loss": {10: 0.1}}) is None
    assert best_of(STEPS, {"probe/gold": {10: math.nan, 20: 0.1}}) == 20
    assert kept(STEPS, Keep(newest=1), {}) == {50}


@pytest.mark.parametrize(
    ("rule", "made", "most"),
    [
        (Keep(newest=3, best=True), 20, 4),
        (Keep(newest=3, best=False), 20, 3),
        (Keep(newest=3), 2, 2),
        (Keep(newest=1, best=False, every=100), 20, 11),  # saved each 50 steps: each second one
        (Keep(newest=1, best=False, every=75), 20, 7),  # 150, 300 …: where both meet
    ],
)
def test_how_many_stay_at_most(rule: Keep, made: int, most: int) -> None:
    assert rule.most(made, between=50) == most
