"""What the page of one run asks and is told."""

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.charts import ChartPlan
from rlft_gui.domain.run import Value
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.runs.failing import Failure
from rlft_gui.services.runs.measured_by import Measure
from rlft_gui.services.runs.reviewing import Which
from rlft_gui.ui.components.payloads import ComparisonLink, Outcome, RunCard
from rlft_gui.ui.contract import ServerFunction


class RunAsked(Frozen):
    """A run, and the version of the answer that the browser has."""

    run: str
    seen: str = ""


class LineageNode(Frozen):
    """A run as a box of the graph.

    Attributes:
        round: of a stage that its pipeline runs once a round, from 1.
        seconds: that it ran, once it has ended.
        here: it is the run of this page.
        mine: it is of the pipeline of this page's run.
    """

    id: str
    title: str
    stage: str
    palette: str
    status: RunStatus
    live: bool
    percent: int | None
    round: int | None
    seconds: float | None
    outcome: Outcome | None
    here: bool
    mine: bool


class LineageLink(Frozen):
    """`taker` takes something from `source`, a run or, if None, the base; `role` says what."""

    source: str | None
    role: str
    taker: str


class LineageVotes(Frozen):
    """Votes that a run of this page's pipeline learns from.

    Attributes:
        name: of the set; `counted` votes went in.
        newer: votes that were cast or taken back since.
    """

    stage: str
    name: str
    counted: int
    newer: int


class LineageGraph(Frozen):
    """Nodes in an order in which sources come first.

    Attributes:
        left_out: how many older runs take from this one too.
        binned: stages of this pipeline, and of what takes from this run, that are in the bin.
    """

    nodes: tuple[LineageNode, ...]
    links: tuple[LineageLink, ...]
    left_out: int
    binned: tuple[str, ...] = ()
    votes: tuple[LineageVotes, ...] = ()


class RunAlarm(Frozen):
    name: str
    step: int
    message: str


class CheckpointMark(Frozen):
    step: int
    bytes: int


class WaitingRun(Frozen):
    id: str
    stage: str


class RowsReview(Frozen):
    """Of a run that makes rows: who waits for a look at them, and why they cannot be changed, if so."""

    waiting: tuple[WaitingRun, ...]
    fixed: str | None


class RunState(Frozen):
    """All that the page says of a run, besides curves, rows, samples, log and recipe.

    Attributes:
        measured_by: "own" data or Lantern's "suite"; None of a run that trains no policy.
        charts: which curves stand large.
        unjudged: nothing says whether its answers are right.
        metrics: names of all that it has reported. The browser asks for the points of those that it draws.
        failure: of one that failed: why, and the one act that mends it.
        checkpoint: the last complete one.
        on_stop: what a stop would do and keep; None once it has ended.
        compare: what to lay beside its base.
        look_at: the run whose rows must be looked at before this one begins.
        kept: why it cannot be deleted now, as a sentence; None if it can.
    """

    run: RunCard
    base: str
    measured_by: Measure | None
    unjudged: bool
    charts: ChartPlan
    metrics: tuple[str, ...]
    lineage: LineageGraph
    alarms: tuple[RunAlarm, ...]
    failure: Failure | None
    checkpoint: CheckpointMark | None
    on_stop: str | None
    compare: ComparisonLink | None
    review: RowsReview | None
    look_at: str | None
    kept: str | None = None


class Mended(Frozen):
    """The run that goes on."""

    run: str


class RunFacts(Frozen):
    """`state` is None where the browser has this version; `left` says in words how long a live run has to go."""

    version: str
    state: RunState | None
    now: float
    left: str


class SampledAnswer(Frozen):
    """`scores` by criterion."""

    step: int
    text: str
    scores: dict[str, Value]


class SampledPrompt(Frozen):
    """A prompt's answers at the steps shown; None where it was not asked.

    Attributes:
        kind: of the suite's prompts, or what the probe calls prompts of the run's own data.
        own: it is of the run's own data.
        changed: share of words that differ between the first answer and the last, 0 to 1.
    """

    kind: str
    own: bool
    prompt: str
    changed: float
    answers: tuple[SampledAnswer | None, ...]


class SampleTable(Frozen):
    """Most changed prompts first; of a run on own data, those of that data before those of the suite."""

    steps: tuple[int, ...]
    prompts: tuple[SampledPrompt, ...]


class RunSamples(Frozen):
    """`table` is None where the browser has this version."""

    version: str
    table: SampleTable | None


class LogAsked(Frozen):
    """`seen`: lines there were."""

    run: str
    seen: int = -1


class RunLog(Frozen):
    """The last lines of the log, None if there are no more than were seen; `total` counts all."""

    total: int
    lines: tuple[str, ...] | None


class RunRecipe(Frozen):
    """The frozen recipe as (name, value).

    `more` are the settings that the wizard closes away; `yaml` and `command` repeat the whole pipeline.
    """

    rows: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    yaml: str
    file: str
    command: str


class RowsAsked(Frozen):
    """A page of a run's rows, and the version of it that the browser has."""

    run: str
    which: Which = "all"
    offset: int = Field(0, ge=0)
    seen: str = ""


class EditAsked(Frozen):
    """Texts to rewrite by column, or whether to drop the row."""

    run: str
    number: int = Field(ge=1)
    columns: dict[str, str] = Field(default_factory=dict)
    drop: bool | None = None


class Figure(Frozen):
    """What a stage tells of a row or of one of its texts, in a number or a few words."""

    name: str
    value: float | str


class RowText(Frozen):
    """One of the texts of a row.

    Attributes:
        figures: about this text.
        column: by which it can be rewritten; None if it cannot.
        against: place of the text that its words are compared with.
    """

    title: str
    text: str
    figures: tuple[Figure, ...]
    column: str | None = None
    against: int | None = None


class RowView(Frozen):
    """A row that a run made, with what came before it."""

    number: int
    prompt: str
    texts: tuple[RowText, ...]
    notes: tuple[Figure, ...]
    edited: bool
    dropped: bool


class RowCounts(Frozen):
    all: int
    edited: int
    dropped: int


class RowsShown(Frozen):
    """`left_out` counts prompts that gave no row, by reason."""

    rows: tuple[RowView, ...]
    counts: RowCounts
    left_out: dict[str, int]
    size: int


class GeneratedRows(Frozen):
    """`page` is None where the browser has this version."""

    version: str
    page: RowsShown | None


RUN_FACTS = ServerFunction("run_facts", RunAsked, RunFacts)
RUN_MEND = ServerFunction("run_mend", RunAsked, Mended)
RUN_SAMPLES = ServerFunction("run_samples", RunAsked, RunSamples)
RUN_LOG = ServerFunction("run_log", LogAsked, RunLog)
RUN_RECIPE = ServerFunction("run_recipe", RunAsked, RunRecipe)
RUN_ROWS = ServerFunction("run_rows", RowsAsked, GeneratedRows)
RUN_EDIT_ROW = ServerFunction("run_edit_row", EditAsked, RowView)
