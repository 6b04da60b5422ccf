"""Where an attempt of a stage that trains begins."""

from dataclasses import dataclass
from typing import Any

from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.rows import Rows


@dataclass(frozen=True)
class TrainingStart:
    """Where an attempt begins.

    Attributes:
        model: the base, or with a parent the base with the parent's adapter, or the parent's whole model.
        new_adapter: PEFT's config of the adapter to make; None where the parent's is continued, or none is trained.
        marker: what the run's checkpoints will say of themselves.
        resume_step: the checkpoint to go on from, if there is one.
        answer_room: tokens left to answers that are yet to be drawn.
    """

    model: Any
    tokenizer: Any
    new_adapter: Any
    rows: Rows
    marker: CheckpointMarker
    resume_step: int | None
    answer_room: int

    @property
    def is_full(self) -> bool:
        return self.marker.kind == "full"
