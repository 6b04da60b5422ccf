"""Settings that several stages share, each described once: title, help, bounds and default.

A stage's own settings model inherits what it needs and restates only what differs. No torch here.
"""

import math
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from rlft_gui.domain import judge_names as names
from rlft_gui.domain import reward_terms as terms
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.keeping import Keep
from rlft_gui.domain.reward_text import read_rewards
from rlft_gui.stages._shared.texts import RubricSetting

BASIC: dict[str, Any] = {"group": "basic"}
ADVANCED: dict[str, Any] = {"group": "advanced"}


def learning_rate(default: Any, description: str) -> Any:
    """`...` as default is none. Bounds are wide: what suits depends on the model's size and on what is trained, which `description` says."""
    return Field(
        default, ge=1e-8, le=0.1, title="Learning rate", description=description, json_schema_extra=BASIC
    )


def batch_size(default: int, description: str, *, least: int = 1, extra: dict[str, Any] = BASIC) -> Any:
    """What is worked on at once; `description` says of what so many."""
    return Field(
        default, ge=least, le=512, title="Batch size", description=description, json_schema_extra=extra
    )


def longest_row(description: str) -> Any:
    """Tokens of a row; `description` says what becomes of longer ones."""
    return Field(
        1024, ge=16, le=32_768, title="Longest row", description=description, json_schema_extra=BASIC
    )


class StageSettings(Frozen):
    """Base of every stage's settings: frozen, unknown keys refused, every field with title, help and bounds.

    A field's `json_schema_extra={"group": "advanced"}` closes it away in the wizard. A `"control"` beside it says what
    the wizard offers for a text: "data" (datasets of the stage's types), "reward_model" (runs that trained one),
    "rewards" (terms with weights), "judge", "rubric" and "constitution" (shipped ones, to edit). `"needs"` lists other
    settings of the same stage, if it has them, with the word that their value, or one of their terms, must begin with
    for this one to matter: a judge is asked only where a reward says so.
    """

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """`max_steps: yes` is no number; pydantic would take it for 1."""
        assert info.field_name
        if isinstance(value, bool) and cls.model_fields[info.field_name].annotation in (int, float):
            raise ValueError(f"{'yes' if value else 'no'} is not a number.")
        return value


class StepSettings(StageSettings):
    """How a stage steps through its rows with a trainer of TRL's."""

    data: str = Field(
        title="Data", description="The rows to learn from.", json_schema_extra={**BASIC, "control": "data"}
    )
    learning_rate: float = learning_rate(..., "Size of the update steps.")
    epochs: int = Field(
        1,
        ge=1,
        le=100,
        title="Epochs",
        description="How often every row is seen.",
        json_schema_extra=BASIC,
    )
    batch_size: int = batch_size(8, "Rows per forward pass. More is faster and needs more memory.")
    max_length: int = longest_row(
        "Tokens of prompt and answer together. Longer answers are cut; a row whose prompt alone is as "
        "long is dropped. Both are counted. The model's own limit holds too."
    )
    max_steps: int = Field(
        0,
        ge=0,
        le=1_000_000,
        title="Most steps",
        description="Train for exactly this many steps instead of by epochs. 0 goes by epochs.",
        json_schema_extra=ADVANCED,
    )
    gradient_accumulation: int = Field(
        1,
        ge=1,
        le=256,
        title="Gradient accumulation",
        description="Forward passes per update step. Multiplies the batch size without its memory.",
        json_schema_extra=ADVANCED,
    )
    warmup: float = Field(
        0.1,
        ge=0,
        le=0.5,
        title="Warm-up",
        description="Share of the steps over which the learning rate rises from 0.",
        json_schema_extra=ADVANCED,
    )
    schedule: Literal["linear", "cosine", "constant"] = Field(
        "linear",
        title="Schedule",
        description="How the learning rate falls after the warm-up. Constant does not fall.",
        json_schema_extra=ADVANCED,
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Weight decay",
        description="Pull of the trained weights towards 0 at each step (AdamW).",
        json_schema_extra=ADVANCED,
    )


class AdapterSettings(StageSettings):
    """Which weights a stage trains."""

    tuning: Literal["lora", "full"] = Field(
        "lora",
        title="Tuning",
        description="LoRA trains a small adapter beside the frozen base. Full changes every weight: it needs several "
        "times the memory and about a tenth of the learning rate, and each checkpoint is a whole model.",
        json_schema_extra=ADVANCED,
    )
    lora_rank: int = Field(
        16,
        ge=1,
        le=256,
        title="LoRA rank",
        description="Size of a new adapter. An adapter that is continued keeps its own.",
        json_schema_extra=ADVANCED,
    )
    lora_alpha: int = Field(
        32,
        ge=1,
        le=1024,
        title="LoRA alpha",
        description="Strength of a new adapter: its update is scaled by alpha / rank.",
        json_schema_extra=ADVANCED,
    )
    lora_targets: Literal["all-linear", "attention"] = Field(
        "all-linear",
        title="LoRA targets",
        description="Layers that a new adapter changes: all linear ones, or only those of the attention.",
        json_schema_extra=ADVANCED,
    )
    gradient_checkpointing: bool = Field(
        False,
        title="Gradient checkpointing",
        description="Computes activations twice to save memory. Slower; the result is the same.",
        json_schema_extra=ADVANCED,
    )


class RhythmSettings(StageSettings):
    """How often a stage that trains looks, reports and saves."""

    eval_share: float = Field(
        0.1,
        ge=0,
        le=0.5,
        title="Held-out share",
        description="Share of prompts kept out of training to measure the held-out loss, at most 256 rows. "
        "The same prompts whenever the data is the same.",
        json_schema_extra=ADVANCED,
    )
    checkpoint_every: int = Field(
        50,
        ge=1,
        le=100_000,
        title="Checkpoint every",
        description="Steps between two checkpoints. A run goes on from its last one after a stop or a crash.",
        json_schema_extra=ADVANCED,
    )
    keep_checkpoints: int = Field(
        3,
        ge=1,
        le=100,
        title="Checkpoints kept",
        description="How many of the newest checkpoints stay on disk.",
        json_schema_extra=ADVANCED,
    )
    keep_best: bool = Field(
        True,
        title="Keep the best",
        description="Whether the checkpoint that measured best stays beside the newest: by held-out rows of one's own data, "
        "or by Lantern's suite.",
        json_schema_extra=ADVANCED,
    )
    keep_every: int = Field(
        0,
        ge=0,
        le=100_000,
        title="Keep every",
        description="Checkpoints whose step is a multiple of this stay as well. 0 keeps none for that.",
        json_schema_extra=ADVANCED,
    )
    log_every: int = Field(
        1,
        ge=1,
        le=1_000,
        title="Report every",
        description="Steps that one reported point averages over.",
        json_schema_extra=ADVANCED,
    )
    probe_every: int = Field(
        0,
        ge=0,
        le=10_000,
        title="Probe every",
        description="Steps between two probes. Each answers held-out prompts and measures the held-out loss. 0 goes by the "
        "share below: every 20 steps, or less often where that would take longer.",
        json_schema_extra=ADVANCED,
    )
    probe_share: float = Field(
        0.15,
        gt=0,
        le=1,
        title="Probes' share",
        description="Share of the run's time that probes may take, where they come by themselves. One comes at the start and "
        "one at the end in any case.",
        json_schema_extra=ADVANCED,
    )

    @property
    def keep(self) -> Keep:
        """Which checkpoints stay."""
        return Keep(newest=self.keep_checkpoints, best=self.keep_best, every=self.keep_every)

    probe_prompts: int = Field(
        120,
        ge=8,
        le=1_000,
        title="Probe prompts",
        description="Held-out prompts per probe. More give narrower intervals and take longer. Lantern has 240; "
        "other models answer at most 32 of the data's own, and larger ones as many as take some seconds.",
        json_schema_extra=ADVANCED,
    )


class TrainingSettings(RhythmSettings, AdapterSettings, StepSettings):
    """What every stage on a trainer of TRL's can be told. Stages restate what differs.

    Bases are read from the last to the first, so rows and steps come first in a form.
    """


class SamplingSettings(StageSettings):
    """How a stage draws answers from the model."""

    temperature: float = Field(
        1.0,
        gt=0,
        le=2,
        title="Temperature",
        description="Randomness of the answers. 1 draws from the model as it is.",
        json_schema_extra=ADVANCED,
    )
    max_new_tokens: int = Field(
        256,
        ge=1,
        le=8_192,
        title="Longest answer",
        description="Tokens after which an answer is cut. The model's own limit holds too.",
        json_schema_extra=BASIC,
    )


class JudgeSettings(StageSettings):
    """Who compares answers, by which criteria (rlft_gui.training.judges)."""

    judge: str = Field(
        "base",
        min_length=1,
        title="Judge",
        description="\"base\" is the pipeline's base model; or another model's folder or Hub name; "
        "reward_model:RUN; endpoint:MODEL for an OpenAI-compatible server; or, for lessons, a scripted judge: biased, or "
        "biased:position=1.2,length=0.08,blind=0.3.",
        json_schema_extra={**BASIC, "control": "judge", "needs": [["rewards", "judge"]]},
    )
    judge_url: str = Field(
        "",
        title="Judge's address",
        description="Base address of the server of an endpoint judge, e.g. http://127.0.0.1:8000/v1. Its key is "
        "read from the environment variable RLFT_JUDGE_API_KEY.",
        json_schema_extra={**BASIC, "control": "text", "needs": [["judge", "endpoint:"]]},
    )
    judge_patience: int = Field(
        30,
        ge=1,
        le=1_440,
        title="Judge's patience",
        description="Minutes to go on asking a judge that fails or is slow, ever more seldom, before the run fails.",
        json_schema_extra={**ADVANCED, "needs": [["rewards", "judge"]]},
    )
    rubric: RubricSetting = Field(
        "default",
        title="Rubric",
        description="The criteria by which answers are judged, and how the judge is asked.",
        validate_default=True,
        json_schema_extra={
            **BASIC,
            "control": "rubric",
            "needs": [["rewards", "judge"], ["by", "rubric"]],
        },
    )

    @model_validator(mode="after")
    def _judge_can_be_asked(self) -> Self:
        if names.parse(self.judge).kind != "endpoint" or self.judge_url.startswith(("http://", "https://")):
            return self
        found = f'"{self.judge_url}", which is no address' if self.judge_url else "empty"
        raise ValueError(
            f'The judge "{self.judge}" is behind a server, and judge_url is {found}. Set judge_url to its base address, '
            "e.g. http://127.0.0.1:8000/v1."
        )


#: Far beyond any use, and far from where a sum of terms is infinite.
_HEAVIEST = 1_000_000
_MOST_TERMS = 50  #: each is a curve of its own


def checked_terms(rewards: dict[str, float]) -> dict[str, float]:
    """The terms with their weights, if all are known and finite, and not too many; raises ValueError."""
    if len(rewards) > _MOST_TERMS:
        raise ValueError(f"There are {len(rewards)} rewards, and {_MOST_TERMS} is the most. Leave some out.")
    for name, weight in rewards.items():
        terms.parse(name)
        if not math.isfinite(weight):
            raise ValueError(f'The reward "{name}" weighs {weight}. Give it a finite number as weight.')
        if abs(weight) > _HEAVIEST:
            raise ValueError(
                f'The reward "{name}" weighs {weight:g}. Give it at most {_HEAVIEST:,} as weight.'
            )
    return rewards


def terms_apart(rewards: Any) -> Any:
    """What is no text; raises ValueError. A form's text comes here only where it names a term twice."""
    if not isinstance(rewards, str):
        return rewards
    read_rewards(rewards)
    raise ValueError("Rewards are terms with their weights, as in {number: 1, judge: 0.5}, found a text.")


class RewardSettings(JudgeSettings):
    """What makes an answer good, as a weighted sum of terms (rlft_gui.training.rewards). A judge is only asked if a
    term says so."""

    rewards: dict[str, float] = Field(
        default_factory=lambda: {"reward_model": 1.0},
        min_length=1,
        title="Rewards",
        description="What an answer is worth: the sum of these terms, each times its weight.",
        json_schema_extra={**BASIC, "control": "rewards"},
    )
    reward_model: str = Field(
        "",
        title="Reward model",
        description="A finished reward model run (RUN or RUN@step) on the same base. Empty where the pipeline "
        "trains its own.",
        json_schema_extra={**BASIC, "control": "reward_model"},
    )
    veto: str = Field(
        "",
        title="Veto",
        description="A term that an answer must pass, for safety: below the bound its reward is the veto's penalty, "
        "whatever else it earned. Empty for none.",
        json_schema_extra={**ADVANCED, "control": "reward"},
    )
    veto_below: float = Field(
        0.0,
        ge=-1_000,
        le=1_000,
        title="Veto below",
        description="Score of the veto's term under which an answer is refused.",
        json_schema_extra={**ADVANCED, "needs": [["veto", ""]]},
    )
    veto_penalty: float = Field(
        -1.0,
        ge=-1_000,
        le=0,
        title="Veto penalty",
        description="Reward of a refused answer.",
        json_schema_extra={**ADVANCED, "needs": [["veto", ""]]},
    )

    @field_validator("rewards", mode="before")
    @classmethod
    def _terms_apart(cls, rewards: Any) -> Any:
        return terms_apart(rewards)

    @field_validator("rewards")
    @classmethod
    def _known_terms(cls, rewards: dict[str, float]) -> dict[str, float]:
        if not any(checked_terms(rewards).values()):
            raise ValueError(
                "All rewards weigh 0, so no answer could be better than another. Give one a weight."
            )
        return rewards

    @field_validator("veto")
    @classmethod
    def _known_veto(cls, veto: str) -> str:
        if veto:
            terms.parse(veto)
        return veto


class PolicyRewardSettings(RewardSettings):
    """What a policy learns from: the reward, and what an answer without an end gets instead."""

    missing_eos_reward: float = Field(
        -1.0,
        ge=-1_000,
        le=1_000,
        title="Reward without an end",
        description="An answer cut at the longest length gets this, or its own reward if that is lower. A value above "
        "all rewards leaves cut answers as they are scored.",
        json_schema_extra=ADVANCED,
    )


class GeneratingSettings(SamplingSettings):
    """What every stage that makes rows can be told. It works through prompts, some at a time."""

    data: str = Field(
        title="Prompts",
        description="Where the prompts are taken from; answers beside them are not read.",
        json_schema_extra={**BASIC, "control": "data"},
    )
    prompts: int = Field(
        256,
        ge=1,
        le=1_000_000,
        title="Number of prompts",
        description="How many prompts to work through. A later round goes on where the one before ended.",
        json_schema_extra=BASIC,
    )
    batch_size: int = batch_size(
        16,
        "Prompts worked on at once. More is faster and needs more memory; the rows stay the same, but for "
        "rounding on a GPU.",
        extra=ADVANCED,
    )
