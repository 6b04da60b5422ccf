"""A run as the browser needs it: names for people, colours by method, and bare times (the browser counts ages)."""

from collections.abc import Iterable
from typing import Any

from rlft_gui.domain.metrics import describe
from rlft_gui.domain.run import Run

#: Methods with a colour and a shape of their own in assets/css/tokens.css and assets/js/marks.js.
PALETTE = ("base", "sft", "dpo", "rlhf", "rlaif", "cai", "grpo", "kto", "bon")
#: Stages that are known under another method's colours.
_LIKE = {
    "ppo": "rlhf",
    "reward_model": "rlhf",
    "rloo": "grpo",
    "constitutional_ai": "cai",
    "best_of_n": "bon",
}


def run_view(run: Run) -> dict[str, Any]:
    """What every list and page shows about a run. JSON."""
    return {
        "id": run.id,
        "pipeline": run.pipeline_id,
        "title": run.title,
        "stage": stage_title(run.stage),
        "method": palette(run.stage, run.method),
        "base": base_title(run.base),
        "status": str(run.status),
        "live": run.status.is_live,
        "reason": run.reason,
        "phase": run.phase,
        "attempt": run.attempt,
        "step": run.step,
        "total_steps": run.total_steps,
        "percent": percent(run),
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "parent": run.parent_run_id,
    }


def percent(run: Run) -> int | None:
    """How far it is, while the number of steps is known."""
    return min(100, round(100 * run.step / run.total_steps)) if run.total_steps else None


def palette(stage: str, method: str) -> str:
    """Colour and shape: a stage that is a method in its own right has its own, any other takes its pipeline's."""
    for name in (stage, method):
        key = _LIKE.get(name, name)
        if key in PALETTE:
            return key
    return "base"


def stage_title(stage: str) -> str:
    """ "sft" is "SFT", "reward_model" is "Reward model"."""
    return stage.upper() if len(stage) <= 4 else stage.replace("_", " ").capitalize()


def base_title(base: str) -> str:
    """The last part of a folder or Hub name; the built-in model's proper name."""
    return "Lantern" if base == "lantern" else base.rstrip("/").rsplit("/", 1)[-1]


def metric_views(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Titles, units and tooltips of metrics, for the charts."""
    return {name: describe(name).model_dump(exclude={"name"}) for name in names}
