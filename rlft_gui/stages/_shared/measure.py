"""By what a pipeline is judged: held-out prompts, and what scores answers to them. Said once, alike for all its stages."""

from typing import Any, ClassVar

from pydantic import Field, field_validator

from rlft_gui.stages._shared.settings import BASIC, JudgeSettings, checked_terms, terms_apart


class MeasureSettings(JudgeSettings):
    """All of it may be left out: then a share of each stage's own prompts is held out, and what scores answers is what
    the stage learns from, if it learns from rewards."""

    #: What rlft_gui.training.rewards.build also asks of those who train on a reward.
    veto: ClassVar[str] = ""
    veto_below: ClassVar[float] = 0.0
    veto_penalty: ClassVar[float] = 0.0

    held_out: str = Field(
        "",
        title="Held-out prompts",
        description="Rows that nothing is trained on; without any, a share of each stage's own prompts. At each look "
        "at most 64 are read and 32 answered, fewer of a large model.",
        json_schema_extra={**BASIC, "control": "held_out"},
    )
    rewards: dict[str, float] = Field(
        default_factory=dict,
        title="Answers are scored by",
        description="Terms with their weights, as for rewards: format:json, length:1-20, reward_model, judge and so on. "
        "Each is a curve of its own.",
        json_schema_extra={**BASIC, "control": "rewards"},
    )
    reward_model: str = Field(
        "",
        title="Reward model",
        description="A finished reward model run (RUN or RUN@step) on the same base, for the term reward_model.",
        json_schema_extra={**BASIC, "control": "reward_model", "needs": [["rewards", "reward_model"]]},
    )
    judge_patience: int = Field(
        1,
        ge=1,
        le=1_440,
        title="Judge's patience",
        description="Minutes to go on asking a judge that fails or is slow. The run goes on without its points.",
        json_schema_extra={**BASIC, "needs": [["rewards", "judge"]]},
    )

    @field_validator("rewards", mode="before")
    @classmethod
    def _terms_apart(cls, rewards: Any) -> Any:
        return terms_apart(rewards)

    @field_validator("rewards")
    @classmethod
    def _known_terms(cls, rewards: dict[str, float]) -> dict[str, float]:
        if "gold" in checked_terms(rewards):
            raise ValueError(
                "The gold score is about Lantern's own world, and Lantern's suite measures it in every run on Lantern. "
                "Leave it out, or name another term."
            )
        return rewards
