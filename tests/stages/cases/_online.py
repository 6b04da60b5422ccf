"""What the cases of stages that draw answers and reward them share."""

from typing import Any

import pytest

from rlft_gui.stages._shared.settings import RewardSettings
from tests.stages.cases._base import Change, Reached, reached, reaching_trl

TINY_ONLINE: dict[str, Any] = {
    "rewards": {"length:1-8": 1.0},
    "samples_per_prompt": 2,
    "max_new_tokens": 16,
    "max_length": 128,
}
REWARD_CHANGES: dict[str, Change] = {
    "judge": ({}, {"judge": "biased"}),
    "judge_url": ({}, {"judge_url": "http://127.0.0.1:1/v1"}),
    "reward_model": ({}, {"reward_model": "some-run"}),
}


def reaching_online(patch: pytest.MonkeyPatch) -> None:
    """As `reaching_trl`, with what the reward was asked to be. It is a rule's, whatever was asked."""
    from rlft_gui.stages._shared import online_rl
    from rlft_gui.training.rewards import Context, build
    from rlft_gui.training.rewards.building import RewardChoice
    from rlft_gui.training.run import trainers

    asked_for: dict[str, Any] = {}
    reaching_trl(patch)
    stop_here, reward_function = trainers.run, online_rl.reward_function

    def build_a_rule(asked: RewardChoice, context: Context) -> Any:
        assert isinstance(asked, RewardSettings)
        asked_for.update({name: getattr(asked, name) for name in RewardSettings.model_fields})
        return build(asked.model_copy(update={"rewards": {"length:1-8": 1.0}, "veto": ""}), context)

    def remembering(total: Any, rows: Any, ends: Any, missing_eos_reward: float) -> Any:
        asked_for["missing_eos_reward"] = missing_eos_reward
        return reward_function(total, rows, ends, missing_eos_reward)

    def stop_with_reward(*arguments: Any) -> None:
        try:
            stop_here(*arguments)
        except Reached as found:
            reached(**found.what, reward=asked_for)

    patch.setattr(online_rl, "build", build_a_rule)
    patch.setattr(online_rl, "reward_function", remembering)
    patch.setattr(trainers, "run", stop_with_reward)
