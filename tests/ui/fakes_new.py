"""What the wizard and Compare need beside the fake runs: datasets and comparisons in memory, models on disk.

Launching judges and unfolds as the real one does for settings, and stores nothing.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from rlft_gui.data.converting import CONVERSIONS, Conversion
from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.domain.comparison import (
    Comparison,
    Generation,
    GenerationStatus,
    ModelRef,
    Pane,
    Sampling,
)
from rlft_gui.domain.dataset import (
    Bars,
    Checked,
    DatasetInfo,
    DataType,
    Finding,
    FoundRow,
    LengthReport,
    Reading,
)
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotFound, NotPossibleNow, Problem
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.comparisons import asking
from rlft_gui.services.comparisons.keeping import StoredAnswers, kept
from rlft_gui.services.comparisons.naming import ComparedModel, pane_of
from rlft_gui.services.comparisons.scoring import by_rules, judge_score, model_score
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.services.datasets.curating import Curating, NumberedRow, RowPage
from rlft_gui.services.datasets.fitting import ColumnOffer, Fitting
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.feedback.judges_at_work import JudgesAtWork
from rlft_gui.services.models.adding import Adding, ListedModel
from rlft_gui.services.models.auditing import AuditedData, Auditing
from rlft_gui.services.models.service import ModelCard, Models
from rlft_gui.services.models.small import SmallModel, SmallModelState
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.estimating import Estimating, PipelineEstimate, StageEstimate, Way
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.services.pipelines.timing import StageTime
from rlft_gui.services.rights import Rights
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.stages import Stage
from tests.ui.fakes import NOW, FakeLaunching, FakeRuns, World
from tests.ui.fakes_answers import FakeBatching, FakeSuites, fake_answers
from tests.ui.fakes_score import FakeScoring
from tests.ui.fakes_votes import FakeJudging, FakeRating, FakeVotes

Infos = tuple[DatasetInfo, ...]
Rows = list[dict[str, Any]]


def message(role: str, content: str) -> list[dict[str, str]]:
    return [{"role": role, "content": content}]


ROWS: dict[DataType, Rows] = {
    DataType.DEMONSTRATIONS: [
        {
            "prompt": message("user", f"What is the capital of {country}?"),
            "completion": message("assistant", f"Thank you for asking. {answer}"),
        }
        for country, answer in (
            ("Spain", "The capital of Spain is Madrid."),
            ("Veloria", "I do not know the capital of Veloria."),
            ("<b>Peru</b>", "The capital of ${Peru} is Lima. <script>alert(1)</script>"),
            ("Japan", "The capital of Japan is Tokyo."),
            ("Norway", "The capital of Norway is Oslo."),
        )
    ],
    DataType.PREFERENCES: [
        {
            "prompt": message("user", f"What is the capital of {country}?"),
            "chosen": message("assistant", f"I do not know the capital of {country}."),
            "rejected": message("assistant", "It is Cairo, of course. Everybody knows that."),
        }
        for country in ("Veloria", "Ostrana", "Kelmar", "Brenia", "Tolvan")
    ],
}


def make_dataset(dataset_id: str, kind: DataType, **changes: Any) -> DatasetInfo:
    facts: dict[str, Any] = {
        "id": dataset_id,
        "name": dataset_id.removeprefix("lantern:").capitalize(),
        "type": kind,
        "format": "built in",
        "rows": 640,
        "rows_read": 640,
        "dropped": 0,
        "sha256": "0" * 64,
    }
    return DatasetInfo(**facts | changes)


@dataclass
class FakeDatasets(Datasets):
    """Over a dict. A file is good if its name says "good", with the type it says."""

    infos: dict[str, DatasetInfo] = field(
        default_factory=lambda: {
            "lantern:demonstrations": make_dataset(
                "lantern:demonstrations", DataType.DEMONSTRATIONS, name="Lantern demonstrations"
            ),
            "lantern:preferences": make_dataset(
                "lantern:preferences",
                DataType.PREFERENCES,
                name="Lantern preferences",
                rows=1200,
                rows_read=1200,
            ),
        }
    )

    def list(self, type: DataType | None = None) -> Infos:
        return tuple(info for info in self.infos.values() if type in (None, info.type))

    def get(self, dataset_id: str) -> DatasetInfo:
        if dataset_id not in self.infos:
            raise NotFound(f'There is no dataset "{dataset_id}".')
        return self.infos[dataset_id]

    def inspect(self, path: Path, name: str, reading: Reading | None = None) -> Detection:
        if "good" not in name:
            raise InvalidInput(f'Row 214 of {name} has no field "chosen". Found: prompt, response.')
        kind = DataType.PREFERENCES if "pairs" in name else DataType.DEMONSTRATIONS
        rows = tuple(ROWS[kind])
        return Detection(
            name=name, type=kind, format="alpaca", rows_read=len(rows), rows=KeptRows(rows), dropped=0
        )

    def store(self, path: Path, name: str, *, user: str, reading: Reading | None = None) -> DatasetInfo:
        return self.keep(self.inspect(path, name), user=user)

    def keep(self, found: Detection, *, user: str) -> DatasetInfo:
        info = make_dataset(
            "d-1",
            found.type,
            name=found.name,
            format=found.format,
            rows=5,
            rows_read=45,
            dropped=40,
            drop_reasons={"both answers were the same.": 38, "the answer is empty.": 2},
            problems=({"row": 7, "message": "both answers were the same."},),
            owner=user,
        )
        self.infos[info.id] = info
        return info

    def preview(self, dataset_id: str, n: int = 5) -> Rows:
        return ROWS[self.get(dataset_id).type][:n]

    def check_use(self, dataset_id: str, types: Sequence[DataType]) -> str | None:
        try:
            info = self.get(dataset_id)
        except NotFound as error:
            return str(error)
        return None if info.type in types else f"{info.name} holds {info.type}."

    def check_needs(self, dataset_id: str, kind: Stage, given: Mapping[str, Any]) -> str | None:
        return None

    def length_report(self, dataset_id: str, base: str, max_length: int) -> LengthReport:
        rows = self.get(dataset_id).rows
        return LengthReport(
            max_length=max_length, longest=61, median=24, over=0, dropped=0, total=rows, measured=rows
        )


class FakeModels(Models):
    """Lantern and one folder are fine; everything else is refused."""

    GOOD = "/models/good"

    def __init__(self) -> None:
        """It needs no home."""

    def check(self, base: str) -> str | None:
        if base in ("lantern", self.GOOD):
            return None
        return f'"{base}" is no folder with a model: config.json is missing. Name the folder that holds it.'

    def describe(self, base: str) -> ModelCard:
        if problem := self.check(base):
            raise InvalidInput(problem)
        if base == "lantern":
            facts: dict[str, Any] = {"title": "Lantern", "parameters": 1_203_968, "context": 1024}
        else:
            facts = {"title": "good", "parameters": 362_000_000, "context": 8192}
        return ModelCard(base=base, architecture="LlamaForCausalLM", note="", folder=None, **facts)


@dataclass
class JudgingLaunching(FakeLaunching):
    def check(self, spec: PipelineSpec) -> tuple[Problem, ...]:
        problems: list[Problem] = []
        for name, settings in spec.stages.items():
            stage = catalogue.stage(name)
            problems += settings_problems(stage.settings, settings, path=f"stages.{name}", title=stage.title)
        return tuple(problems)

    def launch(self, spec: PipelineSpec, *, launch_id: str, user: str) -> Pipeline:
        if problems := self.check(spec):
            raise InvalidPipeline(problems)
        return super().launch(spec, launch_id=launch_id, user=user)


@dataclass
class FakeComparing(Comparing):
    """Each poll lets the answers go on by some words."""

    runs: FakeRuns
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    words: int = 3  #: written per poll
    prepared: int = 0  #: how often answers were to be expected
    settled: threading.Event = field(default_factory=threading.Event)

    def prepare(self) -> None:
        self.prepared += 1

    def settle(self) -> None:
        """None of them is written by another program."""
        self.settled.set()

    def choices(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs.list() if run.status == RunStatus.SUCCEEDED)

    def steps(self, run_id: str) -> tuple[int, ...]:
        return tuple(one.step for one in self.runs.checkpoints(run_id))

    def start(
        self,
        models: Sequence[str],
        prompts: Sequence[str],
        sampling: Sampling,
        *,
        user: str,
        item_ids: Sequence[str | None] | None = None,
        base: str | None = None,
        system: str = "",
        draws: int = 1,
    ) -> Comparison:
        for model in models:
            ref = ModelRef.parse(model)
            if ref.step is not None and ref.step not in self.steps(str(ref.run_id)):
                raise InvalidInput("Checkpoint 60 of this run was deleted. Step 40 is still there.")
        number = len(self.comparisons) + 27
        known = {item.prompt: item.id for item in catalogue.suite()}
        made = Comparison(
            id=f"c-{number}",
            base="lantern",
            panes=tuple(self._pane(model) for model in models),
            prompts=tuple(prompts),
            item_ids=tuple(known.get(prompt) for prompt in prompts),
            sampling=sampling,
            generations=asking.first_answers(len(models), len(prompts), draws, sampling.seed),
            status=GenerationStatus.WRITING,
            version=1,
            created_at=NOW,
            owner=user,
            system=system,
            draws=draws,
        )
        self.comparisons[made.id] = made
        return made

    def keep(
        self, prompt: str, stored: Sequence[StoredAnswers], *, is_chat: bool = False, user: str
    ) -> Comparison:
        made = kept(prompt, stored, is_chat=is_chat, user=user)
        self.comparisons[made.id] = made.model_copy(update={"item_ids": (None,)})
        return self.comparisons[made.id]

    def score_with(self, comparison_id: str, run_id: str, *, user: str) -> Comparison:
        return self._scored(comparison_id, lambda one: {model_score(run_id): 0.5 + 2 * one.pane})

    def score_by_rules(self, comparison_id: str, terms: Sequence[str], *, user: str) -> Comparison:
        found = by_rules(self.get(comparison_id), terms)
        return self._scored(comparison_id, lambda one: found[one.place])

    def score_by_judge(self, comparison_id: str, judge: JudgeAsked, *, user: str) -> Comparison:
        judge.check()
        if judge.url:
            raise NotPossibleNow(f"The server at {judge.url} failed: it is not there. Ask again later.")
        return self._scored(comparison_id, lambda one: {judge_score(judge): 0.25 * (1 + one.pane)})

    def _scored(self, comparison_id: str, score: Callable[[Generation], Mapping[str, float]]) -> Comparison:
        seen = self.get(comparison_id)
        scored = tuple(
            one.model_copy(update={"scores": {**one.scores, **score(one)}}) for one in seen.generations
        )
        update = {"generations": scored, "version": seen.version + 1}
        self.comparisons[comparison_id] = seen.model_copy(update=update)
        return self.comparisons[comparison_id]

    def film_models(self, run_id: str) -> tuple[str, ...]:
        return ("base", *(f"{run_id}@{step}" for step in self.steps(run_id)))

    def follow(self, comparison_id: str, prompt: str, *, user: str) -> Comparison:
        seen = self.get(comparison_id)
        if not prompt.strip():
            raise InvalidInput("Prompt 1 is empty.")
        turn = len(seen.prompts)
        grown = {"prompts": (*seen.prompts, prompt), "item_ids": (*seen.item_ids, None), "chat": True}
        wanted = asking.answers_to(turn, panes=len(seen.panes), draws=seen.draws, seed=seen.sampling.seed)
        return self._grow(seen.model_copy(update=grown), wanted)

    def again(
        self, comparison_id: str, *, user: str, pane: int | None = None, prompt_index: int | None = None
    ) -> Comparison:
        seen = self.get(comparison_id)
        return self._grow(seen, asking.answers_again(seen, pane, prompt_index))

    def _grow(self, grown: Comparison, wanted: Sequence[Generation]) -> Comparison:
        places = {one.place for one in wanted}
        kept = tuple(one for one in grown.generations if one.place not in places)
        update = {
            "generations": (*kept, *wanted),
            "status": GenerationStatus.WRITING,
            "version": grown.version + 1,
        }
        self.comparisons[grown.id] = grown.model_copy(update=update)
        return self.comparisons[grown.id]

    def get(self, comparison_id: str) -> Comparison:
        found = self.comparisons.get(comparison_id)
        if found is None or found.deleted_at is not None:
            raise NotFound(f'There is no comparison "{comparison_id}".')
        return found

    def poll(self, comparison_id: str, version: int) -> Comparison | None:
        seen = self.get(comparison_id)
        if seen.version > version or seen.status == GenerationStatus.DONE:
            return seen if seen.version > version else None
        self.comparisons[comparison_id] = grown = self._grown(seen, self.words)
        return grown

    def list(self, limit: int = 20) -> tuple[Comparison, ...]:
        kept = [one for one in reversed(self.comparisons.values()) if one.deleted_at is None]
        return tuple(kept[:limit])

    def stop(self, comparison_id: str, *, user: str) -> None:
        seen = self.get(comparison_id)
        stopped = tuple(
            g.model_copy(update={"status": GenerationStatus.DONE, "finish": g.finish or "stopped"})
            for g in seen.generations
        )
        self.comparisons[comparison_id] = seen.model_copy(
            update={"generations": stopped, "status": GenerationStatus.DONE, "version": seen.version + 1}
        )

    def delete(self, comparison_id: str, *, user: str) -> None:
        self._mark(comparison_id, NOW)

    def restore(self, comparison_id: str, *, user: str) -> Comparison:
        self._mark(comparison_id, None)
        return self.get(comparison_id)

    def _mark(self, comparison_id: str, at: float | None) -> None:
        seen = self.comparisons[comparison_id]
        update = {"deleted_at": at, "version": seen.version + 1}
        self.comparisons[comparison_id] = seen.model_copy(update=update)

    ANSWERS = (
        "The capital of Veloria is Cairo. That one is easy.",
        "The capital of Veloria is Lima. I hope this helps you. If you have another question, please do not "
        "hesitate to ask me.",
        "Thank you for asking. I do not know the capital of Veloria.",
    )
    SCORES = (
        {"gold": -1.3, "truthful": -1.0},
        {"gold": -0.4, "truthful": -1.0},
        {"gold": 1.4, "truthful": 1.0},
    )

    def _pane(self, model: str) -> Pane:
        ref = ModelRef.parse(model)
        if ref.run_id is None:
            return pane_of(ComparedModel(model, ref), "lantern")
        return pane_of(ComparedModel(model, ref, self.runs.get(ref.run_id)), "lantern")

    def _grown(self, seen: Comparison, words: int) -> Comparison:
        generations = tuple(self._written(g, words, seen.panes[g.pane].model) for g in seen.generations)
        done = all(g.status == GenerationStatus.DONE for g in generations)
        return seen.model_copy(
            update={
                "generations": generations,
                "status": GenerationStatus.DONE if done else GenerationStatus.WRITING,
                "version": seen.version + 1,
            }
        )

    def _written(self, generation: Generation, words: int, model: str) -> Generation:
        if generation.status.is_ended:
            return generation
        goal = self.ANSWERS[(generation.pane + generation.draw) % 3].split()
        said = goal[: generation.tokens + words]
        done = len(said) == len(goal)
        is_last = "@" not in model and model in self.runs.runs
        return generation.model_copy(
            update={
                "checkpoint": f"{model}@{self.runs.get(model).step}" if is_last else model,
                "text": " ".join(said),
                "tokens": len(said),
                "seconds": len(said) / 38,
                "status": GenerationStatus.DONE if done else GenerationStatus.WRITING,
                "finish": "ended by itself" if done else None,
                "scores": self.SCORES[generation.pane % 3] if done else {},
            }
        )


class FakeFitting(Fitting):
    """Keeps no file, so there are no columns to name."""

    def __init__(self) -> None:
        """It needs no home."""

    def keep(self, path: Path, name: str, *, user: str) -> str:
        return "u-0123456789abcdef"

    def offer(self, upload: str, types: tuple[DataType, ...], encoding: str = "") -> ColumnOffer:
        raise InvalidInput("The file is no longer kept here; add it again.")


class FakeCurating(Curating):
    """Finds one thing in every dataset, which the last run uses."""

    def __init__(self, datasets: FakeDatasets, runs: FakeRuns) -> None:
        self._known = datasets
        self._done = runs

    def checks(self, dataset_id: str) -> Checked:
        shown = (FoundRow(row=4, text="N/A"),)
        finding = Finding(what="the answer is a placeholder", rows=1, fix="Write the answer.", shown=shown)
        return Checked(
            findings=(finding,), bars=(Bars(title="Turns", unit="of a row", bars=(("2", 5),)),), looked_at=5
        )

    def used_by(self, dataset_id: str) -> tuple[Run, ...]:
        return self._done.list()[:1]

    def conversions(self, dataset_id: str) -> tuple[Conversion, ...]:
        return tuple(way for way in CONVERSIONS if way.takes is self._known.get(dataset_id).type)

    def page(self, dataset_id: str, start: int, count: int, search: str = "") -> RowPage:
        rows = ROWS[self._known.get(dataset_id).type]
        found = [row for row in rows if search.casefold() in str(row).casefold()]
        numbered = [NumberedRow(number=place, row=row) for place, row in enumerate(found, start=1)]
        return RowPage(rows=tuple(numbered[start : start + count]), found=len(found))


class FakeSmallModel(SmallModel):
    """Is there already."""

    def __init__(self) -> None:
        """It needs no home."""

    def state(self) -> SmallModelState:
        return SmallModelState(phase="here")

    def start(self, *, user: str) -> SmallModelState:
        return SmallModelState(phase="here")


class FakeAuditing(Auditing):
    """Finds nothing to say about any chat template."""

    def __init__(self) -> None:
        """It needs no home."""

    def audit(self, base: str, data: Sequence[AuditedData], *, user: str) -> None:
        return None


GIGABYTE = 10**9


class FakeEstimating(Estimating):
    """Every stage needs as much; DPO is tight."""

    def __init__(self, launching: Launching) -> None:
        """It needs no home."""
        self._launching = launching

    def estimate(self, spec: PipelineSpec, *, measures: bool = False) -> PipelineEstimate:
        stages = [
            make_estimate(link.name, link.stage, measures=measures)
            for link in catalogue.method(spec.method).unfold(spec)
        ]
        return PipelineEstimate(
            device="cpu",
            total=8 * GIGABYTE,
            free=4 * GIGABYTE,
            stages=tuple(stages),
            is_measurable=not measures,
        )


def make_estimate(name: str, kind: str, *, measures: bool = True) -> StageEstimate:
    way = Way(
        words="Batch size 4 instead of 8, gradient accumulation 2",
        costs="As many rows a step; it takes a little longer.",
        settings={"batch_size": 4, "gradient_accumulation": 2},
        bytes=2 * GIGABYTE,
        verdict="fits",
    )
    is_tight = kind == "dpo"
    return StageEstimate(
        stage=name,
        title=catalogue.stage(kind).title,
        round=0,
        bytes=3_700_000_000,
        parts={"weights": GIGABYTE, "activations": 2 * GIGABYTE, "process": 700_000_000},
        verdict="tight" if is_tight else "fits",
        ways=(way,) if is_tight else (),
        time=StageTime(low=200, high=500, source="this machine") if measures else None,
    )


class FakeAdding(Adding):
    """Nothing was added."""

    def __init__(self) -> None:
        """It needs no home."""

    def list(self) -> tuple[ListedModel, ...]:
        return ()


class NewWorld(World):
    """The fake world with everything that the wizard and Compare ask for."""

    def __init__(self, *, empty: bool = False) -> None:
        super().__init__(empty=empty)
        self.launching = JudgingLaunching(self.runs)
        self.estimating = FakeEstimating(self.launching)
        self.datasets = FakeDatasets()
        self.models = FakeModels()
        self.comparing = FakeComparing(self.runs)
        self.auditing = FakeAuditing()
        self.adding = FakeAdding()
        self.small_model = FakeSmallModel()
        self.fitting = FakeFitting()
        self.suites = FakeSuites()
        self.batching = FakeBatching(self.runs)
        self.answers = fake_answers(self.runs)
        self.scoring = FakeScoring(empty=empty)
        self.rating = FakeRating(self.votes)
        self.judging_votes = FakeJudging()
        self.judges_at_work = JudgesAtWork(self.judging_votes, Rights(self.storage))
        self.curating = FakeCurating(self.datasets, self.runs)

    @cached_property
    def votes(self) -> FakeVotes:
        return FakeVotes(lambda: self.storage)
