"""A learning rate that ruins a model: the run ends as diverged, and says which checkpoint is from before that."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import Diverged
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.home import Home
from rlft_gui.stages import stage
from rlft_gui.training.models import checkpoints
from rlft_gui.training.testing import RecordingReporter
from tests.stages.attempts import attempt, recipe, small_dataset

pytestmark = pytest.mark.slow

#: Settings of a dozen steps at the highest learning rate that there is.
HOT: dict[str, dict[str, Any]] = {
    "sft": {"max_steps": 12},
    "dpo": {"max_steps": 12},
    "ppo": {"steps": 12, "rollouts": 8, "max_new_tokens": 16, "rewards": {"length:1-8": 1.0}},
}


def _end(home: Home, name: str, **settings: Any) -> tuple[Diverged, RecordingReporter]:
    tested = stage(name)
    asked = {"log_every": 4, "checkpoint_every": 1, "keep_checkpoints": 20, **HOT[name], **settings}
    made = recipe(tested, "r", small_dataset(home, tested.data[0]), **asked)
    with pytest.raises(Diverged) as found:
        attempt(home, made)
    assert found.value.failure is FailureKind.DIVERGED
    return found.value, RecordingReporter(home.run("r"))


@pytest.mark.parametrize("name", HOT)
def test_a_short_run_that_ruins_its_model_does_not_succeed(tmp_path: Path, name: str) -> None:
    diverged, _ = _end(Home(tmp_path), name, learning_rate=0.1)
    # PPO's very first update leads it too far.
    good = None if name == "ppo" else diverged.good_step
    assert diverged.good_step == good
    kept = "No checkpoint" if good is None else f"Checkpoint {good}, the last good one,"
    assert f"{kept} is from before that" in str(diverged)


def _ruin(patch: pytest.MonkeyPatch, how: Callable[[Any], None], at: int) -> None:
    """Do something to the weights as AdamW or Adam makes its step of that number."""
    import torch

    for kind in (torch.optim.AdamW, torch.optim.Adam):
        step, made = kind.step, [0]

        def ruined(self: Any, *args: Any, _step: Any = step, _made: list[int] = made, **named: Any) -> Any:
            found = _step(self, *args, **named)
            _made[0] += 1
            if _made[0] == at:
                how(self)
            return found

        patch.setattr(kind, "step", ruined)


def _fill(value: float) -> Callable[[Any], None]:
    def fill(optimizer: Any) -> None:
        for group in optimizer.param_groups:
            for weight in group["params"]:
                weight.data.fill_(value)

    return fill


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e30], ids=["NaN", "infinite", "overflowing"])
@pytest.mark.parametrize("name", HOT)
def test_what_the_last_update_ruins_is_never_saved_although_no_loss_has_shown_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    home = Home(tmp_path)
    length = {"steps": 2, "ppo_epochs": 1} if name == "ppo" else {"max_steps": 2}
    _ruin(monkeypatch, _fill(value), at=2)
    diverged, _ = _end(home, name, learning_rate=1e-4, **length)
    assert "The weights that step 2 left compute no numbers any more" in str(diverged)
    assert diverged.good_step == 1
    assert checkpoints.complete_steps(home.run("r")) == [1]
