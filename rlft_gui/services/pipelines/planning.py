"""Unfolds a pipeline into its stages with every setting filled in, and finds everything that is wrong with it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidInput, Problem, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import REWARD_MODEL_AS_JUDGE, ParentRef, PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.methods import METHODS, Method, StageLink
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.trying import Trying
from rlft_gui.services.pipelines.measuring import measure_problems
from rlft_gui.services.pipelines.named_models import judging_model
from rlft_gui.services.pipelines.settings import number, settings_problems
from rlft_gui.services.runs.labels import name_of
from rlft_gui.services.runs.outputs import is_policy, output_of
from rlft_gui.stages import Stage, stage
from rlft_gui.storage import Storage
from rlft_gui.training.models import checkpoints
from rlft_gui.training.rewards.gold import gold_problem

#: Settings that shape new weights; what continues other weights keeps theirs.
ADAPTER_SHAPE = ("tuning", "lora_rank", "lora_alpha", "lora_targets")


class PlannedStage(Frozen):
    """One stage to run, with every setting filled in.

    `parent`, `data` and `reward` are positions of stages: whose weights it continues, whose rows it learns from, whose
    reward model it uses. The last two stand in for settings, which can only be filled in once those runs have names.
    `key` is its name in the pipeline.
    """

    stage: str
    key: str
    title: str
    settings: dict[str, Any]
    parent: int | None
    data: int | None = None
    reward: int | None = None
    round: int = 0


@dataclass(frozen=True)
class Plan:
    """What a pipeline unfolds into; only to be used if there are no problems."""

    problems: tuple[Problem, ...]
    stages: tuple[PlannedStage, ...] = ()
    method: Method | None = None
    start_from: ParentRef | None = None  #: the checkpoint that stages without a parent continue


class Planner:
    def __init__(
        self, home: Home, storage: Storage, datasets: Datasets, models: Models, trying: Trying
    ) -> None:
        self._home = home
        self._storage = storage
        self._datasets = datasets
        self._models = models
        self._trying = trying

    def plan(self, spec: PipelineSpec, *, waits: bool = False) -> Plan:
        """Every problem that can be told without training; nothing is stored.

        Args:
            waits: for the trial of a base that was never tried, some 15 s; a launch does.
        """
        method = next((method for method in METHODS if method.name == spec.method), None)
        if method is None:
            known = [method.name for method in METHODS]
            return Plan(
                (Problem("method", f'There is no method "{spec.method}". {_advice(spec.method, known)}'),)
            )
        base_problems = self._base_problems(spec)
        problems = [*base_problems, *_option_problems(spec, method)]
        problems += _stage_name_problems(spec, method)
        problems += self._measure_problems(spec)
        start, source, start_problems = self._start(spec)
        problems += start_problems
        stages: list[PlannedStage] = []
        for link in method.unfold(spec):
            planned, found = self._stage(link, spec, _shape_of(stages, link.parent, source))
            stages.append(planned)
            problems += [problem for problem in found if problem not in problems]
        if not base_problems:
            problems += self._trial_problems(spec, stages, waits)
        return Plan(tuple(problems), tuple(stages), method, start)

    def _trial_problems(self, spec: PipelineSpec, stages: list[PlannedStage], waits: bool) -> list[Problem]:
        """What these stages would fail at because of how the base is made."""
        trial = self._trying.trial(spec.base) if waits else self._trying.known(spec.base)
        found = [Problem("base", trial.base_problem)] if trial.base_problem else []
        for planned in stages:
            if planned.stage == "reward_model" and trial.reward_head:
                found.append(Problem("base", trial.reward_head))
            if (
                planned.parent is None
                and spec.start_from is None
                and (told := trial.lora_problem(planned.settings))
            ):
                found.append(Problem(f"stages.{planned.key}.lora_targets", told))
        return list(dict.fromkeys(found))

    def _measure_problems(self, spec: PipelineSpec) -> list[Problem]:
        found = measure_problems(
            self._home, self._datasets, spec, lambda named: self._unfit_reward_model(named, spec.base)
        )
        return found or self._judge_problems(spec.measure, spec, "measure")

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
        if not is_policy(source):
            told = f"{name_of(source)} made no policy to start from. Name a run that trained one, such as SFT or DPO."
            return None, None, [Problem("start_from", told)]
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
        self, link: StageLink, spec: PipelineSpec, shape: Mapping[str, Any]
    ) -> tuple[PlannedStage, list[Problem]]:
        kind, path = stage(link.stage), f"stages.{link.name}"
        named = spec.stages.get(link.name, {})
        given = {**link.defaults, **named}
        problems = [*_linked_problems(link, named, path)]
        given |= _stand_ins(link)
        problems += settings_problems(kind.settings, given, path=path, title=kind.title)
        if link.data is None:
            problems += self._data_problems(kind, given, path)
        problems += _shape_problems(kind, given, shape, path)
        problems += self._reward_problems(link, given, spec, path)
        problems += self._judge_problems(given, spec, path)
        if "gold" in _reward_terms(link.stage, given) and (told := gold_problem(spec.base)):
            problems.append(Problem(f"{path}.rewards", told))
        settings = given if problems else _whole(kind, given, shape)
        planned = PlannedStage(
            stage=kind.name,
            key=link.name,
            title=kind.title,
            settings=settings,
            parent=link.parent,
            data=link.data,
            reward=link.reward,
            round=link.round,
        )
        return planned, problems

    def _data_problems(self, kind: Stage, given: Mapping[str, Any], path: str) -> list[Problem]:
        data = given.get("data")
        if not isinstance(data, str):
            return []
        if not data.strip():
            return [Problem(f"{path}.data", "Data is empty. Name a dataset, or a JSON or JSONL file.")]
        try:
            told = self._datasets.check_use(data, kind.data) or self._datasets.check_needs(data, kind, given)
        except RlftError as error:
            told = str(error)
        return [Problem(f"{path}.data", told)] if told else []

    def _reward_problems(
        self, link: StageLink, given: Mapping[str, Any], spec: PipelineSpec, path: str
    ) -> list[Problem]:
        """Whether the reward model that a stage asks for is there and fits."""
        asked = any(str(name).startswith("reward_model") for name in _reward_terms(link.stage, given))
        if link.reward is not None or not asked:
            return []
        field, named = f"{path}.reward_model", given.get("reward_model")
        if not isinstance(named, str) or not named:
            fitting = ", ".join(run.id for run in self._models_of_reward(spec.base)) or "none yet"
            return [
                Problem(
                    field,
                    "Reward model is empty. Add the stage reward_model to the pipeline, or name a finished reward model "
                    f"run on {spec.base} ({fitting}).",
                )
            ]
        told = self._unfit_reward_model(named, spec.base)
        return [Problem(field, told)] if told else []

    def _judge_problems(self, given: Mapping[str, Any], spec: PipelineSpec, path: str) -> list[Problem]:
        """Whether a judge that is named as a reward model run is one, and one that is a model can be used."""
        judge = str(given.get("judge", ""))
        if (model := judging_model(given)) is not None and model != spec.base:
            told = self._models.check(model)
            return [Problem(f"{path}.judge", told)] if told else []
        if not judge.startswith(REWARD_MODEL_AS_JUDGE):
            return []
        told = self._unfit_reward_model(judge.removeprefix(REWARD_MODEL_AS_JUDGE), spec.base)
        return [Problem(f"{path}.judge", told)] if told else []

    def _models_of_reward(self, base: str) -> list[Run]:
        """Finished reward model runs that fit a base."""
        runs = self._storage.runs.list(statuses=(RunStatus.SUCCEEDED,))
        return [run for run in runs if run.base == base and output_of(run) == "reward_model"]

    def _unfit_reward_model(self, named: str, base: str) -> str | None:
        try:
            source, step = self._checkpoint(named)
        except InvalidInput as error:
            return str(error)
        if output_of(source) != "reward_model":
            return f"{name_of(source)} trained no reward model. Name a run of the stage reward_model."
        if source.base != base:
            return (
                f"{name_of(source)} was trained on the base {source.base}, this pipeline's base is {base}: tokens and "
                f"weights would not fit. Name a reward model of {base}."
            )
        if source.status is not RunStatus.SUCCEEDED and "@" not in named:
            return (
                f"{name_of(source)} {source.status} before its end. Resume it, or name one of its checkpoints, e.g. "
                f"{source.id}@{step}."
            )
        return None


def _reward_terms(stage_name: str, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """The names of the reward terms that a stage would use."""
    field = stage(stage_name).settings.model_fields.get("rewards")
    if field is None:
        return ()
    terms = given.get("rewards", field.get_default(call_default_factory=True))
    return (*terms, given.get("veto", "")) if isinstance(terms, Mapping) else ()


def _stand_ins(link: StageLink) -> dict[str, Any]:
    """Values for the settings that will name runs of this pipeline; `Launching` puts the names in."""
    found = {"data": link.data, "reward_model": link.reward}
    return {name: f"stage:{position}" for name, position in found.items() if position is not None}


def _linked_problems(link: StageLink, named: Mapping[str, Any], path: str) -> list[Problem]:
    return [
        Problem(f"{path}.{name}", f"{name} comes from an earlier stage of this pipeline. Leave it out.")
        for name in _stand_ins(link)
        if named.get(name)
    ]


def _whole(kind: Stage, given: Mapping[str, Any], shape: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting; weights that are continued bring their shape."""
    known = {name: value for name, value in shape.items() if name in kind.settings.model_fields}
    return kind.settings.model_validate({**given, **known}).model_dump(mode="json")


def _option_problems(spec: PipelineSpec, method: Method) -> list[Problem]:
    return [*settings_problems(method.options, spec.options, path="options", title=method.title)]


def _stage_name_problems(spec: PipelineSpec, method: Method) -> list[Problem]:
    known = list(dict.fromkeys(link.name for link in method.plan(spec.options)))
    return [
        Problem(f"stages.{name}", f'{method.title} has no stage "{name}". {_advice(name, known)}')
        for name in spec.stages
        if name not in known
    ]


def _shape_of(stages: list[PlannedStage], parent: int | None, source: Run | None) -> dict[str, Any]:
    """The shape of the weights that a stage continues; empty if it starts from the base."""
    if parent is not None:
        settings: Mapping[str, Any] = stages[parent].settings
    else:
        settings = source.recipe.settings if source else {}
    shape = {name: settings[name] for name in ADAPTER_SHAPE if name in settings}
    if settings and "tuning" not in settings and shape:
        shape["tuning"] = "lora"  # runs from before there was a choice
    return shape


def _shape_problems(
    kind: Stage, given: Mapping[str, Any], shape: Mapping[str, Any], path: str
) -> list[Problem]:
    return [
        Problem(
            f"{path}.{name}",
            f"{kind.settings.model_fields[name].title} is {number(value)} in the weights that are continued, "
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
