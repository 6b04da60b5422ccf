"""Direct preference optimisation on TRL's DPOTrainer with LoRA."""

from pydantic import Field

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import ProbeSettings, Stage


class DPOSettings(ProbeSettings):
    data: str = Field(
        title="Data",
        description="Preferences: prompts with a chosen and a rejected answer.",
        json_schema_extra={"control": "data"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    raise NotImplementedError


STAGE = Stage(
    name="dpo",
    title="DPO",
    about="Prefers the better answer of each pair.",
    settings=DPOSettings,
    train=train,
    data=DataType.PREFERENCES,
    produces="adapter",
    metrics=("loss", "lr", "grad_norm", "tokens"),
)
