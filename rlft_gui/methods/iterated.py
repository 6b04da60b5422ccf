"""Iterated rounds: sample from the newest policy, have the answers labelled, train on the labels, and again.

With DPO this is online DPO in rounds (Xiong et al. 2023; Dong et al. 2024, "RLHF Workflow"); with PPO it is iterated
RLHF (Bai et al. 2022, "Training a Helpful and Harmless Assistant", section 4.5). The labels are a judge's; a round's
prompts go on where the round before ended.
"""

from typing import Literal

from pydantic import Field

from rlft_gui.methods._base import Method, MethodOptions, StageLink
from rlft_gui.methods._look import Look


class IteratedOptions(MethodOptions):
    rounds: int = Field(
        2,
        ge=1,
        le=10,
        title="Rounds",
        description="How often to sample, label and train.",
        json_schema_extra={"group": "basic"},
    )
    learner: Literal["dpo", "ppo"] = Field(
        "dpo",
        title="Learner",
        description="What learns from each round's labels: DPO, or a reward model and PPO.",
        json_schema_extra={"group": "basic"},
    )


def links(options: IteratedOptions) -> tuple[StageLink, ...]:
    plan = [StageLink("sft", optional=True)]
    policy = 0
    for number in range(options.rounds):
        here = len(plan)
        plan += [
            StageLink("sample", parent=policy, round=number),
            StageLink("ai_feedback", parent=policy, data=here, round=number),
        ]
        if options.learner == "ppo":
            plan.append(StageLink("reward_model", parent=policy, data=here + 1, round=number))
            plan.append(StageLink("ppo", parent=policy, reward=here + 2, round=number))
        else:
            plan.append(StageLink("dpo", parent=policy, data=here + 1, round=number))
        policy = len(plan) - 1
    return tuple(plan)


METHOD = Method(
    name="iterated",
    title="Iterated rounds",
    look=Look(
        "iterated",
        light="#0B6E63",
        dark="#3CB8A4",
        shape="M6 .4 11.8 4.7 9.6 11.4H2.4L.2 4.7Z",
        symbol="pentagon",
    ),
    learns_from="Labels on its own newest answers, round by round.",
    needs="Prompts, and a judge.",
    costs="Each round costs one sampling, one labelling and one training.",
    tag="fresh labels",
    unfolds="sample → label → train, N times",
    you_have="A judge, and labels that went stale",
    links=links,
    options=IteratedOptions,
)
