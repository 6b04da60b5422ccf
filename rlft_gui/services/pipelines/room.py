"""Whether the disk has room for what a pipeline's checkpoints will take, told before it is launched.

A checkpoint holds what was trained and Adam's two means of it, in float32: 12 bytes a number. Tokenizer, states of chance and
curves beside them are a few hundred kB (measured on Lantern: 3 % of an adapter's checkpoint, 1 % of a whole model's).
"""

import math
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotFound, Problem, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.shape import read_shape
from rlft_gui.services.pipelines.planning import PlannedStage
from rlft_gui.training.estimate.shape import ModelShape

BYTES_A_NUMBER = 12
#: Share of what is free beyond which it is called tight.
TIGHT = 0.8


class Room(Frozen):
    """Bytes that a pipeline's checkpoints will take at most at once, and those that are free."""

    needed: int
    free: int
    is_tight: bool

    def warning(self) -> str | None:
        """That it will be tight, as a sentence; what does not fit is refused instead."""
        if not self.is_tight or self.needed > self.free:
            return None
        return (
            f"The checkpoints of this pipeline will take about {_size(self.needed)} of {_size(self.free)} that are free. "
            "Other runs may take the rest meanwhile."
        )


class DiskRoom:
    """Safe to share between threads."""

    def __init__(self, home: Home, models: Models, datasets: Datasets) -> None:
        self._home = home
        self._models = models
        self._datasets = datasets

    def room(self, stages: Sequence[PlannedStage], base: str) -> Room | None:
        """None where it cannot be told: a base that is not on this machine, or a pipeline that saves nothing."""
        sizes = self._sizes(stages, base)
        if not sizes:
            return None
        # One more than is kept is there while the newest is being written.
        needed = sum(kept * size for _, kept, size in sizes) + max(size for *_, size in sizes)
        free = shutil.disk_usage(self._home.path).free
        return Room(needed=needed, free=free, is_tight=needed > TIGHT * free)

    def problems(self, stages: Sequence[PlannedStage], base: str) -> tuple[Problem, ...]:
        """That it will not fit, beside the stage that takes most."""
        room = self.room(stages, base)
        if room is None or room.needed <= room.free:
            return ()
        largest, kept, size = max(self._sizes(stages, base), key=lambda one: one[1] * one[2])
        told = (
            f"The checkpoints of this pipeline will take about {_size(room.needed)}, and the disk of {self._home.path} has "
            f"{_size(room.free)} free. {largest.title} keeps {kept} of {_size(size)}: keep fewer"
            f"{', train an adapter (lora)' if largest.settings['tuning'] == 'full' else ''}, or make room."
        )
        return (Problem(f"stages.{largest.key}.keep_checkpoints", told),)

    def _sizes(self, stages: Sequence[PlannedStage], base: str) -> list[tuple[PlannedStage, int, int]]:
        """Of each stage that saves: how many checkpoints it keeps, and the bytes of one."""
        shape = self._shape(base)
        if shape is None:
            return []
        return [
            (stage, self._kept(stage), BYTES_A_NUMBER * trained(shape, stage.settings))
            for stage in stages
            if "keep_checkpoints" in stage.settings
        ]

    def _shape(self, base: str) -> ModelShape | None:
        try:
            folder = self._models.describe(base).folder
            return read_shape(folder, base) if folder else None
        except (InvalidInput, NotFound, OSError):  # told elsewhere
            return None

    def _kept(self, stage: PlannedStage) -> int:
        """As many as it is told to keep, unless it makes no more."""
        settings = stage.settings
        steps = settings.get("steps") or settings.get("max_steps") or self._steps_by_rows(stage)
        kept = int(settings["keep_checkpoints"])
        return min(kept, math.ceil(steps / settings["checkpoint_every"])) if steps else kept

    def _steps_by_rows(self, stage: PlannedStage) -> int | None:
        """None where its rows are yet to be made, or to be split: of documents."""
        settings = stage.settings
        try:
            info = None if stage.data is not None else self._datasets.get(str(settings["data"]))
        except RlftError:
            return None
        rows = info.rows if info and info.type is not DataType.TEXT else None
        a_step = settings["batch_size"] * settings.get("gradient_accumulation", 1)
        more = settings.get("iterations", 1)
        return math.ceil(rows / a_step) * settings.get("epochs", 1) * more if rows else None


def trained(shape: ModelShape, settings: Mapping[str, Any]) -> int:
    """How many numbers a stage with these settings changes."""
    if settings["tuning"] == "full":
        return shape.parameters
    adapted = shape.adapted_attention if settings["lora_targets"] == "attention" else shape.adapted
    return adapted * int(settings["lora_rank"])


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{round(count / 1e6):,} MB"
