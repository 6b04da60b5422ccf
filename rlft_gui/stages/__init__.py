"""The stages a worker can execute. Adding one is one file and one name in this tuple."""

from functools import cache

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.metrics import SHARED, Metric, by_its_name
from rlft_gui.stages import (
    ai_feedback,
    batch,
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
    batch.STAGE,
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


def every_metric() -> tuple[Metric, ...]:
    """What runs report: what several stages share, then what each stage's file declares."""
    return tuple(_metrics_by_name(STAGES).values())


def describe(name: str) -> Metric:
    """The metric of that name, whether or not anybody declared it."""
    return _metrics_by_name(STAGES).get(name) or by_its_name(name)


@cache
def _metrics_by_name(stages: tuple[Stage, ...]) -> dict[str, Metric]:
    own = [metric for each in stages for metric in each.own_metrics]
    return {metric.name: metric for metric in (*SHARED, *own)}


__all__ = ["STAGES", "Stage", "StageSettings", "TrainingSettings", "describe", "every_metric", "stage"]
