"""Answers for the page of answers: batches and probes in memory, behind the real service that joins them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, Problem
from rlft_gui.domain.run import Pipeline, Run, Sample
from rlft_gui.domain.status import RunStatus
from rlft_gui.domain.suite import SuiteInfo, SuitePrompt
from rlft_gui.services.answers.batching import BatchSpec
from rlft_gui.services.answers.service import Answers
from tests.ui.fakes import NOW, FakeRuns, make_run

PROMPTS = tuple(
    SuitePrompt(
        id=f"known-{number:02}",
        kind="known" if number % 2 else "out_of_world",
        messages=({"role": "user", "content": f"What is the capital of country {number}?"},),
        right=f"City {number}",
    )
    for number in range(45)
)
GONE = "batch-gone"  #: its run is gone, its answers are not
SUITE = SuiteInfo(name="lantern", title="Lantern's suite", prompts=len(PROMPTS), origin="built in")


class FakeAnswerRows:
    """In place of storage.answers."""

    def __init__(self, runs: FakeRuns) -> None:
        self._runs = runs

    def prompts(self, _run_id: str) -> tuple[SuitePrompt, ...]:
        return PROMPTS

    def answers(self, _run_id: str, models: Sequence[str] | None = None) -> tuple[BatchAnswer, ...]:
        return tuple(answer(model, number) for model in models or ("base",) for number in range(len(PROMPTS)))

    def counts(self, run_id: str) -> tuple[int, int]:
        return len(PROMPTS), int(run_id == GONE)

    def probed_steps(self, run_id: str) -> tuple[int, ...]:
        return (0, 40, 80) if run_id in self._runs.runs else ()

    def probed(self, run_id: str, step: int) -> tuple[Sample, ...]:
        return tuple(
            Sample(
                step=step,
                item_id=prompt.id,
                kind=prompt.kind,
                prompt=prompt.question,
                completion=f"{run_id} at step {step}",
                scores={"gold": step / 80},
            )
            for prompt in PROMPTS
        )


def answer(model: str, number: int) -> BatchAnswer:
    """The base is right once in three, others twice; one prompt has no answer."""
    if number == 7:
        return BatchAnswer(
            model=model,
            item_id=PROMPTS[7].id,
            seed=0,
            error="A prompt has 900 tokens, and the model can read 512.",
        )
    more = " Truly, it is so." * 60 if number == 4 else ""
    is_right = number % 3 == 0 if model == "base" else number % 3 > 0
    return BatchAnswer(
        model=model,
        item_id=PROMPTS[number].id,
        seed=0,
        checkpoint=model,
        text=(f"The capital is City {number}." if is_right else "I do not know that, and nobody does.")
        + more,
        tokens=8,
        finish="ended by itself",
        scores={"gold": 1.0 if is_right else -1.0},
    )


class FakeSuites:
    def __init__(self) -> None:
        self.suites = [SUITE]

    def list(self) -> tuple[SuiteInfo, ...]:
        return tuple(self.suites)

    def write(self, title: str, text: str, *, user: str) -> SuiteInfo:
        if not text.strip():
            raise InvalidInput("There is no prompt yet. Write one a line.")
        prompts = len(set(text.splitlines()))
        made = SuiteInfo(name="d-0123456789", title=title, prompts=prompts, origin="written here")
        self.suites.append(made)
        return made


class FakeBatching:
    def __init__(self, runs: FakeRuns) -> None:
        self._runs = runs
        self.launched: list[BatchSpec] = []

    def wanted(self, _batch: Run) -> int | None:
        return 63

    def launch(self, spec: BatchSpec, *, launch_id: str, user: str) -> Pipeline:
        if not spec.models:
            raise InvalidPipeline((Problem("models", "Choose at least one model: base, RUN or RUN@step."),))
        self.launched.append(spec)
        run = make_run(
            "batch-new", stage="batch", method="batch", title="Lantern's suite", status=RunStatus.RUNNING
        )
        recipe = run.recipe.model_copy(update={"settings": {"models": list(spec.models)}})
        run = self._runs.add(run.model_copy(update={"recipe": recipe, "total_steps": 90, "step": 45}))
        made: Any = SimpleNamespace(runs=(run,), created_at=NOW)
        return made


def fake_answers(runs: FakeRuns) -> Answers:
    storage: Any = SimpleNamespace(answers=FakeAnswerRows(runs))
    return Answers(storage, runs)
