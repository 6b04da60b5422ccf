"""Best-of-n, also called rejection sampling or RAFT: answer every prompt several times, keep the best by some reward,
and imitate what was kept. It is not reinforcement learning, and often all that is needed.

Papers: Dong et al. 2023, "RAFT"; Touvron et al. 2023, "Llama 2", section 3.2.3, followed there by preference training.
"""

from pydantic import Field

from rlft_gui.methods._base import Method, MethodOptions, StageLink
from rlft_gui.methods._look import Look


class BestOfNOptions(MethodOptions):
    then_dpo: bool = Field(
        False,
        title="Then DPO",
        description="After imitating the best answers, learn from pairs as well.",
        json_schema_extra={"group": "basic"},
    )


def links(options: BestOfNOptions) -> tuple[StageLink, ...]:
    first = (
        StageLink("sft", optional=True),
        StageLink("reward_model", parent=0, optional=True),
        StageLink("best_of_n", parent=0, reward=1),
        StageLink("sft", parent=0, data=2, key="imitate"),
    )
    return (*first, StageLink("dpo", parent=3)) if options.then_dpo else first


METHOD = Method(
    name="best_of_n",
    title="Best-of-n",
    look=Look(
        "bon",
        light="#00A0C1",
        dark="#31B8ED",
        shape="M6 0l1.8 4 4.2.4L8.8 7.3l1 4.3L6 9.3l-3.8 2.3 1-4.3L0 4.4 4.2 4Z",
        symbol="star",
    ),
    learns_from="Its own best answers, chosen by a reward.",
    needs="Prompts, and a reward model, a judge or a rule.",
    costs="Sampling n answers per prompt, then SFT.",
    tag="hard to break",
    unfolds="keep the best of n own answers → SFT, then DPO if you like",
    you_have="A way to score answers",
    links=links,
    options=BestOfNOptions,
)
