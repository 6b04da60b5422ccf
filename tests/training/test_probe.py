"""The probe's numbers, by hand, and what it asks."""

import pytest

from rlft_gui.training.probe import Answer, prompts_for, summary
from rlft_gui.training.rows import Rows


def _rows(train: int, held_out: int) -> Rows:
    def row(text: str) -> dict[str, object]:
        return {"prompt": [{"role": "user", "content": text}], "completion": []}

    return Rows(
        train=tuple(row(f"train {i}") for i in range(train)),
        held_out=tuple(row(f"held out {i}") for i in range(held_out)),
        longest=64,
        cut=0,
        dropped={},
    )


def test_means_are_over_prompts_and_kl_per_token_over_tokens() -> None:
    answers = [
        Answer("a", tokens=10, is_cut=False, kl=2.0, scores={"gold": 1.0, "tone": 1.0}),
        Answer("a", tokens=20, is_cut=True, kl=1.0, scores={"gold": 0.0, "tone": 0.0}),
        Answer("b", tokens=30, is_cut=False, kl=0.0, scores={"gold": -1.0, "truthful": -1.0}),
    ]
    values = summary(answers)
    assert values["probe/kl/seq"] == pytest.approx(1.0)
    assert values["probe/kl/token"] == pytest.approx(3 / 60)
    assert values["probe/length"] == pytest.approx(20)
    assert values["probe/truncated"] == pytest.approx(1 / 3)
    assert values["probe/gold"] == pytest.approx(0.0)
    # The standard deviation of 1, 0, -1 is 1.
    assert values["probe/gold/high"] == pytest.approx(1.96 / 3**0.5)
    assert values["probe/gold/low"] == pytest.approx(-1.96 / 3**0.5)
    assert values["probe/kind/a"] == pytest.approx(0.5)
    assert values["probe/score/tone"] == pytest.approx(0.5)
    assert values["probe/score/truthful"] == pytest.approx(-1.0)


def test_without_scores_there_is_no_gold() -> None:
    values = summary([Answer("held out", tokens=3, is_cut=False, kl=0.5)])
    assert sorted(values) == ["probe/kl/seq", "probe/kl/token", "probe/length", "probe/truncated"]


def test_lantern_answers_its_suite() -> None:
    prompts = prompts_for("lantern", _rows(5, 5), 40)
    assert len(prompts) == 40
    assert len({prompt.kind for prompt in prompts}) == 8
    assert prompts[0].score is not None
    assert "gold" in prompts[0].score("Paris.")


def test_other_models_answer_held_out_prompts_of_the_data() -> None:
    prompts = prompts_for("some/model", _rows(100, 100), 1000)
    assert len(prompts) == 32
    assert {prompt.kind for prompt in prompts} == {"held out"}
    assert prompts[0].messages[-1]["content"] == "held out 0"


def test_with_nothing_held_out_training_prompts_are_asked_and_called_so() -> None:
    assert {prompt.kind for prompt in prompts_for("some/model", _rows(10, 0), 8)} == {"training"}
