"""Answers: one table across runs, a row a prompt and a column a model, and the form that launches a batch.

What is shown stands in the address. Rows come in pages; the overview (scatter and win rates) is asked for apart.
"""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidPipeline, NotFound, RlftError
from rlft_gui.domain.reward_text import read_rewards, write_rewards
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services
from rlft_gui.services.answers.batching import BatchSpec
from rlft_gui.services.answers.drawn import in_words
from rlft_gui.services.answers.joined import Joined, win_rate
from rlft_gui.services.answers.service import Column, apart
from rlft_gui.services.answers.suites import repeats_in
from rlft_gui.services.answers.view import Look, rows
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.catalogue import BASE_PALETTE, palette
from rlft_gui.services.runs.labels import titled
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.payloads import RunCard
from rlft_gui.ui.components.run_card import run_card
from rlft_gui.ui.contract import Nothing, serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.answers.payloads import (
    ANSWER_CHOICES,
    ANSWER_PANES,
    ANSWERS_OVERVIEW,
    ANSWERS_PAGE,
    BATCH_AGAIN,
    BATCH_START,
    SUITE_WRITE,
    AnswerCell,
    AnswerChoices,
    AnswerColumn,
    AnswerPoint,
    AnswerRow,
    AnswersAsked,
    AnswerSource,
    AnswersOverview,
    AnswersOverviewAsked,
    AnswersPage,
    AnswerWins,
    BatchAgain,
    BatchAgainAsked,
    BatchAsked,
    BatchModel,
    BatchStarted,
    PanesAsked,
    PanesKept,
    SuiteAsked,
    SuiteWritten,
)

PAGE_SIZE = 20
_LONGEST_SHOWN = 4_000  #: characters of an answer in the table; Compare shows all of it
_BY_MODEL = ("reward_model", 1.0)  #: the term, and its weight, that a chosen reward model brings
_POINT_WORDS = 160  #: characters of a prompt beside a point


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    launching = _Launching(services)
    part(
        "answers",
        module="pages/answers/page.js",
        serves=[
            serve(ANSWERS_PAGE, answers.page),
            serve(ANSWERS_OVERVIEW, answers.overview),
            serve(ANSWER_PANES, answers.panes),
            serve(ANSWER_CHOICES, launching.choices),
            serve(BATCH_START, launching.start),
            serve(BATCH_AGAIN, launching.again),
            serve(SUITE_WRITE, launching.write),
        ],
        elem_id="answers",
    )


class _Answers:
    """The table."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self, asked: AnswersAsked, _user: str) -> AnswersPage:
        batch = "" if asked.columns else asked.batch or self._newest()
        columns = self._services.answers.columns(asked.columns or self._of(batch))
        joined = self._services.answers.joined(columns)
        look = _look(asked, joined)
        found = rows(joined, look)
        shown = found[asked.offset : asked.offset + PAGE_SIZE]
        batches = {one.source.id: one.source for one in columns if one.source and not one.is_probe}
        return AnswersPage(
            batch=batch,
            columns=tuple(_column(one, joined, look) for one in columns),
            baseline=look.baseline,
            other=look.other,
            score=look.score,
            scores=joined.score_names(),
            kinds=joined.kinds(),
            rows=tuple(
                AnswerRow(
                    item=one.item_id,
                    kind=one.kind,
                    question=one.question,
                    right=one.right[:_LONGEST_SHOWN],
                    cells=_cells(joined, one.item_id, look),
                )
                for one in shown
            ),
            total=len(found),
            all=len(joined.asked),
            size=PAGE_SIZE,
            sources=tuple(self._batch_card(run) for run in batches.values()),
            apart=apart(columns, joined),
            failed=sum(self._services.answers.counts(run)[1] for run in batches),
        )

    def overview(self, asked: AnswersOverviewAsked, _user: str) -> AnswersOverview:
        joined = self._services.answers.joined(self._services.answers.columns(asked.columns))
        return AnswersOverview(points=_points(joined, asked), wins=_wins(joined, asked.score))

    def _batch_card(self, run: Run) -> RunCard:
        """With how many answers are wanted, also while it waits."""
        card = run_card(run)
        is_counted = card.total_steps is not None or run.status is not RunStatus.QUEUED
        return (
            card
            if is_counted
            else card.model_copy(update={"total_steps": self._services.batching.wanted(run)})
        )

    def panes(self, asked: PanesAsked, user: str) -> PanesKept:
        """A comparison of the stored answers to a prompt, for Compare to show."""
        answers = self._services.answers
        found = answers.stored(answers.columns(asked.columns), asked.item)
        made = self._services.comparing.keep(found.question, found.panes, is_chat=found.is_chat, user=user)
        return PanesKept(comparison=made.id)

    def _newest(self) -> str:
        newest = self._services.answers.batches(1)
        return newest[0].id if newest else ""

    def _of(self, batch: str) -> Sequence[str]:
        return self._services.answers.columns_of(batch) if batch else ()


def _look(asked: AnswersAsked, joined: Joined) -> Look:
    """As asked, with what is there in place of what is not."""
    names, scores = joined.columns, joined.score_names()
    baseline = asked.baseline if asked.baseline in names else (names[0] if names else "")
    others = [name for name in names if name != baseline]
    return Look(
        baseline=baseline,
        other=asked.other if asked.other in others else (others[0] if others else baseline),
        score=asked.score if asked.score in scores else scores[0],
        order=asked.order,
        kind=asked.kind,
        text=asked.text,
        result=asked.result,
    )


def _column(column: Column, joined: Joined, look: Look) -> AnswerColumn:
    outcomes = list(joined.outcomes(look.baseline, column.key, look.score).values())
    cells = [row[column.key] for row in joined.cells.values() if column.key in row]
    scores = [score for cell in cells if (score := cell.score(look.score)) is not None]
    return AnswerColumn(
        key=column.key,
        title=_title(column.run, column.model, column.source),
        sub=_sub(column),
        palette=palette(column.run.method, column.run.stage) if column.run else BASE_PALETTE,
        model=column.model,
        source="" if column.is_probe else column.key.partition(":")[0],
        drawn=in_words(column.drawn) if column.drawn else "",
        step=column.step,
        steps=column.steps,
        answers=len(cells),
        mean=sum(scores) / len(scores) if scores else None,
        wins=outcomes.count("win"),
        losses=outcomes.count("loss"),
        ties=outcomes.count("tie"),
    )


def _title(run: Run | None, model: str, source: Run | None = None) -> str:
    if run is not None:
        return titled(run)
    return f"Base, {base_title(source.base) if source else 'Lantern'}" if model == "base" else model


def _sub(column: Column) -> str:
    step = "" if column.step is None else f"step {column.step}"
    if column.is_probe:
        return f"probe, {step}" if step else "no probe kept any answer yet"
    return ", ".join(filter(None, (step, column.key.partition(":")[0])))


def _cells(joined: Joined, item: str, look: Look) -> tuple[AnswerCell, ...]:
    row = joined.cells[item]
    found = []
    for key in joined.columns:
        if key not in row:
            continue
        cell = row[key]
        first = cell.first
        others = [one.text for one in cell.answers if one is not first and one.error is None]
        found.append(
            AnswerCell(
                column=key,
                text=first.text[:_LONGEST_SHOWN],
                error=first.error,
                finish=first.finish,
                words=len(first.text.split()),
                seeds=len(cell.answers),
                score=cell.score(look.score),
                spread=cell.spread(look.score),
                delta=None if key == look.baseline else joined.delta(item, look.baseline, key, look.score),
                others=tuple(text[:_LONGEST_SHOWN] for text in others),
            )
        )
    return tuple(found)


def _points(joined: Joined, asked: AnswersOverviewAsked) -> tuple[AnswerPoint, ...]:
    found = []
    for one in joined.asked:
        row = joined.cells[one.item_id]
        if asked.baseline not in row or asked.other not in row:
            continue
        a, b = row[asked.baseline].score(asked.score), row[asked.other].score(asked.score)
        if a is not None and b is not None:
            found.append(AnswerPoint(item=one.item_id, question=one.question[:_POINT_WORDS], a=a, b=b))
    return tuple(found)


def _wins(joined: Joined, score: str) -> tuple[AnswerWins, ...]:
    found = []
    for column in joined.columns:
        for over in joined.columns:
            rate = None if column == over else win_rate(joined.outcomes(over, column, score))
            if rate is not None:
                found.append(
                    AnswerWins(
                        column=column,
                        over=over,
                        rate=rate.rate,
                        low=rate.low,
                        high=rate.high,
                        prompts=rate.prompts,
                    )
                )
    return tuple(found)


def _measure(asked: BatchAsked) -> dict[str, Any]:
    """What scores answers: the terms that were written, and the reward model that was chosen.

    Raises:
        ValueError: a line is no term.
    """
    terms = read_rewards(asked.rewards) if asked.rewards.strip() else {}
    if asked.reward_model:
        terms = {**dict([_BY_MODEL]), **terms}
    return {"rewards": terms, "reward_model": asked.reward_model} if terms else {}


class _Launching:
    """The form."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def choices(self, _asked: Nothing, _user: str) -> AnswerChoices:
        return AnswerChoices(
            batches=tuple(self._batch(run) for run in self._services.answers.batches()),
            probes=tuple(_source(run) for run in self._services.answers.probed()),
            models=tuple(self._models()),
            reward_models=tuple(self._reward_models()),
            suites=self._services.suites.list(),
        )

    def start(self, asked: BatchAsked, user: str) -> BatchStarted:
        """A new batch, or a sentence per field; nothing is stored then."""
        settings = dict(asked.typed)
        try:
            measure = _measure(asked)
            seed = settings.pop("seed", 0) or 0
            spec = BatchSpec.model_validate(
                {
                    "models": asked.models,
                    "suite": asked.suite,
                    "seed": seed,
                    "settings": settings,
                    "measure": measure,
                }
            )
            launched = self._services.batching.launch(spec, launch_id=asked.launch, user=user)
        except InvalidPipeline as refusal:
            return BatchStarted(
                problems={one.field.rpartition(".")[2]: one.message for one in refusal.problems}
            )
        except RlftError as refusal:
            return BatchStarted(problems={"models": str(refusal)})
        except ValueError as refusal:  # of the rewards' text, or of the seed
            is_seed = "seed" in str(refusal)
            told = "The seed is a whole number from 0 on." if is_seed else str(refusal)
            return BatchStarted(problems={"seed" if is_seed else "rewards": told})
        return BatchStarted(run=launched.runs[0].id)

    def again(self, asked: BatchAgainAsked, _user: str) -> BatchAgain:
        """What fills the form for a batch like this one."""
        spec = self._services.batching.spec_of(asked.run)
        rewards = {
            term: weight
            for term, weight in (spec.measure.get("rewards") or {}).items()
            if (term, weight) != _BY_MODEL
        }
        return BatchAgain(
            models=spec.models,
            suite=spec.suite,
            typed={**spec.settings, "seed": spec.seed},
            rewards=write_rewards(rewards),
            reward_model=str(spec.measure.get("reward_model") or ""),
        )

    def write(self, asked: SuiteAsked, user: str) -> SuiteWritten:
        try:
            suite = self._services.suites.write(asked.name, asked.text, user=user)
            return SuiteWritten(suite=suite, repeats=repeats_in(asked.text))
        except RlftError as refusal:
            return SuiteWritten(problem=str(refusal))

    def _models(self) -> list[BatchModel]:
        found = [BatchModel(key="base", title="Base", palette=BASE_PALETTE, base="")]
        for run in self._services.comparing.choices():
            steps: list[int | None] = [one.step for one in self._services.runs.checkpoints(run.id)]
            for step in steps[::-1] or [None]:
                key = run.id if step is None else f"{run.id}@{step}"
                where = "" if step is None else f", step {step}"
                found.append(
                    BatchModel(
                        key=key,
                        title=f"{_title(run, key)}{where}",
                        palette=palette(run.method, run.stage),
                        base=base_title(run.base),
                    )
                )
        return found

    def _reward_models(self) -> list[BatchModel]:
        return [
            BatchModel(
                key=run.id,
                title=titled(run),
                palette=palette(run.method, run.stage),
                base=base_title(run.base),
            )
            for run in self._services.scoring.choices()
        ]

    def _batch(self, run: Run) -> AnswerSource:
        columns = self._services.answers.columns_of(run.id)
        models = [key.partition(":")[2] for key in columns]
        return _source(run, columns, tuple(self._model_title(model, run) for model in models))

    def _model_title(self, model: str, batch: Run) -> str:
        ref = ModelRef.parse(model)
        try:
            run = self._services.runs.get(ref.run_id) if ref.run_id else None
        except NotFound:
            run = None
        step = "" if ref.step is None else f", step {ref.step}"
        return f"{_title(run, model, batch)}{step if run else ''}"


def _source(run: Run, columns: Sequence[str] = (), titles: Sequence[str] = ()) -> AnswerSource:
    return AnswerSource(
        id=run.id,
        title=titled(run),
        palette=palette(run.method, run.stage),
        columns=tuple(columns),
        titles=tuple(titles),
        status=run.status,
        created_at=run.created_at,
    )


PAGE = Page(
    "Answers", "answers", build, styles=("components/charts.css", "pages/answers/page.css"), in_navbar=False
)
