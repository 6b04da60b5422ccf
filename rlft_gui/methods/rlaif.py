"""Reinforcement learning from AI feedback: a judge labels answers, and what learns from the labels can be chosen.

Imitating the judge's favourites (best-of-n) is offered too, under its own name: it is rejection sampling, not RL.
Paper: Lee et al. 2023, "RLAIF vs. RLHF"; the live route is its d-RLAIF.
"""

from typing import Literal

from pydantic import Field

from rlft_gui.methods._base import Method, MethodOptions, StageLink
from rlft_gui.methods._look import Look


class RLAIFOptions(MethodOptions):
    route: Literal["dpo", "ppo", "best_of_n", "live"] = Field(
        "dpo",
        title="Route",
        description="What learns from the judge. dpo: DPO on its labels. ppo: a reward model on its labels, then PPO. "
        "best_of_n: SFT on its favourites. live: PPO with the judge's own score as reward.",
        json_schema_extra={"group": "basic"},
    )


def links(options: RLAIFOptions) -> tuple[StageLink, ...]:
    warm_up, labels = StageLink("sft", optional=True), StageLink("ai_feedback", parent=0)
    by_judge = {"rewards": {"judge": 1.0}}
    routes: dict[str, tuple[StageLink, ...]] = {
        "dpo": (labels, StageLink("dpo", parent=0, data=1)),
        "ppo": (
            labels,
            StageLink("reward_model", parent=0, data=1),
            StageLink("ppo", parent=0, reward=2),
        ),
        "best_of_n": (
            StageLink("best_of_n", parent=0, defaults=by_judge),
            StageLink("sft", parent=0, data=1, key="imitate"),
        ),
        "live": (StageLink("ppo", parent=0, defaults=by_judge),),
    }
    return (warm_up, *routes[options.route])


METHOD = Method(
    name="rlaif",
    title="RLAIF",
    look=Look("rlaif", light="#832156", dark="#F8C3F6", shape="M6 0l6 6-6 6-6-6Z", symbol="diamond"),
    learns_from="A judge model that compares answers by a rubric.",
    needs="Prompts, and a judge you trust; no human labels.",
    costs="The judge's time, then DPO or PPO.",
    tag="no human labels",
    unfolds="SFT → a judge's labels → DPO, or reward model → PPO, or best-of-n, or PPO on the judge's live score",
    you_have="A good judge model, no labels",
    links=links,
    options=RLAIFOptions,
)
