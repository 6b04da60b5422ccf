"""PPO: a loop of our own, so what reaches it is caught where it would begin."""

from typing import Any

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.stages._shared.settings import RewardSettings
from tests.stages.cases._base import Case, reached
from tests.stages.cases._online import REWARD_CHANGES


def reaching_ppo(patch: pytest.MonkeyPatch) -> None:
    """The reward is a rule's, whatever was asked; what was asked is caught too."""
    from rlft_gui.stages import ppo as stage
    from rlft_gui.training.ppo.loop import PPO
    from rlft_gui.training.rewards import Context, build

    asked_for: dict[str, Any] = {}

    def build_a_rule(asked: RewardSettings, context: Context) -> Any:
        asked_for.update({name: getattr(asked, name) for name in RewardSettings.model_fields})
        return build(asked.model_copy(update={"rewards": {"length:1-8": 1.0}, "veto": ""}), context)

    def stop_here(ppo: Any, watch: Any, facts: Any, alarms: Any, writer: Any, resume_from: Any) -> None:
        adapters = getattr(ppo._policy.model, "peft_config", {})
        reached(
            config=ppo._config,
            adapter=adapters["default"].to_dict() if adapters else None,
            first_row=ppo._rows[0],
            reward=asked_for,
            rhythm=watch._rhythm,
            keep=writer._keep,
            facts=facts,
        )

    patch.setattr(stage, "build", build_a_rule)
    patch.setattr(PPO, "train", stop_here)


CASE = Case(
    stage="ppo",
    data=DataType.DEMONSTRATIONS,
    reaching=reaching_ppo,
    settings={"rewards": {"length:1-8": 1.0}, "rollouts": 4, "max_new_tokens": 16, "max_length": 128},
    three_steps={"steps": 3},
    two_epochs={"steps": 12},
    changes=REWARD_CHANGES | {"gamma": ({}, {"gamma": 0.9}), "lam": ({}, {"lam": 0.5})},
    variants={
        "full": {"tuning": "full", "learning_rate": 1e-4},
        # Two updates per epoch, each over two forward passes, some of them ended early.
        "minibatches": {"rollouts": 6, "batch_size": 2, "minibatches": 2, "target_kl": 0.002},
        "checkpointing": {"gradient_checkpointing": True},
    },
)
