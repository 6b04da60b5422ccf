"""Unfolds a pipeline into its stages with every setting filled in, and finds everything that is wrong with it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidInput, Problem
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef, PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.methods import METHODS, Method
from rlft_gui.services.datasets import Datasets
from rlft_gui.services.models import Models
from rlft_gui.services.settings import number, settings_problems
from rlft_gui.services.wording import name_of
from rlft_gui.stages import Stage, stage
from rlft_gui.storage import Storage
from rlft_gui.training import checkpoints

#: Settings that shape a new adapter; a continued adapter keeps its own.
ADAPTER_SHAPE = ("lora_rank", "lora_alpha", "lora_targets")


class PlannedStage(Frozen):
    """One stage to run, with every setting filled in. `parent` is the position of the stage that it continues."""

    stage: str
    title: str
    settings: dict[str, Any]
    parent: int | None


@dataclass(frozen=True)
class Plan:
    """What a pipeline unfolds into; only to be used if there are no problems."""

    problems: tuple[Problem, ...]
    stages: tuple[PlannedStage, ...] = ()
    method: Method | None = None
    start_from: ParentRef | None = None  #: the checkpoint that stages without a parent continue


class Planner:
    def __init__(self, home: Home, storage: Storage, datasets: Datasets, models: Models) -> None:
        self._home = home
        self._storage = storage
        self._datasets = datasets
        self._models = models

    def plan(self, spec: PipelineSpec) -> Plan:
        """Every problem that can be told without training; nothing is stored."""
        method = next((method for method in METHODS if method.name == spec.method), None)
        if method is None:
            known = [method.name for method in METHODS]
            return Plan(
                (Problem("method", f'There is no method "{spec.method}". {_advice(spec.method, known)}'),)
            )
        problems = [*self._base_problems(spec), *_stage_name_problems(spec, method)]
        start, source, start_problems = self._start(spec)
        problems += start_problems
        stages: list[PlannedStage] = []
        for link in method.unfold(spec):
            shape = _shape_of(stages, link.parent, source)
            planned, found = self._stage(stage(link.stage), spec, shape, link.parent)
            stages.append(planned)
            problems += found
        return Plan(tuple(problems), tuple(stages), method, start)

    def _base_problems(self, spec: PipelineSpec) -> list[Problem]:
        told = self._models.check(spec.base)
        return [Problem("base", told)] if told else []

    def _start(self, spec: PipelineSpec) -> tuple[ParentRef | None, Run | None, list[Problem]]:
        """The checkpoint that the pipeline starts from, and its run."""
        if spec.start_from is None:
            return None, None, []
        try:
            source, step = self._checkpoint(spec.start_from)
        except InvalidInput as error:
            return None, None, [Problem("start_from", str(error))]
        if source.base != spec.base:
            told = f"{name_of(source)} was trained on the base {source.base}, this pipeline's base is {spec.base}. Set base: {source.base}."
            return None, None, [Problem("start_from", told)]
        return ParentRef(run_id=source.id, step=step), source, []

    def _checkpoint(self, text: str) -> tuple[Run, int]:
        asked = ModelRef.parse(text)
        if asked.run_id is None:
            raise InvalidInput("Every pipeline starts from its base. Leave start_from out, or name a run.")
        source = self._storage.runs.get(asked.run_id)
        if source is None:
            raise InvalidInput(
                f'There is no run "{asked.run_id}". {_advice(asked.run_id, self._storage.runs.ids())}'
            )
        if source.status.is_live:
            raise InvalidInput(f"{name_of(source)} is {source.status}. Wait until it has ended, or stop it.")
        steps = checkpoints.complete_steps(self._home.run(source.id))
        if not steps:
            raise InvalidInput(
                f"{name_of(source)} has no complete checkpoint. Choose another run, or resume it."
            )
        if asked.step is not None and asked.step not in steps:
            known = ", ".join(str(step) for step in steps)
            raise InvalidInput(
                f"{name_of(source)} has no complete checkpoint at step {asked.step}. It has: {known}."
            )
        return source, steps[-1] if asked.step is None else asked.step

    def _stage(
        self, kind: Stage, spec: PipelineSpec, shape: Mapping[str, Any], parent: int | None
    ) -> tuple[PlannedStage, list[Problem]]:
        given = spec.stages.get(kind.name, {})
        path = f"stages.{kind.name}"
        problems = [*settings_problems(kind.settings, given, path=path, title=kind.title)]
        problems += self._data_problems(kind, given, path) + _shape_problems(kind, given, shape, path)
        if problems:
            return PlannedStage(
                stage=kind.name, title=kind.title, settings=dict(given), parent=parent
            ), problems
        settings = kind.settings.model_validate({**given, **shape}).model_dump(mode="json")
        return PlannedStage(stage=kind.name, title=kind.title, settings=settings, parent=parent), []

    def _data_problems(self, kind: Stage, given: Mapping[str, Any], path: str) -> list[Problem]:
        data = given.get("data")
        if kind.data is None or not isinstance(data, str) or not data:
            return []
        told = self._datasets.check_use(data, kind.data)
        return [Problem(f"{path}.data", told)] if told else []


def _stage_name_problems(spec: PipelineSpec, method: Method) -> list[Problem]:
    known = [link.stage for link in method.stages]
    return [
        Problem(f"stages.{name}", f'{method.title} has no stage "{name}". {_advice(name, known)}')
        for name in spec.stages
        if name not in known
    ]


def _shape_of(stages: list[PlannedStage], parent: int | None, source: Run | None) -> dict[str, Any]:
    """The shape of the adapter that a stage continues; empty if it makes a new one."""
    if parent is not None:
        settings: Mapping[str, Any] = stages[parent].settings
    else:
        settings = source.recipe.settings if source else {}
    return {name: settings[name] for name in ADAPTER_SHAPE if name in settings}


def _shape_problems(
    kind: Stage, given: Mapping[str, Any], shape: Mapping[str, Any], path: str
) -> list[Problem]:
    return [
        Problem(
            f"{path}.{name}",
            f"{kind.settings.model_fields[name].title} is {number(value)} in the adapter that is continued, "
            f"found {number(given[name])}. Leave it out.",
        )
        for name, value in shape.items()
        if name in given and name in kind.settings.model_fields and given[name] != value
    ]


def _advice(word: str, known: "list[str] | tuple[str, ...]") -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(known[:8])}." if known else "There are none yet."
