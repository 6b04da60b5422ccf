"""REINFORCE leave-one-out on TRL's RLOOTrainer: an answer counts by how much better it is than the mean of the others
to the same prompt, as one whole.

Distance to the reference is taken off the reward. Paper: Ahmadian et al. 2024, "Back to Basics: Revisiting REINFORCE
Style Optimization for Learning from Human Feedback in LLMs".
"""

from typing import Any

from pydantic import Field

from rlft_gui.domain.dataset import ANY_PROMPTS
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.memory import learning_from_answers
from rlft_gui.stages._shared.needs import needs_of_rewards
from rlft_gui.stages._shared.online_rl import METRICS, NAMES, OWN_METRICS, Online, OnlineSettings, run_online

#: The advantages of a prompt's answers add up to 0, and before an update all probability ratios are 1: the first loss
#: is 0 whatever there is to learn, though its gradient is not. That is how a policy loss reads, not a falling loss.
_LOSS = {"loss": "policy_loss"}


class RLOOSettings(OnlineSettings):
    samples_per_prompt: int = Field(
        4,
        ge=2,
        le=64,
        title="Answers per prompt",
        description="How many answers are drawn to each prompt; each is compared with the mean of the others.",
        json_schema_extra={"group": "basic"},
    )
    beta: float = Field(
        0.05,
        ge=0,
        le=10,
        title="Beta",
        description="Reward taken off per nat that an answer lies from the reference. 0 does without a reference.",
        json_schema_extra={"group": "basic"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent, data or a reward cannot be used.
        ConstantReward: nothing tells answers apart.
        NotFinite: a reward is infinite or undefined.
        Diverged: the loss became infinite or undefined.
    """
    settings = RLOOSettings.model_validate(recipe.settings)

    def make_trainer(arguments: dict[str, Any], whole: dict[str, Any]) -> Any:
        from trl import RLOOConfig, RLOOTrainer

        class RunTrainer(Online, RLOOTrainer):
            pass

        return RunTrainer(args=RLOOConfig(**arguments), **whole)

    run_online(recipe, reporter, settings, make_trainer, {**NAMES, **_LOSS})


STAGE = Stage(
    name="rloo",
    title="RLOO",
    about="Draws several answers to each prompt and compares each with the mean of the others.",
    settings=RLOOSettings,
    train=train,
    holds=learning_from_answers,
    data=ANY_PROMPTS,
    produces="policy",
    metrics=tuple(_LOSS.get(name, name) for name in METRICS),
    row_needs=needs_of_rewards,
    own_metrics=OWN_METRICS,
)
