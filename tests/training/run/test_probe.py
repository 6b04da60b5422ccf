"""The probe's numbers, by hand, and what it asks."""

from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.training.rows import Rows
from rlft_gui.training.run.probe import ProbeAnswer, is_judged_on_own, prompts_beside, prompts_for, summary


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
        ProbeAnswer("a", tokens=10, is_cut=False, kl=2.0, scores={"gold": 1.0, "tone": 1.0}),
        ProbeAnswer("a", tokens=20, is_cut=True, kl=1.0, scores={"gold": 0.0, "tone": 0.0}),
        ProbeAnswer("b", tokens=30, is_cut=False, kl=0.0, scores={"gold": -1.0, "truthful": -1.0}),
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
    values = summary([ProbeAnswer("held out", tokens=3, is_cut=False, kl=0.5)])
    assert sorted(values) == [
        "probe/kl/seq",
        "probe/kl/token",
        "probe/length",
        "probe/prompts",
        "probe/truncated",
    ]


def test_lantern_answers_its_suite() -> None:
    prompts = prompts_for("lantern", _rows(5, 5), 40, None)
    assert len(prompts) == 40
    assert len({prompt.kind for prompt in prompts}) == 8
    assert prompts[0].score is not None
    assert "gold" in prompts[0].score("Paris.")


def test_other_models_answer_held_out_prompts_of_the_data() -> None:
    prompts = prompts_for("some/model", _rows(100, 100), 1000, None)
    assert len(prompts) == 32
    assert {prompt.kind for prompt in prompts} == {"held out"}
    assert prompts[0].messages[-1]["content"] == "held out 0"


def test_with_nothing_held_out_training_prompts_are_asked_and_called_so() -> None:
    assert {prompt.kind for prompt in prompts_for("some/model", _rows(10, 0), 8, None)} == {"training"}


def _learning(data: str, base: str = "lantern") -> Recipe:
    settings = {"data": data}
    return Recipe(run_id="r", pipeline_id="p", method="sft", stage="sft", base=base, settings=settings)


def test_lantern_answers_held_out_prompts_of_own_data_beside_its_suite(tmp_path: Path) -> None:
    assert is_judged_on_own(_learning("d-b5cee2e5d3"), _rows(100, 100), Home(tmp_path))
    beside = prompts_beside(_learning("d-b5cee2e5d3"), _rows(100, 100), 120, None)
    assert [prompt.kind for prompt in beside] == ["held out"] * 32
    assert {prompt.score for prompt in beside} == {None}
    assert beside[0].messages[-1]["content"] == "held out 0"


def test_nothing_is_asked_beside_on_other_models_which_are_asked_it_anyway() -> None:
    assert prompts_beside(_learning("d-b5cee2e5d3", base="some/model"), _rows(9, 9), 120, None) == ()


def test_built_in_data_judges_nothing_unless_somebody_says_so_and_nothing_held_out_never_does(
    tmp_path: Path,
) -> None:
    home, built_in = Home(tmp_path), _learning("lantern:demonstrations")
    assert not is_judged_on_own(built_in, _rows(9, 9), home)
    named = built_in.model_copy(update={"measure": {"rewards": {"length:1-5": 1}}})
    assert is_judged_on_own(named, _rows(9, 9), home)
    assert not is_judged_on_own(_learning("d-b5cee2e5d3"), _rows(9, 0), home)


@pytest.mark.parametrize(("data", "is_own"), [("d-b5cee2e5d3", True), ("lantern:prompts", False)])
def test_rows_that_runs_made_are_own_if_they_were_made_of_own_data(
    tmp_path: Path, data: str, is_own: bool
) -> None:
    home = Home(tmp_path)
    for run_id, takes in (("labels", "run:samples"), ("samples", data)):
        home.run(run_id).path.mkdir(parents=True)
        home.run(run_id).recipe.write_text(_learning(takes).model_dump_json())
    assert is_judged_on_own(_learning("run:labels"), _rows(9, 9), home) == is_own
