"""Compare: the same prompt answered by several models at once, and what was answered before.

The page asks for everything through server functions: what can be compared, to start, to follow by version, to stop.
A comparison lives in rows, so a reload goes on where it was; the address names models, prompt and comparison.
"""

import gradio as gr

from rlft_gui.domain.comparison import Comparison, ModelRef, Sampling
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.domain.suite import PromptItem
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.contract import Nothing, serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.compare.payloads import (
    COMPARE_CHOICES,
    COMPARE_POLL,
    COMPARE_RECENT,
    COMPARE_START,
    COMPARE_STOP,
    ComparableRun,
    CompareChoices,
    CompareForm,
    ComparisonAsked,
    ComparisonProgress,
    ComparisonStarted,
    ComparisonView,
    EarlierComparison,
    EarlierComparisons,
    ProgressAsked,
    SamplingField,
    StopAsked,
    SuitePrompt,
)

EARLIER = 5
#: The sampling settings that the page offers; the others keep their defaults.
OFFERED = ("temperature", "seed", "max_new_tokens")
NO_PROMPT = "There is no prompt yet. Type a question, or choose one from the suite."


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = Answers(services)
    part(
        "compare",
        CompareForm(sampling=tuple(_sampling_field(name) for name in OFFERED)),
        module="pages/compare/page.js",
        serves=[
            serve(COMPARE_CHOICES, answers.choices),
            serve(COMPARE_RECENT, answers.earlier),
            serve(COMPARE_START, answers.start),
            serve(COMPARE_POLL, answers.poll),
            serve(COMPARE_STOP, answers.stop),
        ],
        elem_id="compare",
    )


class Answers:
    """What the page's server functions answer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._comparing = services.comparing

    def choices(self, _asked: Nothing, _user: str) -> CompareChoices:
        """What can be compared: runs with a complete checkpoint, and the suite's prompts.

        Asked as the page opens: while a person chooses, what answers can start.
        """
        self._comparing.prepare()
        runs = self._comparing.choices()
        bases = dict.fromkeys([LANTERN, *(run.base for run in runs)])
        return CompareChoices(
            runs=tuple(_comparable(run) for run in runs),
            bases={base: self._base_title(base) for base in bases},
            suite=tuple(_suite_prompt(item) for item in catalogue.suite()),
        )

    def earlier(self, _asked: Nothing, _user: str) -> EarlierComparisons:
        """What was compared before, newest first."""
        return EarlierComparisons(
            comparisons=tuple(_earlier(comparison) for comparison in self._comparing.list(EARLIER))
        )

    def start(self, asked: ComparisonAsked, user: str) -> ComparisonStarted:
        """A new comparison, or a sentence per field that stands in its way; nothing is stored then."""
        if problems := _problems(asked):
            return ComparisonStarted(problems=problems)
        try:
            started = self._comparing.start(
                asked.models,
                [asked.prompt],
                Sampling.model_validate(asked.sampling),
                user=user,
                item_ids=[asked.item_id],
            )
        except RlftError as refusal:
            return ComparisonStarted(problems={"models": str(refusal)})
        return ComparisonStarted(view=self._view(started))

    def poll(self, asked: ProgressAsked, _user: str) -> ComparisonProgress:
        """The comparison if it has changed since the version that the page has; else nothing."""
        changed = self._comparing.poll(asked.id, asked.version)
        return ComparisonProgress(view=self._view(changed) if changed else None)

    def stop(self, asked: StopAsked, user: str) -> Nothing:
        self._comparing.stop(asked.id, user=user)
        return Nothing()

    def _view(self, comparison: Comparison) -> ComparisonView:
        items = {item.id: item for item in catalogue.suite()}
        known = [items.get(item_id or "") for item_id in comparison.item_ids]
        return ComparisonView(
            comparison=comparison,
            criteria=tuple(tuple(catalogue.criteria(item)) if item else () for item in known),
            runs={pane.model: self._run_of(pane.model) for pane in comparison.panes},
        )

    def _run_of(self, model: str) -> ComparableRun | None:
        ref = ModelRef.parse(model)
        try:
            return _comparable(self._services.runs.get(ref.run_id)) if ref.run_id else None
        except RlftError:
            return None

    def _base_title(self, base: str) -> str:
        try:
            return self._services.models.describe(base).title
        except RlftError:
            return base


def _problems(asked: ComparisonAsked) -> dict[str, str]:
    problems = settings_problems(Sampling, asked.sampling, path="sampling", title="a first look")
    if not problems and not asked.prompt.strip():
        return {"prompt": NO_PROMPT}
    return {problem.field.rpartition(".")[2]: problem.message for problem in problems}


def _comparable(run: Run) -> ComparableRun:
    return ComparableRun(
        id=run.id,
        title=f"{run.title or run.id} · {catalogue.stage(run.stage).title}",
        palette=catalogue.palette(run.method, run.stage),
        base=run.base,
        pipeline=run.pipeline_id,
        step=run.step,
    )


def _suite_prompt(item: PromptItem) -> SuitePrompt:
    return SuitePrompt(id=item.id, kind=item.kind, prompt=item.prompt, note=item.note)


def _earlier(comparison: Comparison) -> EarlierComparison:
    return EarlierComparison(
        id=comparison.id,
        prompt=comparison.prompts[0],
        more_prompts=len(comparison.prompts) - 1,
        panes=comparison.panes,
        sampling=comparison.sampling,
        created_at=comparison.created_at,
    )


def _sampling_field(name: str) -> SamplingField:
    field = Sampling.model_fields[name]
    return SamplingField(
        name=name, title=field.title or name, about=field.description or "", default=field.default
    )


PAGE = Page("Compare", "compare", build, styles=("pages/compare/page.css",))
