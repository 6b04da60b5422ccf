"""Compare: the same prompt answered by several models at once, and what was answered before.

The page asks for everything through server functions: what can be compared, to start, to go on, to draw again, to follow
by version, to stop, to delete. A comparison lives in rows, so a reload goes on where it was; the address names it.
"""

import gradio as gr

from rlft_gui.domain.comparison import Comparison, ModelRef
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.services.comparisons.exporting import exported
from rlft_gui.services.comparisons.film import curves_beside, film_of
from rlft_gui.services.comparisons.prompts import PromptOffer, offer_for
from rlft_gui.services.comparisons.scoring import run_scoring
from rlft_gui.services.comparisons.service import MOST_PROMPTS
from rlft_gui.services.comparisons.settings import CompareSettings
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.services.runs.labels import titled
from rlft_gui.ui.components.curves import serve_curves
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.scorers.offered import judge_asked, serve_score_choices
from rlft_gui.ui.contract import Nothing, serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.compare.payloads import (
    COMPARE_AGAIN,
    COMPARE_CHOICES,
    COMPARE_DELETE,
    COMPARE_EXPORT,
    COMPARE_FOLLOW,
    COMPARE_POLL,
    COMPARE_PROMPTS,
    COMPARE_RECENT,
    COMPARE_RESTORE,
    COMPARE_SCORE,
    COMPARE_START,
    COMPARE_STOP,
    AgainAsked,
    ComparableRun,
    CompareChoices,
    CompareForm,
    ComparisonAsked,
    ComparisonNamed,
    ComparisonProgress,
    ComparisonScoreAsked,
    ComparisonStarted,
    ComparisonView,
    EarlierComparison,
    EarlierComparisons,
    ExportAsked,
    Exported,
    FilmFacts,
    FollowAsked,
    ModelsAsked,
    ProgressAsked,
    SamplingField,
)

EARLIER = 5
#: The settings that stand beside the prompt, and those behind "More settings".
OFFERED, MORE = ("temperature", "seed"), ("max_new_tokens", "top_p", "draws", "system")
NO_PROMPT = "There is no prompt yet. Type a question, or choose one from the list."


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = Answers(services)
    fields = tuple(_sampling_field(name) for name in (*OFFERED, *MORE))
    part(
        "compare",
        CompareForm(sampling=fields, most_prompts=MOST_PROMPTS, typed=services.notice is None),
        module="pages/compare/page.js",
        serves=[
            serve(COMPARE_CHOICES, answers.choices),
            serve(COMPARE_PROMPTS, answers.prompts),
            serve(COMPARE_RECENT, answers.earlier),
            serve(COMPARE_START, answers.start),
            serve(COMPARE_FOLLOW, answers.follow),
            serve(COMPARE_AGAIN, answers.again),
            serve(COMPARE_SCORE, answers.score),
            serve(COMPARE_POLL, answers.poll),
            serve(COMPARE_STOP, answers.stop),
            serve(COMPARE_DELETE, answers.delete),
            serve(COMPARE_RESTORE, answers.restore),
            serve(COMPARE_EXPORT, answers.export),
            serve_curves(services),
            serve_score_choices(services),
        ],
        elem_id="compare",
    )


class Answers:
    """What the page's server functions answer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._comparing = services.comparing

    def choices(self, asked: ModelsAsked, _user: str) -> CompareChoices:
        """What can be compared: runs with a complete checkpoint, bases, and prompts.

        Asked as the page opens: while a person chooses, what answers can start.
        """
        self._comparing.prepare()
        runs = self._comparing.choices()
        bases = dict.fromkeys([LANTERN, *(run.base for run in runs)])
        titles = {base: self._base_title(base) for base in bases}
        models = asked.models or tuple(run.id for run in runs[:1])
        return CompareChoices(
            runs=tuple(self._comparable(run) for run in runs),
            bases={**titles, **self._other_bases(titles)},
            offer=offer_for(models, self._services.runs),
        )

    def prompts(self, asked: ModelsAsked, _user: str) -> PromptOffer:
        return offer_for(asked.models, self._services.runs)

    def earlier(self, _asked: Nothing, _user: str) -> EarlierComparisons:
        """What was compared before, newest first."""
        return EarlierComparisons(
            comparisons=tuple(_earlier(comparison) for comparison in self._comparing.list(EARLIER))
        )

    def start(self, asked: ComparisonAsked, user: str) -> ComparisonStarted:
        """A new comparison, or a sentence per field that stands in its way; nothing is stored then."""
        if problems := _problems(asked):
            return ComparisonStarted(problems=problems)
        settings = CompareSettings.model_validate(asked.sampling)
        try:
            models = self._comparing.film_models(asked.film_of) if asked.film_of else asked.models
            started = self._comparing.start(
                models,
                asked.prompts,
                settings.sampling,
                user=user,
                system=settings.system,
                draws=settings.draws,
            )
        except RlftError as refusal:
            field = (
                "prompt" if str(refusal).startswith(("Prompt ", "A comparison takes 1 to 20 p")) else "models"
            )
            return ComparisonStarted(problems={field: str(refusal)})
        return ComparisonStarted(view=self._view(started))

    def follow(self, asked: FollowAsked, user: str) -> ComparisonView:
        return self._view(self._comparing.follow(asked.id, asked.prompt, user=user))

    def again(self, asked: AgainAsked, user: str) -> ComparisonView:
        grown = self._comparing.again(asked.id, user=user, pane=asked.pane, prompt_index=asked.prompt_index)
        return self._view(grown)

    def score(self, asked: ComparisonScoreAsked, user: str) -> ComparisonView:
        if asked.run:
            self._comparing.score_with(asked.id, asked.run, user=user)
        if asked.terms:
            self._comparing.score_by_rules(asked.id, asked.terms, user=user)
        if asked.judge:
            self._comparing.score_by_judge(asked.id, judge_asked(asked.judge), user=user)
        return self._view(self._comparing.get(asked.id))

    def poll(self, asked: ProgressAsked, _user: str) -> ComparisonProgress:
        """The comparison if it has changed since the version that the page has; else nothing."""
        changed = self._comparing.poll(asked.id, asked.version)
        return ComparisonProgress(view=self._view(changed) if changed else None)

    def stop(self, asked: ComparisonNamed, user: str) -> Nothing:
        self._comparing.stop(asked.id, user=user)
        return Nothing()

    def delete(self, asked: ComparisonNamed, user: str) -> Nothing:
        self._comparing.delete(asked.id, user=user)
        return Nothing()

    def restore(self, asked: ComparisonNamed, user: str) -> ComparisonView:
        return self._view(self._comparing.restore(asked.id, user=user))

    def export(self, asked: ExportAsked, _user: str) -> Exported:
        comparison = self._comparing.get(asked.id)
        name = f"comparison-{comparison.id}.{asked.format}"
        return Exported(name=name, text=exported(comparison, asked.format))

    def _view(self, comparison: Comparison) -> ComparisonView:
        items = {item.id: item for item in catalogue.suite()}
        known = [items.get(item_id or "") for item_id in comparison.item_ids]
        return ComparisonView(
            comparison=comparison,
            criteria=tuple(tuple(catalogue.criteria(item)) if item else () for item in known),
            runs={pane.model: self._run_of(pane.model) for pane in comparison.panes},
            film=self._film(comparison),
            scorers=self._scorers(comparison),
        )

    def _scorers(self, comparison: Comparison) -> dict[str, str]:
        names = {name for one in comparison.generations for name in one.scores}
        runs = sorted(run_id for name in names if (run_id := run_scoring(name)))
        return {run_id: self._title(run_id) for run_id in runs}

    def _title(self, run_id: str) -> str:
        """Of a reward model; its run may be gone."""
        try:
            return self._services.runs.get(run_id).title or run_id
        except RlftError:
            return run_id

    def _film(self, comparison: Comparison) -> FilmFacts | None:
        found = film_of([pane.model for pane in comparison.panes])
        if found is None or len(comparison.prompts) > 1:
            return None
        run_id, steps = found
        reward, kl = curves_beside(run_id, self._services.runs)
        return FilmFacts(run=run_id, steps=steps, reward=reward, kl=kl)

    def _run_of(self, model: str) -> ComparableRun | None:
        try:
            ref = ModelRef.parse(model)
            return self._comparable(self._services.runs.get(ref.run_id)) if ref.run_id else None
        except RlftError:
            return None

    def _comparable(self, run: Run) -> ComparableRun:
        return ComparableRun(
            id=run.id,
            title=titled(run),
            palette=catalogue.palette(run.method, run.stage),
            base=run.base,
            pipeline=run.pipeline_id,
            step=run.step,
            steps=self._comparing.steps(run.id),
        )

    def _other_bases(self, known: dict[str, str]) -> dict[str, str]:
        """Models that were added, of which there is no run yet."""
        listed = (one for one in self._services.adding.list() if not one.problem)
        return {one.base: one.title for one in listed if one.base not in known}

    def _base_title(self, base: str) -> str:
        try:
            return self._services.models.describe(base).title
        except RlftError:
            return base


def _problems(asked: ComparisonAsked) -> dict[str, str]:
    problems = settings_problems(CompareSettings, asked.sampling, path="sampling", title="a first look")
    if not problems and not any(prompt.strip() for prompt in asked.prompts):
        return {"prompt": NO_PROMPT}
    return {problem.field.rpartition(".")[2]: problem.message for problem in problems}


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
    field = CompareSettings.model_fields[name]
    return SamplingField(
        name=name,
        title=field.title or name,
        about=field.description or "",
        default=field.default,
        kind="text" if name == "system" else "number",
        more=name in MORE,
    )


PAGE = Page("Compare", "compare", build, styles=("components/charts.css", "pages/compare/page.css"))
