"""What a pipeline will take of the disk, told before it is launched, beside what is free and what the home's budget leaves.

A checkpoint holds what was trained and Adam's two means of it, in float32: 12 bytes a number, and beside them states of chance,
curves and, of a whole model, its tokenizer. What a run reports lies in its events and in rows: a few hundred bytes a step, and
answers of its probes up to a limit. Rows that a stage makes are counted as long as they may be.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotFound, Problem, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.keeping import Keep
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.disk.budget import size_words
from rlft_gui.services.disk.service import Disk
from rlft_gui.services.disk.usage import free
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.shape import read_shape
from rlft_gui.services.pipelines.planning import PlannedStage
from rlft_gui.training.estimate.shape import ModelShape

BYTES_A_NUMBER = 12
#: Beside the numbers of a checkpoint: configuration, states of chance, of the schedule and of curves (measured).
_BESIDE = 20_000
#: Beside the numbers of each tensor that is trained: its names and places, once in the weights and thrice in Adam (measured).
_A_TENSOR = 900
#: Share of what is left beyond which it is called tight.
TIGHT = 0.8
#: Bytes of a reported step, in events and rows together (measured on Lantern's SFT).
_A_STEP = 500
#: Bytes of a probe with all its answers, in events and rows: of Lantern's suite, and of a few own prompts (measured).
_A_PROBE, _AN_OWN_PROBE = 75_000, 30_000
#: What answers of probes may take in all: rlft_gui/training/run/probe.py, in events and once more in rows.
_MOST_ANSWERS = 16_000_000
_EVERY = 20  #: steps between probes that come by themselves
_CHARACTERS = 4  #: of a token


class Room(Frozen):
    """Bytes.

    Attributes:
        needed: at most at once; the sum of `checkpoints`, `rows` that it makes and `reports`.
        stays: what is left of it when the pipeline has ended.
        free: what the disk has left.
        left: how much more the home may take: of the disk, or of its budget where that is less.
        is_budget: whether the budget is what counts.
    """

    needed: int
    stays: int
    checkpoints: int
    rows: int
    reports: int
    free: int
    left: int
    is_tight: bool
    is_budget: bool = False

    def warning(self) -> str | None:
        """That it will be tight, as a sentence; what does not fit is refused instead."""
        if not self.is_tight or self.needed > self.left:
            return None
        where = "that the budget leaves" if self.is_budget else "that are free"
        return (
            f"This pipeline will take about {size_words(self.needed)} of {size_words(self.left)} {where}. "
            "Other runs may take the rest meanwhile."
        )

    def words(self) -> str:
        """The forecast, for a terminal."""
        parts = (("checkpoints", self.checkpoints), ("rows", self.rows), ("reports", self.reports))
        told = ", ".join(f"{name} {size_words(size)}" for name, size in parts if size)
        left = f", the budget leaves {size_words(self.left)}" if self.is_budget else ""
        return (
            f"disk: about {size_words(self.needed)} at most at once ({told}), {size_words(self.stays)} stay; "
            f"{size_words(self.free)} free{left}"
        )


class _Saves(NamedTuple):
    """Of one stage: how many checkpoints it keeps, whether it makes more, and the bytes of one."""

    stage: PlannedStage
    kept: int
    makes_more: bool
    size: int


class DiskRoom:
    """Safe to share between threads."""

    def __init__(self, home: Home, models: Models, datasets: Datasets, disk: Disk) -> None:
        self._home = home
        self._models = models
        self._datasets = datasets
        self._disk = disk

    def room(self, stages: Sequence[PlannedStage], base: str) -> Room | None:
        """None where it cannot be told: a base that is not on this machine, or a pipeline that saves nothing."""
        saves = self._saves(stages, base)
        if not saves:
            return None
        stays = sum(one.kept * one.size for one in saves)
        # One more than is kept is there while the newest is being written.
        checkpoints = stays + max((one.size for one in saves if one.makes_more), default=0)
        rows = sum(_rows(stage) for stage in stages)
        reports = sum(self._reports(stage, base) for stage in stages)
        needed, spare, left = checkpoints + rows + reports, free(self._home), self._disk.room()
        return Room(
            needed=needed,
            stays=stays + rows + reports,
            checkpoints=checkpoints,
            rows=rows,
            reports=reports,
            free=spare,
            left=left,
            is_tight=needed > TIGHT * left,
            is_budget=self._disk.budget().limit is not None and left != spare,
        )

    def problems(self, stages: Sequence[PlannedStage], base: str) -> tuple[Problem, ...]:
        """That it will not fit, beside the stage that takes most; or that the budget is passed already."""
        if told := self._disk.passed():
            return (Problem("disk", told),)
        room = self.room(stages, base)
        if room is None or room.needed <= room.left:
            return ()
        largest = max(self._saves(stages, base), key=lambda one: one.kept * one.size)
        where = (
            f"the budget of this home leaves {size_words(room.left)}"
            if room.is_budget
            else f"the disk of {self._home.path} has {size_words(room.free)} free"
        )
        told = (
            f"This pipeline will take about {size_words(room.needed)} at once, and {where}. {largest.stage.title} keeps "
            f"{largest.kept} checkpoints of {size_words(largest.size)}: keep fewer"
            f"{', train an adapter (lora)' if largest.stage.settings['tuning'] == 'full' else ''}, "
            f"{'raise the budget' if room.is_budget else 'make room'}, or remove old checkpoints (rlft disk clean)."
        )
        return (Problem(f"stages.{largest.stage.key}.keep_checkpoints", told),)

    def _saves(self, stages: Sequence[PlannedStage], base: str) -> list[_Saves]:
        """Of each stage that saves."""
        folder, shape = self._shape(base)
        if shape is None:
            return []
        return [
            self._saving(stage, shape, _tokenizer(folder))
            for stage in stages
            if "keep_checkpoints" in stage.settings
        ]

    def _saving(self, stage: PlannedStage, shape: ModelShape, tokenizer: int) -> _Saves:
        settings = stage.settings
        is_full = settings["tuning"] == "full"
        linears = shape.linears_attention if settings.get("lora_targets") == "attention" else shape.linears
        tensors = linears + 2 * shape.layers if is_full else 2 * linears
        size = BYTES_A_NUMBER * trained(shape, settings) + _BESIDE + _A_TENSOR * tensors
        size += tokenizer if is_full else 0
        rule = Keep(
            newest=settings["keep_checkpoints"],
            best=settings.get("keep_best", True),
            every=settings.get("keep_every", 0),
        )
        between = int(settings["checkpoint_every"])
        steps = self._steps(stage)
        made = math.ceil(steps / between) if steps else rule.newest + rule.best + 1
        kept = rule.most(made, between)
        return _Saves(stage, kept, made > kept, size)

    def _reports(self, stage: PlannedStage, base: str) -> int:
        """Of a stage that trains; None of the others say more than a line a batch."""
        settings, steps = stage.settings, self._steps(stage)
        if "log_every" not in settings or not steps:
            return 0
        between = int(settings.get("probe_every") or 0) or _EVERY
        probes = 0 if stage.stage == "reward_model" else 1 + math.ceil(steps / between)
        answers = probes * (_A_PROBE if base == LANTERN else _AN_OWN_PROBE)
        return _A_STEP * steps // int(settings["log_every"]) + min(answers, _MOST_ANSWERS)

    def _shape(self, base: str) -> tuple[Path | None, ModelShape | None]:
        try:
            folder = self._models.describe(base).folder
            return (Path(folder), read_shape(folder, base)) if folder else (None, None)
        except (InvalidInput, NotFound, OSError):  # told elsewhere
            return None, None

    def _steps(self, stage: PlannedStage) -> int | None:
        """None where its rows are yet to be made, or to be split: of documents."""
        settings = stage.settings
        if asked := settings.get("steps") or settings.get("max_steps"):
            return int(asked)
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


def _rows(stage: PlannedStage) -> int:
    """Of the rows that it makes: each prompt once, with answers as long as they may be."""
    settings = stage.settings
    if "prompts" not in settings or "max_new_tokens" not in settings:
        return 0
    return int(settings["prompts"]) * 2 * _CHARACTERS * int(settings["max_new_tokens"])


def _tokenizer(folder: Path | None) -> int:
    """Bytes of what a whole model is saved with beside its weights."""
    if folder is None:
        return 0
    names = ("tokenizer*", "vocab*", "merges*", "special_tokens*", "chat_template*")
    return sum(path.stat().st_size for name in names for path in folder.glob(name))
