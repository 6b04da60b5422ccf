"""What a stage is: a settings model, a train function and what it promises. No torch here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter

_BASIC: dict[str, Any] = {"group": "basic"}
_ADVANCED: dict[str, Any] = {"group": "advanced"}


class StageSettings(Frozen):
    """Base of every stage's settings: frozen, unknown keys refused, every field with title, help and bounds.

    A field's `json_schema_extra={"group": "advanced"}` closes it away in the wizard; `{"control": "data"}` lets the
    wizard offer datasets of the stage's data type for it.
    """


class TrainingSettings(StageSettings):
    """What every stage that trains an adapter with gradient steps can be told. Stages restate what differs."""

    data: str = Field(
        title="Data", description="The rows to learn from.", json_schema_extra={**_BASIC, "control": "data"}
    )
    learning_rate: float = Field(
        ge=1e-8,
        le=0.1,
        title="Learning rate",
        description="Size of the update steps.",
        json_schema_extra=_BASIC,
    )
    epochs: int = Field(
        1,
        ge=1,
        le=100,
        title="Epochs",
        description="How often every row is seen.",
        json_schema_extra=_BASIC,
    )
    batch_size: int = Field(
        8,
        ge=1,
        le=512,
        title="Batch size",
        description="Rows per forward pass. More is faster and needs more memory.",
        json_schema_extra=_BASIC,
    )
    max_length: int = Field(
        1024,
        ge=16,
        le=32_768,
        title="Longest row",
        description="Tokens of prompt and answer together. Longer answers are cut; a row whose prompt alone is as "
        "long is dropped. Both are counted. The model's own limit holds too.",
        json_schema_extra=_BASIC,
    )
    max_steps: int = Field(
        0,
        ge=0,
        le=1_000_000,
        title="Most steps",
        description="Train for exactly this many steps instead of by epochs. 0 goes by epochs.",
        json_schema_extra=_ADVANCED,
    )
    gradient_accumulation: int = Field(
        1,
        ge=1,
        le=256,
        title="Gradient accumulation",
        description="Forward passes per update step. Multiplies the batch size without its memory.",
        json_schema_extra=_ADVANCED,
    )
    warmup: float = Field(
        0.1,
        ge=0,
        le=0.5,
        title="Warm-up",
        description="Share of the steps over which the learning rate rises from 0.",
        json_schema_extra=_ADVANCED,
    )
    schedule: Literal["linear", "cosine", "constant"] = Field(
        "linear",
        title="Schedule",
        description="How the learning rate falls after the warm-up. Constant does not fall.",
        json_schema_extra=_ADVANCED,
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Weight decay",
        description="Pull of the adapter's weights towards 0 at each step (AdamW).",
        json_schema_extra=_ADVANCED,
    )
    lora_rank: int = Field(
        16,
        ge=1,
        le=256,
        title="LoRA rank",
        description="Size of a new adapter. An adapter that is continued keeps its own.",
        json_schema_extra=_ADVANCED,
    )
    lora_alpha: int = Field(
        32,
        ge=1,
        le=1024,
        title="LoRA alpha",
        description="Strength of a new adapter: its update is scaled by alpha / rank.",
        json_schema_extra=_ADVANCED,
    )
    lora_targets: Literal["all-linear", "attention"] = Field(
        "all-linear",
        title="LoRA targets",
        description="Layers that a new adapter changes: all linear ones, or only those of the attention.",
        json_schema_extra=_ADVANCED,
    )
    gradient_checkpointing: bool = Field(
        False,
        title="Gradient checkpointing",
        description="Computes activations twice to save memory. Slower; the result is the same.",
        json_schema_extra=_ADVANCED,
    )
    eval_share: float = Field(
        0.1,
        ge=0,
        le=0.5,
        title="Held-out share",
        description="Share of prompts kept out of training to measure the held-out loss, at most 256 rows. "
        "The same prompts whenever the data is the same.",
        json_schema_extra=_ADVANCED,
    )
    checkpoint_every: int = Field(
        50,
        ge=1,
        le=100_000,
        title="Checkpoint every",
        description="Steps between two checkpoints. A run goes on from its last one after a stop or a crash.",
        json_schema_extra=_ADVANCED,
    )
    keep_checkpoints: int = Field(
        3,
        ge=1,
        le=100,
        title="Checkpoints kept",
        description="How many of the newest checkpoints stay on disk.",
        json_schema_extra=_ADVANCED,
    )
    log_every: int = Field(
        1,
        ge=1,
        le=1_000,
        title="Report every",
        description="Steps that one reported point averages over.",
        json_schema_extra=_ADVANCED,
    )
    probe_every: int = Field(
        20,
        ge=1,
        le=10_000,
        title="Probe every",
        description="Steps between two probes. Each answers held-out prompts and measures the held-out loss.",
        json_schema_extra=_ADVANCED,
    )
    probe_prompts: int = Field(
        120,
        ge=8,
        le=1_000,
        title="Probe prompts",
        description="Held-out prompts per probe. More give narrower intervals and take longer. Lantern has 240; "
        "other models answer at most 32 of the data's own.",
        json_schema_extra=_ADVANCED,
    )


@dataclass(frozen=True)
class Stage:
    """One kind of step a worker can execute."""

    name: str  #: as in YAML, e.g. "dpo"
    title: str  #: as on screen, e.g. "DPO"
    about: str  #: one sentence
    settings: type[StageSettings]
    train: Callable[[Recipe, Reporter], None]  #: imports torch and friends inside
    data: DataType | None  #: type of the rows that its `data` setting names
    produces: Literal["adapter", "dataset"]
    metrics: tuple[str, ...]  #: canonical metrics it promises beside the probe's
