"""Settings to start from by the size of the base model, where no preset was made for that very model.

The values come from published recipes and their authors' advice; each file in presets/sizes says which, and whether
anybody ran them here. Left out: settings that depend on the data more than on the model.
"""

from functools import cache
from typing import Any, Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.yaml_text import read_yaml
from rlft_gui.resources import presets_dir

Tuning = Literal["lora", "full"]


class SizePreset(Frozen):
    """Values for models with `fewest` to below `most` parameters; stage → setting → value, by tuning."""

    name: str
    title: str
    source: str  #: where the values come from, as a phrase after "from"
    tried: bool = False  #: whether they were run here
    fewest: int = Field(ge=0)
    most: int
    lora: dict[str, dict[str, Any]] = Field(default_factory=dict)
    full: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def values(self, stage: str, tuning: Tuning) -> dict[str, Any]:
        """What it sets for a stage; empty if it says nothing about it."""
        values = (self.full if tuning == "full" else self.lora).get(stage, {})
        return {**values, "tuning": tuning} if values and tuning == "full" else dict(values)


@cache
def size_presets() -> tuple[SizePreset, ...]:
    """Every shipped one, small models first."""
    files = (presets_dir() / "sizes").glob("*.yaml")
    read = (read_yaml(file.read_text(encoding="utf-8")) | {"name": file.stem} for file in files)
    return tuple(sorted((SizePreset.model_validate(data) for data in read), key=lambda one: one.fewest))


def size_preset(parameters: int) -> SizePreset | None:
    """The one for a model of that many parameters."""
    return next((one for one in size_presets() if one.fewest <= parameters < one.most), None)
