"""How a run's answer changed over its steps: which checkpoints to ask, and what curves to lay beside them."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidInput, NotFound, RlftError
from rlft_gui.domain.run import Run
from rlft_gui.inference.protocol import MOST_CHECKPOINTS
from rlft_gui.services.runs.chart_plans import chart_plan
from rlft_gui.services.runs.labels import name_of
from rlft_gui.services.runs.measured_by import measured_by
from rlft_gui.services.runs.outputs import is_policy
from rlft_gui.services.runs.service import Runs

#: How far a policy moved, the most comparable first.
_DISTANCES = ("probe/kl/token", "held/kl", "kl/token", "kl/reference", "probe/kl/seq")


def film_models(run: Run, steps: Sequence[int], runs: Runs) -> tuple[str, ...]:
    """What the run began with, and its checkpoints from first to last; where there are too many, evenly fewer.

    Raises:
        InvalidInput: it has no complete checkpoint.
    """
    if not steps:
        raise InvalidInput(
            f"{name_of(run)} has no complete checkpoint yet, so there is nothing to go back to."
        )
    kept = _thinned(steps, MOST_CHECKPOINTS - 1)
    return (_start_of(run, runs), *(f"{run.id}@{step}" for step in kept))


def film_of(models: Sequence[str]) -> tuple[str, tuple[int | None, ...]] | None:
    """The run whose checkpoints these are, and the step of each; None for what it began with.

    None as a whole where they are something else: it takes two checkpoints, and one other model at most, the first.
    """
    refs = [ModelRef.parse(model) for model in models]
    stepped = [ref for ref in refs if ref.run_id is not None and ref.step is not None]
    if len(stepped) < 2 or len(refs) - len(stepped) > 1:
        return None
    run_ids = {ref.run_id for ref in stepped}
    is_start_first = len(refs) == len(stepped) or refs[0] not in stepped
    if len(run_ids) != 1 or not is_start_first:
        return None
    is_of_run = [ref in stepped for ref in refs]
    return str(stepped[0].run_id), tuple(
        ref.step if own else None for ref, own in zip(refs, is_of_run, strict=True)
    )


def curves_beside(run_id: str, runs: Runs) -> tuple[str | None, str | None]:
    """The run's metrics for how well it did and how far it moved, as far as it reported any."""
    try:
        run = runs.get(run_id)
        known = sorted(runs.last_values(run_id))
    except NotFound:
        return None, None
    plan = chart_plan(run, measured_by(run, runs))
    wanted = [name for names in plan.top for name in names]
    reward = next((name for pattern in wanted for name in known if fnmatchcase(name, pattern)), None)
    return reward, next((name for name in _DISTANCES if name in known), None)


def _start_of(run: Run, runs: Runs) -> str:
    """The run that it goes on from, or the base."""
    try:
        parent = runs.get(run.parent_run_id) if run.parent_run_id else None
    except RlftError:
        parent = None
    return parent.id if parent is not None and is_policy(parent) else "base"


def _thinned(steps: Sequence[int], most: int) -> list[int]:
    if len(steps) <= most:
        return list(steps)
    places = {round(place * (len(steps) - 1) / (most - 1)) for place in range(most)}
    return [steps[place] for place in sorted(places)]
