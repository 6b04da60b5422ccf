"""How sure a mean over prompts is."""

import pytest

from rlft_gui.training.run.intervals import by_prompt


def test_the_mean_is_of_all_rows_and_the_interval_holds_it() -> None:
    found = by_prompt("m", {str(i): [(float(i % 2), 1.0)] for i in range(40)})
    assert found["m"] == pytest.approx(0.5)
    # The normal approximation's half width is 1.96 · 0.5 / √40 = 0.155.
    assert found["m/low"] == pytest.approx(0.345, abs=0.03)
    assert found["m/high"] == pytest.approx(0.655, abs=0.03)


def test_what_sums_are_over_weighs_them() -> None:
    assert by_prompt("m", {"a": [(2.0, 10.0)], "b": [(9.0, 1.0)]})["m"] == pytest.approx(1.0)


def test_rows_of_one_prompt_are_no_independent_witnesses() -> None:
    alone = by_prompt("m", {str(i): [(float(i % 2), 1.0)] for i in range(8)})
    copied = by_prompt("m", {str(i): [(float(i % 2), 1.0)] * 9 for i in range(8)})
    assert copied == pytest.approx(alone)


def test_a_share_stays_a_share_and_few_prompts_tell_nothing_of_how_sure_it_is() -> None:
    nearly = by_prompt("m", {str(i): [(float(i > 0), 1.0)] for i in range(20)})
    assert nearly["m/high"] <= 1.0
    assert by_prompt("m", {"a": [(1.0, 1.0)]}) == {"m": 1.0}
    assert by_prompt("m", {name: [(1.0, 1.0)] for name in "abcd"}) == {"m": 1.0}


def test_the_same_numbers_give_the_same_interval() -> None:
    shares = {str(i): [(i / 7, 1.0)] for i in range(9)}
    assert by_prompt("m", shares) == by_prompt("m", shares)
