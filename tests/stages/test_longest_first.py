"""Stages that learn from rows meet the longest in their first two steps. That a run resumes exactly, which order it has
included, the contract suite tries."""

from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.stages import stage
from rlft_gui.training.run.trainers import InRunFolder
from tests.stages.attempts import attempt
from tests.stages.contract import case_recipe

#: Two passes a step: a step's earlier gradients are there in its second.
SETTINGS: dict[str, Any] = {
    "epochs": 2,
    "batch_size": 4,
    "gradient_accumulation": 2,
    "eval_share": 0.0,
    "probe_every": 1000,
    "checkpoint_every": 1000,
}


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Of every forward pass in training, how many tokens its rows have."""
    seen: list[list[int]] = []
    step = InRunFolder.training_step

    def watched(self: Any, model: Any, inputs: Any, *rest: Any, **named: Any) -> Any:
        seen.append(inputs["attention_mask"].sum(dim=1).tolist())
        return step(self, model, inputs, *rest, **named)

    monkeypatch.setattr(InRunFolder, "training_step", watched)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sft", {}),
        ("dpo", {}),
        ("kto", {}),
        ("reward_model", {}),
        ("reward_model", {"data": "lantern:ratings", "objective": "regression", "max_steps": 20}),
    ],
)
def test_the_longest_row_comes_at_the_end_of_the_second_step_and_no_later_one_is_longer(
    name: str, settings: dict[str, Any], home: Home, prepared: None, batches: list[list[int]]
) -> None:
    tested = stage(name)
    attempt(home, case_recipe(tested, f"{name}-{len(settings)}", home, **SETTINGS, **settings))

    longest = [max(rows) for rows in batches]
    assert longest[:4] == sorted(longest[:4])
    assert longest[3] == max(longest)
    in_epoch = len(batches) // 2
    assert min(longest[:4]) >= max(longest[4:in_epoch])
    if not settings:
        epochs = batches[:in_epoch], batches[in_epoch:]
        counted = [sorted(tokens for rows in epoch for tokens in rows) for epoch in epochs]
        assert counted[0] == counted[1], "each epoch has all rows"
    if name in ("sft", "dpo"):
        assert longest[in_epoch : in_epoch + 4] != longest[:4], "later epochs are as ever"
