"""The stages a worker can execute. Adding one is one file and one name in this tuple."""

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.stages import (
    ai_feedback,
    best_of_n,
    critique_revision,
    dpo,
    grpo,
    kto,
    ppo,
    reward_model,
    rloo,
    sample,
    sft,
)
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.settings import StageSettings, TrainingSettings

STAGES: tuple[Stage, ...] = (
    sft.STAGE,
    dpo.STAGE,
    kto.STAGE,
    reward_model.STAGE,
    ppo.STAGE,
    grpo.STAGE,
    rloo.STAGE,
    sample.STAGE,
    best_of_n.STAGE,
    critique_revision.STAGE,
    ai_feedback.STAGE,
)


def stage(name: str) -> Stage:
    """The stage of that name.

    Raises:
        InvalidInput: no stage is called so.
    """
    for candidate in STAGES:
        if candidate.name == name:
            return candidate
    raise InvalidInput(f'There is no stage "{name}". Choose one of: {", ".join(s.name for s in STAGES)}.')


__all__ = ["STAGES", "Stage", "StageSettings", "TrainingSettings", "stage"]
