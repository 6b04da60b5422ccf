"""From models and a suite to a queued batch: a run with folder, recipe and row, of which nothing is trained."""

import shlex
import time
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotFound, Problem, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, ParentRef, PipelineSpec, Recipe
from rlft_gui.domain.reward_terms import parse
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.inference.protocol import MOST_MODELS
from rlft_gui.lantern.suite import NAME as LANTERN_SUITE
from rlft_gui.services.answers.suites import Suites
from rlft_gui.services.disk.naming import tell_named
from rlft_gui.services.disk.service import Disk
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.models.service import Models
from rlft_gui.services.pipelines.launching import new_id, versions
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.services.runs.labels import STARTS_NEXT, name_of
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.runs.turns import with_turns
from rlft_gui.stages import stage
from rlft_gui.stages._shared.measure import MeasureSettings
from rlft_gui.storage import Storage
from rlft_gui.training.models import checkpoints

BATCH = "batch"  #: the stage, and what such a pipeline calls its method


class BatchSpec(Frozen):
    """What a person asks for.

    Attributes:
        models: "base", "RUN" or "RUN@step".
        suite: a name that `Suites.find` knows.
        base: what "base" is; "" for the base of the runs, or Lantern without runs.
        settings: of the stage, without models: "seeds", "temperature", "top_p", "max_new_tokens", "system".
        measure: what scores answers, as in a pipeline: "rewards" and what those need.
    """

    models: tuple[str, ...]
    suite: str = LANTERN_SUITE
    base: str = ""
    seed: int = Field(0, ge=0, le=2**31 - 1)
    settings: dict[str, Any] = Field(default_factory=dict)
    measure: dict[str, Any] = Field(default_factory=dict)
    title: str = Field("", max_length=80)


class Batching:
    """Safe to share between threads."""

    def __init__(
        self,
        home: Home,
        storage: Storage,
        runs: Runs,
        models: Models,
        suites: Suites,
        keeper: KeeperStarter | None = None,
    ) -> None:
        self._home = home
        self._storage = storage
        self._runs = runs
        self._models = models
        self._suites = suites
        self._disk = Disk(home, storage)
        self._keeper = keeper or KeeperStarter(home)

    def launch(self, spec: BatchSpec, *, launch_id: str, user: str) -> Pipeline:
        """Queue it and see to it that a keeper lives. The same `launch_id` always gives the same batch.

        A run without a step means its newest checkpoint now: a batch that is resumed must not go on with another.

        Raises:
            InvalidPipeline: something is wrong with it; nothing was stored.
            NotFound: the suite was deleted meanwhile; nothing was stored.
            NotPossibleNow: the home's budget of the disk is passed.
        """
        launched = self._storage.runs.launched(launch_id)
        if launched is None:
            self._disk.refuse_if_passed()
            pipeline = with_turns(self._pipeline(spec, user), self._storage)
            self._storage.transitions.add(pipeline, launch_id)
            models = pipeline.runs[0].recipe.settings["models"]
            tell_named(self._home, self._storage, [name.partition("@")[0] for name in models if "@" in name])
            launched = self._storage.runs.launched(launch_id) or pipeline
        self._keeper.ensure()
        return launched

    def wanted(self, batch: Run) -> int | None:
        """How many answers it asks for, before its worker has counted them; None if its suite cannot be found."""
        settings = batch.recipe.settings
        try:
            suite = self._suites.find(batch.recipe.measure.get("held_out") or LANTERN_SUITE)
        except RlftError:
            return None
        return suite.prompts * len(settings["models"]) * int(settings["seeds"])

    def spec_of(self, run_id: str) -> BatchSpec:
        """What asks for the same batch again.

        Raises:
            NotFound: there is no such batch.
        """
        run = self._runs.get(run_id)
        if run.stage != BATCH:
            raise NotFound(f"{name_of(run)} is no batch.")
        recipe = run.recipe
        settings = dict(recipe.settings)
        models = tuple(str(name) for name in settings.pop("models", ()))
        measure = dict(recipe.measure)
        suite = str(measure.pop("held_out", "") or LANTERN_SUITE)
        return BatchSpec(
            models=models, suite=suite, base=recipe.base, seed=recipe.seed, settings=settings, measure=measure
        )

    def _pipeline(self, spec: BatchSpec, user: str) -> Pipeline:
        runs, models, problems = self._resolved(spec.models)
        base = "" if problems else self._base(spec, runs, problems)
        title, suite = self._suite(spec, problems)
        # What is wrong with the models was told above, in words that know the runs.
        settings = {**spec.settings, "models": ["base"] if problems else list(models)}
        problems += settings_problems(stage(BATCH).settings, settings, path=BATCH, title="a batch")
        measure = {**spec.measure, "held_out": "" if suite == LANTERN_SUITE else suite}
        problems += settings_problems(MeasureSettings, measure, path="measure", title="the scores")
        if not problems:
            problems += self._reward_problems(MeasureSettings.model_validate(measure), base)
        if problems:
            raise InvalidPipeline(tuple(problems))
        whole = stage(BATCH).settings.model_validate(settings).model_dump(mode="json")
        judged = MeasureSettings.model_validate(measure).model_dump(mode="json")
        pipeline = PipelineSpec(
            title=spec.title or title,
            method=BATCH,
            base=base,
            seed=spec.seed,
            stages={BATCH: whole},
            measure=judged,
        )
        return _queued(pipeline, user)

    def _resolved(self, names: Sequence[str]) -> tuple[list[Run], list[str], list[Problem]]:
        """The runs that are named, and the models with their steps."""
        runs: list[Run] = []
        models: dict[str, list[str]] = {}
        problems: list[Problem] = []
        for name in names:
            try:
                run, model = self._model(name)
            except RlftError as error:
                problems.append(Problem("models", str(error)))
                continue
            models.setdefault(model, []).append(name)
            runs += [run] if run else []
        problems += [_named_again(called) for called in models.values() if len(called) > 1]
        if not names:
            problems.append(Problem("models", "Choose at least one model: base, RUN or RUN@step."))
        if len(models) > MOST_MODELS:
            told = f"{len(models)} models were named, and {MOST_MODELS} fit. Leave some out, or make two batches."
            problems.append(Problem("models", told))
        return runs, list(models), problems

    def _model(self, name: str) -> tuple[Run | None, str]:
        ref = ModelRef.parse_for_batch(name)
        if ref.run_id is None:
            return None, "base"
        run = self._runs.get(ref.run_id)
        if output_of(run) != "policy":
            raise InvalidInput(
                f"{name_of(run)} trained no policy, so it writes no answers. Choose another run."
            )
        path = checkpoints.resolve(self._home.run(run.id), ref.step)
        return run, f"{run.id}@{path.name.removeprefix('step-')}"

    def _base(self, spec: BatchSpec, runs: Sequence[Run], problems: list[Problem]) -> str:
        """What "base" is, and by whose tokens reward models score."""
        if spec.base:
            if told := self._models.check(spec.base):
                problems.append(Problem("base", told))
                return spec.base
            return self._models.make_ready(spec.base)  # a GGUF file is converted first
        bases = list(dict.fromkeys(run.base for run in runs))
        if len(bases) > 1 and "base" in spec.models:
            told = f'"base" could mean several models, for the runs come from {", ".join(bases)}. Say which, with base.'
            problems.append(Problem("base", told))
        return bases[0] if bases else LANTERN

    def _suite(self, spec: BatchSpec, problems: list[Problem]) -> tuple[str, str]:
        """A title for the batch, and the id of its suite."""
        try:
            found = self._suites.find(spec.suite)
            if not self._suites.get(found.name):
                problems.append(Problem("suite", f"{found.title} has no prompts. Choose another suite."))
        except RlftError as error:
            problems.append(Problem("suite", str(error)))
            return "", ""
        return found.title[:80], found.name

    def _reward_problems(self, measure: MeasureSettings, base: str) -> list[Problem]:
        if empty := [name for name, weight in measure.rewards.items() if weight == 0]:
            told = f'The reward "{empty[0]}" weighs 0, so it asks for nothing. Give it 1 as weight, or leave it out.'
            return [Problem("measure.rewards", told)]
        if not any(parse(name).kind == "reward_model" for name in measure.rewards):
            return []
        try:
            run = self._runs.get(ParentRef.parse(measure.reward_model).run_id)
        except RlftError as error:
            told = str(error) if measure.reward_model else "Reward model is empty. Name a finished one."
            return [Problem("measure.reward_model", told)]
        if output_of(run) == "reward_model" and run.base == base:
            return []
        told = f"{name_of(run)} is no reward model on the base {base}. Name another."
        return [Problem("measure.reward_model", told)]


def command_of(recipe: Recipe) -> str:
    """What asks for the same batch on a terminal."""
    settings, measure = recipe.settings, recipe.measure
    words = ["--models", ",".join(settings["models"]), "--suite", measure.get("held_out") or LANTERN_SUITE]
    if recipe.seed:
        words += ["--seed", str(recipe.seed)]
    usual = stage(BATCH).whole({})
    for name in ("seeds", "temperature", "top_p", "max_new_tokens", "system"):
        if settings[name] != usual[name]:
            words += [f"--{name.replace('_', '-')}", str(settings[name])]
    for term in measure.get("rewards") or ():
        words += ["--reward", str(term)]
    if measure.get("reward_model"):
        words += ["--reward-model", str(measure["reward_model"])]
    if recipe.base != LANTERN:
        words += ["--base", recipe.base]
    return shlex.join(["rlft", BATCH, *words])


def _named_again(called: Sequence[str]) -> Problem:
    """One model under several names, or several times under one."""
    names = [f'"{name}"' for name in dict.fromkeys(called)]
    times = "twice" if len(called) == 2 else f"{len(called)} times"
    told = f"{' and '.join(names)} are the same model" if len(names) > 1 else f"{names[0]} is named {times}"
    return Problem("models", f"{told}. Name each model once.")


def _queued(spec: PipelineSpec, user: str) -> Pipeline:
    pipeline_id, run_id, now = new_id("p"), new_id(BATCH), time.time()
    recipe = Recipe(
        run_id=run_id,
        pipeline_id=pipeline_id,
        method=BATCH,
        stage=BATCH,
        base=spec.base,
        settings=spec.stages[BATCH],
        measure=spec.measure,
        seed=spec.seed,
        versions=versions(),
    )
    run = Run(
        id=run_id,
        pipeline_id=pipeline_id,
        position=0,
        stage=BATCH,
        method=BATCH,
        title=spec.title,
        base=spec.base,
        status=RunStatus.QUEUED,
        reason=STARTS_NEXT,
        created_at=now,
        recipe=recipe,
        owner=user,
    )
    return Pipeline(
        id=pipeline_id,
        title=spec.title,
        method=BATCH,
        base=spec.base,
        spec=spec,
        created_at=now,
        owner=user,
        runs=(run,),
    )
