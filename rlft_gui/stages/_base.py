"""What a stage is: a settings model, a train function and what it promises. No torch here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter


class StageSettings(Frozen):
    """Base of every stage's settings: frozen, unknown keys refused, every field with title, help and bounds.

    A field's `json_schema_extra={"group": "advanced"}` closes it away in the wizard; `{"control": "data"}` lets the
    wizard offer datasets of the stage's data type for it.
    """


class ProbeSettings(StageSettings):
    """How often and on how much the probe looks; shared by every training stage."""

    probe_every: int = Field(
        20,
        ge=1,
        le=10_000,
        title="Probe every",
        description="Steps between two probes. Each answers held-out prompts.",
        json_schema_extra={"group": "advanced"},
    )
    probe_prompts: int = Field(
        120,
        ge=8,
        le=1_000,
        title="Probe prompts",
        description="Held-out prompts per probe. More give narrower intervals and take longer.",
        json_schema_extra={"group": "advanced"},
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
