"""Seconds by hand-checked numbers."""

from dataclasses import replace

import pytest

from rlft_gui.training.estimate.duration import Speed, of_step, weight
from rlft_gui.training.estimate.held import Effort, Held, RowLengths, Trained
from tests.training.estimate.test_memory import FULL, LORA, SHAPE

LENGTHS = RowLengths(prompt=10, whole=100, mean=50)
SPEED = Speed(wide=1e6, thin=1e5)


def held(trained: Trained | None, effort: Effort) -> Held:
    return Held(trained, (), (), effort)


def test_an_adapter_goes_there_and_back_for_four_operations_a_parameter_and_a_whole_model_for_six() -> None:
    low, high = of_step(SHAPE, held(LORA, Effort(1, learnt=8)), LENGTHS, SPEED)
    assert low == pytest.approx(4 * 1_000 * 8 * 50 / 1e6 / 0.9)
    assert high == pytest.approx(4 * 1_000 * 8 * 100 / 1e6 / 0.3)
    whole = of_step(SHAPE, held(FULL, Effort(1, learnt=8)), LENGTHS, SPEED)
    assert whole.low == pytest.approx(6 / 4 * low)


def test_a_reference_reads_for_two() -> None:
    low, _ = of_step(SHAPE, held(LORA, Effort(1, learnt=8, read=8)), LENGTHS, SPEED)
    assert low == pytest.approx(6 * 1_000 * 8 * 50 / 1e6 / 0.9)


def test_answers_are_drawn_at_the_speed_of_few_rows_and_may_end_early() -> None:
    low, high = of_step(SHAPE, held(None, Effort(1, drawn=4, answer=40, prompt=10)), LENGTHS, SPEED)
    assert low == pytest.approx(2 * 1_000 * 4 * (10 / 1e6 + 10 / 1e5) / 0.9)
    assert high == pytest.approx(2 * 1_000 * 4 * (10 / 1e6 + 40 / 1e5) / 0.3)


def test_a_step_of_twice_as_many_rows_weighs_twice_as_much() -> None:
    effort = Effort(1, learnt=8, read=8, drawn=4, answer=10)
    twice = replace(effort, learnt=16, read=16, drawn=8)
    assert weight(held(LORA, twice)) == 2 * weight(held(LORA, effort))
