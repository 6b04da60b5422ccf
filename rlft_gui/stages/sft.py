"""Supervised fine-tuning on TRL's SFTTrainer with LoRA."""

from pydantic import Field

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import ProbeSettings, Stage


class SFTSettings(ProbeSettings):
    data: str = Field(
        title="Data",
        description="Demonstrations: prompts with a good answer.",
        json_schema_extra={"control": "data"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    raise NotImplementedError


STAGE = Stage(
    name="sft",
    title="SFT",
    about="Imitates example answers.",
    settings=SFTSettings,
    train=train,
    data=DataType.DEMONSTRATIONS,
    produces="adapter",
    metrics=("loss", "lr", "grad_norm", "tokens"),
)
