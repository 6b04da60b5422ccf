"""Whose turn comes before that of a queued run, in words."""

from collections.abc import Sequence

from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import LIVE, RunStatus
from rlft_gui.services.runs.labels import STARTS_NEXT, name_of
from rlft_gui.storage import Storage


def behind(waiting: Sequence[Run]) -> str:
    """Why a run waits that needs nothing but its turn; `waiting` stand before it, oldest first, at least one."""
    name = name_of(waiting[0])
    return (
        f"Waits behind {name}." if len(waiting) == 1 else f"Waits behind {len(waiting)} others, {name} first."
    )


def with_turns(pipeline: Pipeline, storage: Storage) -> Pipeline:
    """The new pipeline, whose runs that need nothing of others say what is before them."""
    told = _turn(storage)
    runs = (
        run.model_copy(update={"reason": told}) if run.reason == STARTS_NEXT else run for run in pipeline.runs
    )
    return pipeline.model_copy(update={"runs": tuple(runs)})


def _turn(storage: Storage) -> str:
    held = {**storage.runs.blockers(), **storage.runs.reviews()}
    queued = storage.runs.list(statuses=(RunStatus.QUEUED,), oldest_first=True)
    if waiting := [run for run in queued if run.id not in held]:
        return behind(waiting)
    live = storage.runs.list(statuses=LIVE, oldest_first=True)
    if not live:
        return STARTS_NEXT
    who = f"{name_of(live[0])} runs" if len(live) == 1 else f"{len(live)} others run"
    return f"Starts next; {who} now."
