"""Which rows reward models learn from, and how rows that say nothing are refused. Without torch."""

from math import isnan
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.reward_model.feedback import Pairs, Ratings


def pair(chosen: str, rejected: str, **others: Any) -> dict[str, Any]:
    return {**answered("chosen", chosen), **answered("rejected", rejected), **others}


def rated(**scores: float) -> dict[str, Any]:
    return {**answered("completion", "Yes."), "scores": scores}


def answered(column: str, text: str) -> dict[str, Any]:
    return {
        "prompt": [{"role": "user", "content": "Is it?"}],
        column: [{"role": "assistant", "content": text}],
    }


def test_pairs_of_the_same_answer_are_left_out_and_counted() -> None:
    feedback = Pairs(centering=0.01)
    rows = [pair("a", "a"), pair("a", "b", source="sft", margin=0.5), pair("c", "d", preference=0.8)]
    assert feedback.arrange(rows) == (rows[1:], {"both answers are the same": 1})
    assert feedback.facts == {
        "sources": "sft 1",
        "margins": "1 of 2 pairs",
        "soft labels": "1 of 2 pairs",
    }


def test_where_no_pair_differs_all_are_counted() -> None:
    arranged = Pairs(centering=0.01).arrange([pair("a", "a"), pair("b", "b")])
    assert arranged == ([], {"both answers are the same": 2})


def test_rows_of_the_other_kind_are_a_sentence() -> None:
    with pytest.raises(InvalidInput, match="Bradley-Terry learns from pairs"):
        Pairs(centering=0.01).arrange([rated(safety=1)])
    with pytest.raises(InvalidInput, match="learns from ratings"):
        Ratings(("safety",)).arrange([pair("a", "b")])


def test_what_a_pair_does_not_say_is_no_margin_and_a_sure_label() -> None:
    examples = Pairs(centering=0.01).examples([pair("a", "b")], lambda row, column: [len(column)])
    assert examples == [{"chosen_ids": [6], "rejected_ids": [8], "margin": 0.0, "preference": 1.0}]


def test_ratings_are_z_scored_by_attribute_and_gaps_stay_gaps() -> None:
    feedback = Ratings(("helpfulness", "safety"))
    rated_rows = [rated(helpfulness=1, safety=2), rated(helpfulness=5, safety=4), rated(safety=3)]
    rows, _ = feedback.arrange(rated_rows)
    first, second, third = (
        example["ratings"] for example in feedback.examples(rows, lambda row, column: [1])
    )
    # 2, 4 and 3 have mean 3 and deviation √(2/3); 1 and 5 have mean 3 and deviation 2.
    assert first == pytest.approx([-1.0, -1 / (2 / 3) ** 0.5])
    assert second == pytest.approx([1.0, 1 / (2 / 3) ** 0.5])
    assert isnan(third[0])
    assert third[1] == 0.0
    assert feedback.facts["ratings"] == "helpfulness 3 ± 2, safety 3 ± 0.82"


def test_regression_learns_the_mean_of_what_a_row_has() -> None:
    feedback = Ratings(())
    rows, _ = feedback.arrange([rated(a=1, b=3), rated(a=4)])
    assert feedback.attributes == ("reward",)
    assert [e["ratings"] for e in feedback.examples(rows, lambda row, column: [1])] == [[-1.0], [1.0]]


def test_rows_that_rate_nothing_wanted_are_left_out_and_counted() -> None:
    feedback = Ratings(("safety",))
    rows = [rated(safety=1), rated(tone=2), rated(safety=2)]
    assert feedback.arrange(rows) == ([rows[0], rows[2]], {"none of the attributes is rated": 1})


def test_constant_ratings_are_a_sentence() -> None:
    with pytest.raises(InvalidInput, match='All 2 ratings of "safety" are 3, so there is nothing to learn'):
        Ratings(("safety", "tone")).arrange([rated(safety=3, tone=1), rated(safety=3, tone=2)])


def test_an_attribute_that_nobody_rates_is_a_sentence() -> None:
    with pytest.raises(InvalidInput, match=r'No row rates "accuracy"\. The ratings are of: safety, tone\.'):
        Ratings(("accuracy",)).arrange([rated(safety=3, tone=1), rated(safety=1, tone=2)])
