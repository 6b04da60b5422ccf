"""From what a person asked for to queued runs. Nothing is stored until there is nothing wrong with it."""

import platform
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from rlft_gui import __version__
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotPossibleNow, Problem
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import GENERATED_BY, ParentRef, PipelineSpec, Recipe
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.launchers import LocalLauncher
from rlft_gui.methods import method
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.disk.naming import tell_named
from rlft_gui.services.disk.service import Disk
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.machine import devices
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.trying import Trying
from rlft_gui.services.pipelines.few_rows import few_pairs
from rlft_gui.services.pipelines.measuring import kept_out_in_words, seen_before, whole_measure
from rlft_gui.services.pipelines.named_models import named_models, renamed
from rlft_gui.services.pipelines.planning import Plan, PlannedStage, Planner
from rlft_gui.services.pipelines.room import DiskRoom, Room
from rlft_gui.services.runs.labels import STARTS_NEXT, name_of, starts_after
from rlft_gui.services.runs.turns import with_turns
from rlft_gui.storage import Storage

#: What a recipe names, for these decide what a run computes.
_LIBRARIES = ("torch", "transformers", "trl", "peft", "datasets")

#: Seconds before it is looked again whether what a run waits for is there.
PREPARED_SECONDS = 60.0
#: Seconds that the page which asks for it has to itself, to be drawn.
PREPARE_DELAY = 2.0

#: Letters and digits that cannot be taken for one another.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class Launching:
    """Safe to share between threads."""

    def __init__(
        self,
        home: Home,
        storage: Storage,
        datasets: Datasets,
        models: Models,
        keeper: KeeperStarter | None = None,
    ) -> None:
        self._home = home
        self._storage = storage
        self._datasets = datasets
        self._models = models
        self._planner = Planner(home, storage, datasets, models, Trying(home, models))
        self._disk = DiskRoom(home, models, datasets, Disk(home, storage))
        self._keeper = keeper or KeeperStarter(home)
        self._prepared: float | None = None  #: when

    def prepare(self) -> None:
        """Have what a run waits for start while a person still chooses; returns at once. Pages may call it as they please."""
        now = time.monotonic()
        if self._prepared is not None and now - self._prepared < PREPARED_SECONDS:
            return
        self._prepared = now
        launcher, device = LocalLauncher(is_warm=True), devices()[0]
        soon = threading.Timer(PREPARE_DELAY, launcher.prepare, (self._home, device))
        soon.name, soon.daemon = "prepare-worker", True
        soon.start()

    def check(self, spec: PipelineSpec) -> tuple[Problem, ...]:
        """Everything wrong with it, each beside its field."""
        located = self._located(spec)
        return self._judged(located, self._planner.plan(located)).problems

    def outline(self, spec: PipelineSpec) -> Plan:
        """The stages it unfolds into and what is wrong with them, without trying the base."""
        return self._planner.plan(self._located(spec))

    def room(self, spec: PipelineSpec) -> Room | None:
        """What its checkpoints will take of the disk; None where it cannot be told, or something is wrong."""
        located = self._located(spec)
        plan = self._planner.plan(located)
        return None if plan.problems else self._disk.room(plan.stages, located.base)

    def kept_out(self, spec: PipelineSpec) -> tuple[str, ...]:
        """Sentences on rows with held-out prompts: that will not be trained on, or that what is continued has learnt from."""
        told = kept_out_in_words(self._home, self._datasets, spec)
        return (*told, *seen_before(self._home, self._datasets, self._storage.runs.get, spec))

    def few_pairs(self, spec: PipelineSpec) -> tuple[str, ...]:
        """Sentences on stages that have too few pairs to learn from."""
        return few_pairs(self._datasets, spec)

    def plan(self, spec: PipelineSpec) -> tuple[PlannedStage, ...]:
        """The stages it unfolds into, the base tried.

        Raises:
            InvalidPipeline: something is wrong with it.
        """
        return self._sound(self._made_ready(spec)).stages

    def launch(self, spec: PipelineSpec, *, launch_id: str, user: str) -> Pipeline:
        """Queue its runs and see to it that a keeper lives. The same `launch_id` always gives the same pipeline.

        Raises:
            InvalidPipeline: something is wrong with it; nothing was stored.
            NotFound: a run or data that it takes something from was deleted meanwhile; nothing was stored.
            NotPossibleNow: data that it learns from was marked as held out meanwhile; nothing was stored.
        """
        launched = self._storage.runs.launched(launch_id)
        if launched is None:
            located = self._made_ready(spec)
            pipeline = with_turns(_pipeline(located, self._sound(located), user), self._storage)
            self._storage.transitions.add(pipeline, launch_id)
            sources = (ref for run in pipeline.runs for ref in run.recipe.sources().values())
            tell_named(self._home, self._storage, [ref.run_id for ref in sources if ref.step is not None])
            launched = self._storage.runs.launched(launch_id) or pipeline
        self._keeper.ensure()
        return launched

    def ensure_keeper(self) -> None:
        self._keeper.ensure()

    def _located(self, spec: PipelineSpec) -> PipelineSpec:
        """With folders of models by their whole path: workers run in another folder, and know no short names."""
        return renamed(spec, self._models.name_in_recipe)

    def _made_ready(self, spec: PipelineSpec) -> PipelineSpec:
        """As `_located`, and GGUF files converted, once nothing else is wrong: that takes its time."""
        located = self._located(spec)
        if not any(self._models.is_to_convert(model) for model in named_models(located)):
            return located
        if problems := self._planner.plan(located).problems:
            raise InvalidPipeline(problems)
        try:
            return renamed(located, self._models.make_ready)
        except (InvalidInput, NotPossibleNow) as error:
            raise InvalidPipeline((Problem("base", str(error)),)) from error

    def _judged(self, spec: PipelineSpec, plan: Plan) -> Plan:
        """With what is wrong about the disk, once nothing else is."""
        return plan if plan.problems else replace(plan, problems=self._disk.problems(plan.stages, spec.base))

    def _sound(self, spec: PipelineSpec) -> Plan:
        plan = self._judged(spec, self._planner.plan(spec, waits=True))
        if plan.problems:
            raise InvalidPipeline(plan.problems)
        return plan


def _pipeline(spec: PipelineSpec, plan: Plan, user: str) -> Pipeline:
    pipeline_id, now = new_id("p"), time.time()
    title = spec.title or method(spec.method).title
    runs: list[Run] = []
    for planned in plan.stages:
        parent = plan.start_from if planned.parent is None else ParentRef(run_id=runs[planned.parent].id)
        recipe = _recipe(spec, planned, pipeline_id, parent, runs)
        waits_for = [runs[i] for i in (planned.parent, planned.data, planned.reward) if i is not None]
        run = Run(
            id=recipe.run_id,
            pipeline_id=pipeline_id,
            position=len(runs),
            stage=planned.stage,
            method=spec.method,
            title=title,
            base=spec.base,
            status=RunStatus.QUEUED,
            reason=starts_after(name_of(waits_for[-1])) if waits_for else STARTS_NEXT,
            created_at=now,
            parent_run_id=parent.run_id if parent else None,
            recipe=recipe,
            owner=user,
        )
        runs.append(run)
    return Pipeline(
        id=pipeline_id,
        title=title,
        method=spec.method,
        base=spec.base,
        spec=spec,
        created_at=now,
        owner=user,
        runs=tuple(runs),
    )


def _recipe(
    spec: PipelineSpec,
    planned: PlannedStage,
    pipeline_id: str,
    parent: ParentRef | None,
    earlier: Sequence[Run],
) -> Recipe:
    settings = dict(planned.settings)
    if planned.data is not None:
        settings["data"] = f"{GENERATED_BY}{earlier[planned.data].id}"
    if planned.reward is not None:
        settings["reward_model"] = earlier[planned.reward].id
    return Recipe(
        run_id=new_id(planned.stage),
        pipeline_id=pipeline_id,
        method=spec.method,
        stage=planned.stage,
        base=spec.base,
        parent=parent,
        settings=settings,
        measure=whole_measure(spec),
        seed=spec.seed,
        round=planned.round,
        versions=versions(),
    )


def new_id(kind: str) -> str:
    """A name for a run or a pipeline, e.g. "sft-ab12cd"."""
    return f"{kind}-{''.join(secrets.choice(_ALPHABET) for _ in range(6))}"


def versions() -> dict[str, str]:
    """Of what decides what a run computes. Read from what is installed, without importing it."""
    found = {"rlft_gui": __version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
