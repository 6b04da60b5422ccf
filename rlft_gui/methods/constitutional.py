"""Constitutional AI: the model criticises and revises its own answers by principles and imitates the revisions; then
its own preferences by principle train it further. The second phase can be turned off.

Paper: Bai et al. 2022, "Constitutional AI: Harmlessness from AI Feedback" (SL-CAI, then RL-CAI).
"""

from typing import Literal

from pydantic import Field

from rlft_gui.methods._base import Method, MethodOptions, StageLink
from rlft_gui.methods._look import Look


class ConstitutionalOptions(MethodOptions):
    second_phase: Literal["dpo", "ppo", "none"] = Field(
        "dpo",
        title="Second phase",
        description="What learns from the model's preferences by principle: DPO, or a reward model and PPO. none ends "
        "after imitating the revisions.",
        json_schema_extra={"group": "basic"},
    )


def links(options: ConstitutionalOptions) -> tuple[StageLink, ...]:
    first = (
        StageLink("critique_revision"),
        StageLink("sft", data=0),
    )
    labels = StageLink("ai_feedback", parent=1, defaults={"by": "constitution"})
    if options.second_phase == "dpo":
        return (*first, labels, StageLink("dpo", parent=1, data=2))
    if options.second_phase == "ppo":
        reward_model = StageLink("reward_model", parent=1, data=2)
        return (*first, labels, reward_model, StageLink("ppo", parent=1, reward=3))
    return first


METHOD = Method(
    name="constitutional",
    title="Constitutional AI",
    look=Look("cai", light="#655B00", dark="#8D8239", shape="M3 .8h6L12 6 9 11.2H3L0 6Z", symbol="hexagon"),
    learns_from="Principles: it criticises and revises its own answers.",
    needs="A constitution, and prompts that tempt the model to break it.",
    costs="Three answers per prompt, then SFT; then labels and DPO.",
    tag="rules, not labels",
    unfolds="critique and revision → SFT → preferences by principle → DPO or PPO",
    you_have="Principles instead of labels",
    links=links,
    options=ConstitutionalOptions,
)
