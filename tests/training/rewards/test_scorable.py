"""Rows that no answer could ever earn a point on."""

from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.reward_terms import parse
from rlft_gui.training.rewards import scorable, unscorable
from rlft_gui.training.rewards.rules import rule
from rlft_gui.training.rewards.scorable import NO_ANSWER, NO_NUMBER, NO_OBJECT


def row(**answer: Any) -> dict[str, Any]:
    return {"prompt": [{"role": "user", "content": "How much?"}], **answer}


@pytest.mark.parametrize("answer", ["1,234", ".5", "1/2", "−3", "1 000", -17, 2.5, "18 apples"])
def test_what_number_can_score_it_scores_when_it_is_said(answer: object) -> None:
    assert unscorable("number", answer) is None
    assert rule(parse("number"))([row(answer=answer)], [f"That makes {answer}."]) == [1]


@pytest.mark.parametrize("answer", ["yes", "", "3 or 4", "1.2.3"])
def test_a_right_answer_that_is_not_one_number_is_told(answer: str) -> None:
    assert unscorable("number", answer) == NO_NUMBER
    assert rule(parse("number"))([row(answer=answer)], [answer]) == [0]


@pytest.mark.parametrize("answer", ["yes", "[1]", "{}", "3"])
def test_a_right_answer_that_is_no_object_with_keys_is_told(answer: str) -> None:
    assert unscorable("json", answer) == NO_OBJECT
    assert rule(parse("json"))([row(answer=answer)], [answer]) == [0]
    assert unscorable("exact", answer) is None


def test_other_terms_need_no_right_answer() -> None:
    assert unscorable("length:1-5", None) is None
    assert unscorable("number", None) == NO_ANSWER.format("number")
    with pytest.raises(InvalidInput, match='no reward "numbr"'):
        unscorable("numbr", "1")


def test_rows_are_left_out_and_counted_by_reason() -> None:
    rows = [row(answer="1234"), row(answer="0.5"), row(answer="yes"), row(), row(answer="no")]
    found = scorable(rows, ("length:1-5", "number", ""))
    assert found.rows == rows[:2]
    assert found.dropped == {NO_NUMBER: 2, NO_ANSWER.format("number"): 1}
    assert scorable(rows, ("random",)).rows == rows
