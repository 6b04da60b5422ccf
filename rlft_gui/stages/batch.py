"""A suite's prompts through several models, in the background: held-out prompts, each answered by each with several seeds.

Nothing is trained. What is asked and what scores the answers is the recipe's measure, as for every other stage. Each answer is
an event as soon as it is there, and a later attempt draws only what no event tells, so events.jsonl is both record and
checkpoint. Steps are answers. A model that is gone or a prompt that does not fit is told in its answers, and the others go on;
a later attempt asks for those anew. Where no answer could be written, the run has failed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import Field, ValidationError, field_validator

from rlft_gui.domain.answers import AnswerKey, BatchAnswer
from rlft_gui.domain.charts import ANSWERS, CHARTS_OF_ROWS
from rlft_gui.domain.comparison import ModelRef, Sampling
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow, RlftError
from rlft_gui.domain.events import EVENT, AnsweredEvent
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.domain.reporting import LOADING, Reporter
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.domain.turns import Message
from rlft_gui.inference.bulk import Ask, Bulk, Drawn, Wanted, wanted
from rlft_gui.inference.protocol import MOST_MODELS
from rlft_gui.lantern.gold import score as gold_score
from rlft_gui.lantern.suite import NAME as LANTERN_SUITE
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.measure import MeasureSettings
from rlft_gui.stages._shared.memory import Settings
from rlft_gui.stages._shared.settings import ADVANCED, BASIC, StageSettings
from rlft_gui.training.estimate.held import Drawing, Effort, Given, Held
from rlft_gui.training.models import loading
from rlft_gui.training.models.sampling import Completion
from rlft_gui.training.rewards import Context, build
from rlft_gui.training.rows import Row
from rlft_gui.training.run import trainers
from rlft_gui.training.run.held_scoring import HeldScoring
from rlft_gui.training.run.watch import STEP_PATIENCE
from rlft_gui.training.suites import items, suite_prompts

logger = logging.getLogger(__name__)

MOST_SEEDS = 16


class BatchSettings(StageSettings):
    models: tuple[str, ...] = Field(
        ("base",),
        min_length=1,
        max_length=MOST_MODELS,
        title="Models",
        description='Who answers: "base", or a run as RUN@step.',
        json_schema_extra=BASIC,
    )
    seeds: int = Field(
        1,
        ge=1,
        le=MOST_SEEDS,
        title="Seeds",
        description="How many answers each model gives to each prompt, from the run's seed on: the same seeds for all.",
        json_schema_extra=BASIC,
    )
    temperature: float = Field(
        0.7,
        ge=0,
        le=2,
        title="Temperature",
        description="0 always takes the likeliest token; 1 samples as trained.",
        json_schema_extra=BASIC,
    )
    top_p: float = Field(
        1.0,
        gt=0,
        le=1,
        title="Top-p",
        description="Sample only from the likeliest tokens that together hold this share.",
        json_schema_extra=ADVANCED,
    )
    max_new_tokens: int = Field(
        128,
        ge=1,
        le=8_192,
        title="Longest answer",
        description="Tokens after which an answer is cut.",
        json_schema_extra=BASIC,
    )
    system: str = Field(
        "",
        max_length=20_000,
        title="System prompt",
        description="What every model is told before each prompt that brings none of its own.",
        json_schema_extra={**ADVANCED, "control": "text"},
    )

    @field_validator("models")
    @classmethod
    def _known_models(cls, models: tuple[str, ...]) -> tuple[str, ...]:
        """Each as a batch takes it, once; else one would be answered by another, or the one answer stand for two."""
        names = [str(ModelRef.parse_for_batch(name)) for name in models]
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise ValueError(f'"{twice[0]}" is named {names.count(twice[0])} times. Name each model once.')
        return models


@dataclass(frozen=True)
class _Batch:
    """One attempt."""

    recipe: Recipe
    reporter: Reporter
    settings: BatchSettings
    prompts: Sequence[SuitePrompt]
    scoring: HeldScoring
    total: int
    errors: list[str] = field(default_factory=list)  #: of answers that failed

    def sampling(self) -> Sampling:
        told = self.settings.model_dump(include={"temperature", "top_p", "max_new_tokens"})
        return Sampling(**told, seed=self.recipe.seed)


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: the settings name what no batch takes, the suite cannot be read, or what scores answers
            cannot be used.
        NotPossibleNow: no answer could be written.
    """
    settings = _settings(recipe)
    told = answered_before(reporter.folder) if reporter.attempt > 1 else {}
    if reporter.attempt > 1:
        reporter.resumed(len(told) or -1)
    reporter.phase(LOADING)
    trainers.quiet_libraries()
    prompts = suite_prompts(reporter.folder.home, recipe.measure.get("held_out") or LANTERN_SUITE)
    total = len(prompts) * len(settings.models) * settings.seeds
    batch = _Batch(recipe, reporter, settings, prompts, _scoring(recipe, reporter), total)
    reporter.plan(total, {"prompts": len(prompts), "models": len(settings.models), "seeds": settings.seeds})
    for prompt in prompts:
        reporter.asked(prompt)
    reporter.phase("answering")
    done = _answer_all(batch, [ask for ask in _asks(batch) if _key(batch, ask) not in told], len(told))
    if done == total:
        _judge_errors(batch)


def _settings(recipe: Recipe) -> BatchSettings:
    """Checked anew: a recipe may have been written by hand."""
    try:
        return BatchSettings.model_validate(recipe.settings)
    except ValidationError as error:
        first = error.errors()[0]
        own_words = first.get("ctx", {}).get("error")
        where = ".".join(str(step) for step in first["loc"])
        raise InvalidInput(
            str(own_words or f"The recipe's {where} cannot be read: {first['msg']}.")
        ) from None


def answered_before(folder: RunFolder) -> dict[AnswerKey, BatchAnswer]:
    """What earlier attempts answered, as their events tell; what failed is asked for anew."""
    found: dict[AnswerKey, BatchAnswer] = {}
    if not folder.events.exists():
        return found
    with folder.events.open("rb") as lines:
        for line in lines:
            if b'"kind":"answered"' not in line:
                continue
            try:
                event = EVENT.validate_json(line)
            except ValidationError:
                continue  # torn by a kill, or by a full disk: it is drawn again
            if isinstance(event, AnsweredEvent) and event.answer.error is None:
                found[event.answer.key] = event.answer
    return found


def _asks(batch: _Batch) -> list[Ask]:
    """Prompt by prompt, so that rows of the table fill from the top."""
    first = batch.recipe.seed
    return [
        Ask(model, place, seed, _messages(prompt, batch.settings.system))
        for place, prompt in enumerate(batch.prompts)
        for seed in range(first, first + batch.settings.seeds)
        for model in batch.settings.models
    ]


def _messages(prompt: SuitePrompt, system: str) -> list[Message]:
    own = list(prompt.messages)
    return [{"role": "system", "content": system}, *own] if system and own[0]["role"] != "system" else own


def _key(batch: _Batch, ask: Ask) -> AnswerKey:
    return AnswerKey(ask.model, batch.prompts[ask.place].id, ask.seed)


def _judge_errors(batch: _Batch) -> None:
    """A batch that ends with answers missing says so, for its status is all that lists of runs show."""
    if not batch.errors:
        return
    first, failed = batch.errors[0], len(batch.errors)
    if failed == batch.total:
        raise NotPossibleNow(f"All {failed:,} answers failed. The first says: {first}")
    told = f"{failed:,} of {batch.total:,} answers failed. The first says: {first}"
    batch.reporter.alarm(batch.total, "answers_failed", told)


def _answer_all(batch: _Batch, asks: Sequence[Ask], done: int) -> int:
    """Models of one base together, then those of the next; each is let go before the next is loaded."""
    groups, gone = _groups(batch)
    done = _tell(batch, [_not_drawn(ask, gone[ask.model]) for ask in asks if ask.model in gone], done)
    for models in groups:
        names = {one.name for one in models}
        own = [ask for ask in asks if ask.model in names]
        if own and not batch.reporter.stop_requested():
            done = _answer_group(batch, models, own, done)
    return done


def _answer_group(batch: _Batch, models: Sequence[Wanted], asks: Sequence[Ask], done: int) -> int:
    try:
        bulk = Bulk(models, _device())
    except RlftError as error:
        return _tell(batch, [_not_drawn(ask, str(error)) for ask in asks], done)
    refused, portions = bulk.portions(asks, batch.sampling())
    done = _tell(batch, refused, done)
    for portion in portions:
        if batch.reporter.stop_requested():
            return done
        with batch.reporter.interruptible(STEP_PATIENCE):  # nothing of it counts before it is told
            drawn = portion.draw()
            scores = _scores(batch, drawn, done)
        done = _tell(batch, drawn, done, scores)
    return done


def _groups(batch: _Batch) -> tuple[list[list[Wanted]], dict[str, str]]:
    """Those that one loaded model answers for, together; and why others cannot answer."""
    groups: dict[tuple[str, str], list[Wanted]] = {}
    gone: dict[str, str] = {}
    for name in batch.settings.models:
        try:
            one = wanted(batch.reporter.folder.home, batch.recipe.base, name)
        except RlftError as error:
            gone[name] = str(error)
        else:
            groups.setdefault(one.model, []).append(one)
    return list(groups.values()), gone


def _not_drawn(ask: Ask, why: str) -> Drawn:
    return Drawn(ask, None, None, 0.0, why)


def _tell(batch: _Batch, drawn: Sequence[Drawn], done: int, scores: Sequence[dict[str, float]] = ()) -> int:
    """Report answers; returns how many there are now."""
    for index, one in enumerate(drawn):
        said = one.completion
        answer = BatchAnswer(
            model=one.ask.model,
            item_id=batch.prompts[one.ask.place].id,
            seed=one.ask.seed,
            checkpoint=one.checkpoint,
            text=said.text if said else "",
            tokens=len(said.token_ids) if said else 0,
            seconds=round(one.seconds, 3),
            finish=said.finish if said else None,
            error=one.error,
            scores=dict(scores[index]) if scores else {},
        )
        batch.reporter.answered(answer)
    batch.errors.extend(one.error for one in drawn if one.error is not None)
    done += len(drawn)
    if drawn:
        lengths = [len(one.completion.token_ids) for one in drawn if one.completion]
        told = {
            "batch/answers": float(done),
            "batch/failed": sum(one.completion is None for one in drawn) / len(drawn),
        }
        if lengths:
            told["length/mean"] = sum(lengths) / len(lengths)
        batch.reporter.metrics(done, told)
    return done


def _scores(batch: _Batch, drawn: Sequence[Drawn], step: int) -> list[dict[str, float]]:
    """By Lantern's own score where the prompt is of its suite, and by the terms of the measure."""
    found: list[dict[str, float]] = [{} for _ in drawn]
    said: list[tuple[int, Row, Completion]] = []
    for index, one in enumerate(drawn):
        if one.completion is None:
            continue
        prompt = batch.prompts[one.ask.place]
        if batch.recipe.base == LANTERN and (item := items().get(prompt.id)):
            found[index] |= gold_score(item, one.completion.text)
        row: Row = {"prompt": [dict(message) for message in prompt.messages]}
        said.append(
            (index, row | ({} if prompt.answer is None else {"answer": prompt.answer}), one.completion)
        )
    if batch.scoring.terms and said:
        scored = batch.scoring.scores(step, [row for _, row, _ in said], [text for *_, text in said])
        for (index, _, _), scores in zip(said, scored, strict=True):
            found[index] |= scores
    return found


def _scoring(recipe: Recipe, reporter: Reporter) -> HeldScoring:
    measure = MeasureSettings.model_validate(recipe.measure)
    if not measure.rewards:
        return HeldScoring(reporter)
    base_hash, tokenizer = loading.base_hash(recipe.base), loading.load_tokenizer(recipe.base)
    # No policy to share: whoever scores has weights of its own, for those that answer come and go.
    context = Context(
        recipe=recipe, reporter=reporter, base_hash=base_hash, tokenizer=tokenizer, policy=lambda: None
    )
    return HeldScoring(reporter, build(measure, context).terms, by=measure.model_dump_json())


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory: one base at a time, and as many answers as are drawn at once."""
    rows = len(settings["models"]) * settings["seeds"]
    drawing = Drawing(max(rows, MOST_MODELS), given.lengths.prompt, settings["max_new_tokens"])
    effort = Effort(
        given.rows or 1, drawn=rows, answer=settings["max_new_tokens"], prompt=given.lengths.prompt
    )
    return Held(None, (), (drawing,), effort)


STAGE = Stage(
    name="batch",
    title="Batch",
    about="Has a suite of prompts answered by several models.",
    settings=BatchSettings,
    train=train,
    holds=holds,
    data=(),
    produces="answers",
    metrics=("batch/answers", "batch/failed", "length/mean"),
    own_metrics=(
        Metric(
            name="batch/answers",
            title="Answers",
            unit="answers",
            panel=ANSWERS,
            about="Answers written so far, those that failed among them.",
            from_zero=True,
        ),
        Metric(
            name="batch/failed",
            title="Answers that failed",
            unit="share",
            panel=ANSWERS,
            about="Share of the newest batch that has no answer: a model that is gone, or a prompt without room. Each says why in "
            "the table of answers.",
            from_zero=True,
        ),
    ),
    charts=CHARTS_OF_ROWS,
)
