"""What the page of answers asks and is told."""

from typing import Any, Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.suite import SuiteInfo
from rlft_gui.ui.components.payloads import RunCard
from rlft_gui.ui.contract import Nothing, ServerFunction

MOST_COLUMNS = 8
AnswerOrder = Literal["suite", "win", "loss", "different", "longest", "unstable"]
AnswerResult = Literal["", "win", "loss", "tie"]


class AnswersAsked(Frozen):
    """How the table is looked at. Without columns those of `batch` are shown, or of the newest batch."""

    columns: tuple[str, ...] = Field((), max_length=MOST_COLUMNS)
    batch: str = Field("", max_length=100)
    baseline: str = Field("", max_length=200)
    other: str = Field("", max_length=200)
    score: str = Field("", max_length=10_000)
    order: AnswerOrder = "suite"
    kind: str = Field("", max_length=100)
    text: str = Field("", max_length=200)
    result: AnswerResult = ""
    offset: int = Field(0, ge=0)


class AnswerColumn(Frozen):
    """Who answers, and how often that beats the baseline; `model` is what Compare calls it.

    `steps` are those at which a run's probe kept answers, `step` the one shown; `source` the batch, "" for a probe.
    `drawn` says how its answers were drawn; "" where that is not known any more.
    """

    key: str
    title: str
    sub: str
    palette: str
    model: str
    source: str
    drawn: str
    step: int | None
    steps: tuple[int, ...]
    answers: int
    mean: float | None
    wins: int
    losses: int
    ties: int


class AnswerCell(Frozen):
    """The answer of the lowest seed, and over all seeds the mean of the scores and their deviation."""

    column: str
    text: str
    error: str | None
    finish: str | None
    words: int
    seeds: int
    score: float | None
    spread: float
    delta: float | None
    others: tuple[str, ...]  #: answers of the other seeds


class AnswerRow(Frozen):
    item: str
    kind: str
    question: str
    right: str
    cells: tuple[AnswerCell, ...]


class AnswersPage(Frozen):
    """A page of rows; `baseline`, `other` and `score` are those that count, where what was asked for is not there.

    `batch` is the one whose columns these are, "" where they were chosen. `sources` are the batches whose answers stand here;
    `apart` names in what ways columns were drawn differently. `total` counts rows that fit, `all` those there are.
    """

    batch: str
    columns: tuple[AnswerColumn, ...]
    baseline: str
    other: str
    score: str
    scores: tuple[str, ...]
    kinds: dict[str, int]
    rows: tuple[AnswerRow, ...]
    total: int
    all: int
    size: int
    sources: tuple[RunCard, ...]
    apart: tuple[str, ...]
    failed: int


class AnswersOverviewAsked(Frozen):
    columns: tuple[str, ...] = Field(max_length=MOST_COLUMNS)
    baseline: str = Field(max_length=200)
    other: str = Field(max_length=200)
    score: str = Field(max_length=10_000)


class AnswerPoint(Frozen):
    """A prompt: the baseline's score, and the other's."""

    item: str
    question: str
    a: float
    b: float


class AnswerWins(Frozen):
    """How often `column` beats `over`, ties being half a win, with its 95 % interval over prompts."""

    column: str
    over: str
    rate: float
    low: float
    high: float
    prompts: int


class AnswersOverview(Frozen):
    points: tuple[AnswerPoint, ...]
    wins: tuple[AnswerWins, ...]


class AnswerSource(Frozen):
    """A run whose answers can be shown: a batch with its models, or a run whose probe kept some."""

    id: str
    title: str
    palette: str
    columns: tuple[str, ...]  #: of a batch
    titles: tuple[str, ...]  #: of those
    status: str
    created_at: float


class BatchModel(Frozen):
    """A model that a batch may ask: "base" or RUN@step; or one that may score, as RUN."""

    key: str
    title: str
    palette: str
    base: str


class AnswerChoices(Frozen):
    batches: tuple[AnswerSource, ...]
    probes: tuple[AnswerSource, ...]
    models: tuple[BatchModel, ...]
    reward_models: tuple[BatchModel, ...]
    suites: tuple[SuiteInfo, ...]


class BatchAsked(Frozen):
    """`typed` holds settings as they stand in the form; `rewards` is a term a line; a reward model scores beside them. The same `launch` is one
    batch.
    """

    models: tuple[str, ...] = Field(max_length=16)
    suite: str = Field(max_length=200)
    typed: dict[str, Any] = Field(default_factory=dict)
    rewards: str = Field("", max_length=20_000)
    reward_model: str = Field("", max_length=200)
    launch: str = Field(min_length=8, max_length=64)


class BatchStarted(Frozen):
    """The batch's run, or a sentence for each field that stands in its way."""

    run: str = ""
    problems: dict[str, str] = Field(default_factory=dict)


class PanesAsked(Frozen):
    """The stored answers of these columns to a prompt, to be shown in panes."""

    columns: tuple[str, ...] = Field(max_length=MOST_COLUMNS)
    item: str = Field(max_length=200)


class PanesKept(Frozen):
    """The comparison that holds them."""

    comparison: str


class BatchAgainAsked(Frozen):
    run: str = Field(max_length=100)


class BatchAgain(Frozen):
    models: tuple[str, ...]
    suite: str
    typed: dict[str, Any]
    rewards: str
    reward_model: str


class SuiteAsked(Frozen):
    name: str = Field(max_length=400)
    text: str = Field(max_length=5_000_000)


class SuiteWritten(Frozen):
    """The suite that was kept, or why none was; `repeats` counts prompts that were there before, and are kept once."""

    suite: SuiteInfo | None = None
    repeats: int = 0
    problem: str = ""


ANSWERS_PAGE = ServerFunction("answers_page", AnswersAsked, AnswersPage)
ANSWERS_OVERVIEW = ServerFunction("answers_overview", AnswersOverviewAsked, AnswersOverview)
ANSWER_PANES = ServerFunction("answer_panes", PanesAsked, PanesKept)
ANSWER_CHOICES = ServerFunction("answer_choices", Nothing, AnswerChoices)
BATCH_START = ServerFunction("batch_start", BatchAsked, BatchStarted)
BATCH_AGAIN = ServerFunction("batch_again", BatchAgainAsked, BatchAgain)
SUITE_WRITE = ServerFunction("suite_write", SuiteAsked, SuiteWritten)
