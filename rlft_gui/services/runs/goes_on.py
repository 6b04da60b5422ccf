"""A pipeline that goes on with a failed run under other settings, from a checkpoint that the run has saved.

The new run takes the same sources. Those that were held behind the failed one follow it: copies of them take from the new
run what they would have taken from the failed one. Stages that have succeeded are not run again.
"""

import itertools
import re
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rlft_gui.domain.recipe import GENERATED_BY, REWARD_MODEL_AS_JUDGE, ParentRef, PipelineSpec, Recipe
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.methods import METHODS
from rlft_gui.services.pipelines.launching import new_id, versions
from rlft_gui.services.runs.labels import STARTS_NEXT, name_of, starts_after

_PREFIXES = (GENERATED_BY, REWARD_MODEL_AS_JUDGE, "")
_NAMING = ("data", "held_out", "reward_model", "judge")
_LONGEST_TITLE = 80


def goes_on(
    failed: Run,
    before: Pipeline,
    change: Mapping[str, Any],
    step: int | None,
    taken: Collection[str],
    user: str,
) -> Pipeline:
    """The pipeline, not stored yet; its first run is the failed one's successor.

    Args:
        change: settings to lay over the failed run's.
        step: the checkpoint to start from; None starts where the failed run had started.
        taken: titles that pipelines have.
    """
    title = mended_title(before.title, taken)
    made = before.model_copy(
        update={
            "id": new_id("p"),
            "title": title,
            "spec": _changed(before.spec, failed, change, title),
            "created_at": time.time(),
            "owner": user,
        }
    )
    recipes = [(failed, _first(failed, change, step))]
    recipes += [(run, run.recipe) for run in held_behind(failed, before.runs)]
    names = {run.id: new_id(run.stage) for run, _ in recipes}
    runs: list[Run] = []
    for run, recipe in recipes:
        reason = starts_after(name_of(runs[-1])) if runs else STARTS_NEXT
        runs.append(_queued(run, renamed(recipe, names), names[run.id], made, reason))
    return made.model_copy(update={"runs": tuple(runs)})


def _first(failed: Run, change: Mapping[str, Any], step: int | None) -> Recipe:
    settings = {**failed.recipe.settings, **change}
    if step is None:
        return failed.recipe.model_copy(update={"settings": settings})
    settings |= steps_left(settings, failed.total_steps, step)
    parent = ParentRef(run_id=failed.id, step=step)
    return failed.recipe.model_copy(update={"settings": settings, "parent": parent})


def _queued(like: Run, recipe: Recipe, run_id: str, pipeline: Pipeline, reason: str) -> Run:
    own = {"run_id": run_id, "pipeline_id": pipeline.id, "versions": versions()}
    return Run(
        id=run_id,
        pipeline_id=pipeline.id,
        position=like.position,
        stage=like.stage,
        method=like.method,
        title=pipeline.title,
        base=like.base,
        status=RunStatus.QUEUED,
        reason=reason,
        created_at=pipeline.created_at,
        parent_run_id=recipe.parent.run_id if recipe.parent else None,
        recipe=recipe.model_copy(update=own),
        owner=pipeline.owner,
    )


def held_behind(failed: Run, runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs of its pipeline that wait for it, and for those in turn, and have never begun."""
    waiting, found = {failed.id}, []
    for run in sorted(runs, key=lambda run: run.position):
        begun = run.status is RunStatus.SUCCEEDED or run.step or run.ran_seconds or run.status.is_live
        takes = {source.run_id for source in run.recipe.sources().values() if source.step is None}
        if not begun and takes & waiting:
            waiting.add(run.id)
            found.append(run)
    return tuple(found)


def steps_left(settings: Mapping[str, Any], total: int | None, step: int) -> dict[str, Any]:
    """The setting that makes a run take only those steps that are left; empty where no number of steps was planned."""
    name = "steps" if "steps" in settings else "max_steps"
    return {name: total - step} if total is not None and name in settings else {}


def renamed(recipe: Recipe, names: Mapping[str, str]) -> Recipe:
    """With other runs in place of those that it takes something from."""
    parent = recipe.parent
    if parent is not None and parent.step is None:
        parent = ParentRef(run_id=names.get(parent.run_id, parent.run_id))
    return recipe.model_copy(
        update={
            "parent": parent,
            "settings": _renamed(recipe.settings, names),
            "measure": _renamed(recipe.measure, names),
        }
    )


def _renamed(settings: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: _other(value, names) if name in _NAMING and isinstance(value, str) else value
        for name, value in settings.items()
    }


def _other(value: str, names: Mapping[str, str]) -> str:
    prefix = next(prefix for prefix in _PREFIXES if value.startswith(prefix))
    run_id = value.removeprefix(prefix)
    return f"{prefix}{names.get(run_id, run_id)}"


def _changed(spec: PipelineSpec, failed: Run, change: Mapping[str, Any], title: str) -> PipelineSpec:
    """What the whole pipeline would be launched with today, from its beginning."""
    method = next((method for method in METHODS if method.name == spec.method), None)
    links = method.unfold(spec) if method else ()
    fits = failed.position < len(links) and links[failed.position].stage == failed.stage
    key = links[failed.position].name if fits else failed.stage
    # To name one stage and not the others would leave optional ones out.
    stages = spec.stages or {link.name: {} for link in links}
    changed = {**stages, key: {**stages.get(key, {}), **change}}
    return spec.model_copy(update={"title": title, "stages": changed})


def mended_title(title: str, taken: Collection[str]) -> str:
    """ "Tour (mended)", then "Tour (mended 2)"; also of a mended one."""
    plain = re.sub(r" \(mended(?: \d+)?\)$", "", title)[: _LONGEST_TITLE - len(" (mended 999)")]
    numbered = (f"{plain} (mended {number})" for number in itertools.count(2))
    return next(name for name in itertools.chain([f"{plain} (mended)"], numbered) if name not in taken)
