"""Group relative policy optimisation on TRL's GRPOTrainer: an answer counts by how much better it is than the others
to the same prompt, token by token, with PPO's clipping and no value head.

Distance to the reference is part of the loss. Papers: Shao et al. 2024, "DeepSeekMath", for the method; Yu et al. 2025,
"DAPO", and Liu et al. 2025, "Understanding R1-Zero-Like Training" (Dr. GRPO), for the losses.
"""

from typing import Any, Literal

from pydantic import Field

from rlft_gui.domain.dataset import ANY_PROMPTS
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.memory import learning_from_answers
from rlft_gui.stages._shared.needs import needs_of_rewards
from rlft_gui.stages._shared.online_rl import METRICS, OWN_METRICS, Online, OnlineSettings, run_online


class GRPOSettings(OnlineSettings):
    loss: Literal["dapo", "grpo", "bnpo", "dr_grpo"] = Field(
        "dapo",
        title="Loss",
        description="How tokens are averaged. Dapo: over all tokens of a step. Bnpo: over those of a forward pass. "
        "Grpo: first within each answer, which favours short good and long bad ones. Dr_grpo: by the longest answer's "
        "length, without favour.",
        json_schema_extra={"group": "advanced"},
    )
    scale: Literal["group", "batch", "none"] = Field(
        "group",
        title="Scale",
        description="Divides an answer's lead by the spread of rewards in its group, or in the batch. None, as Dr. GRPO "
        "proposes, does not favour prompts on which answers hardly differ.",
        json_schema_extra={"group": "advanced"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent, data or a reward cannot be used.
        ConstantReward: nothing tells answers apart.
        NotFinite: a reward is infinite or undefined.
        Diverged: the loss became infinite or undefined.
    """
    settings = GRPOSettings.model_validate(recipe.settings)

    def make_trainer(arguments: dict[str, Any], whole: dict[str, Any]) -> Any:
        from trl import GRPOConfig, GRPOTrainer

        class RunTrainer(Online, GRPOTrainer):
            pass

        config = GRPOConfig(**arguments, loss_type=settings.loss, scale_rewards=settings.scale)
        return RunTrainer(args=config, **whole)

    run_online(recipe, reporter, settings, make_trainer)


STAGE = Stage(
    name="grpo",
    title="GRPO",
    about="Draws several answers to each prompt and learns from how they compare.",
    settings=GRPOSettings,
    train=train,
    holds=learning_from_answers,
    data=ANY_PROMPTS,
    produces="policy",
    metrics=METRICS,
    row_needs=needs_of_rewards,
    own_metrics=OWN_METRICS,
)
