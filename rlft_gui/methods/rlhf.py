"""Reinforcement learning from human feedback: an SFT warm-up, a reward model from preferences, then a policy optimised
for its reward with PPO, or with GRPO or RLOO as the simpler, maintained alternatives.

Without the `reward_model` stage, the last stage names a finished reward model run in its setting `reward_model`.
Paper: Ouyang et al. 2022, "Training language models to follow instructions with human feedback".
"""

from typing import Literal

from pydantic import Field

from rlft_gui.methods._base import Method, MethodOptions, StageLink
from rlft_gui.methods._look import Look


class RLHFOptions(MethodOptions):
    optimizer: Literal["ppo", "grpo", "rloo"] = Field(
        "ppo",
        title="Optimiser",
        description="PPO has a value head and is the classic. GRPO and RLOO compare answers to the same prompt instead; "
        "they are simpler and need more answers.",
        json_schema_extra={"group": "basic"},
    )


def links(options: RLHFOptions) -> tuple[StageLink, ...]:
    return (
        StageLink("sft", optional=True),
        StageLink("reward_model", parent=0, optional=True),
        StageLink(options.optimizer, parent=0, reward=1),
    )


METHOD = Method(
    name="rlhf",
    title="RLHF",
    look=Look("rlhf", light="#589A74", dark="#93CE9B", shape="M6 .8 11.6 11H.4Z", symbol="triangle-up"),
    learns_from="A reward model that was trained on pairs.",
    needs="1,000 or more pairs that cover good and bad alike, and an SFT start.",
    costs="Most of all methods: it samples while it trains.",
    tag="most control",
    unfolds="SFT → reward model → PPO, or GRPO or RLOO instead",
    you_have="Pairs, and time to watch the reward",
    links=links,
    options=RLHFOptions,
)
