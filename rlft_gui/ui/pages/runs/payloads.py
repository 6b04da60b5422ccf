"""What the page of all runs asks and is told."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.ui.components.payloads import MOST_RUNS_DRAWN, MetricInfo, Outcome, ProbeResult, RunCard
from rlft_gui.ui.contract import Nothing, ServerFunction

RunGroup = Literal["all", "active", "failed"]
RunOrder = Literal["started", "run", "status", "steps", "probe", "kl", "time"]


class RunsAsked(Frozen):
    """A page of the table, and the runs on the chart."""

    text: str = Field("", max_length=200)
    group: RunGroup = "all"
    order: RunOrder = "started"
    upwards: bool = False
    offset: int = Field(0, ge=0)
    drawn: tuple[str, ...] = Field((), max_length=MOST_RUNS_DRAWN)


class RunRow(Frozen):
    """`alarm` is the newest one's name; `left` says in words how long a live run has to go."""

    run: RunCard
    probe: ProbeResult
    outcome: Outcome | None
    alarm: str | None
    left: str


class RunCounts(Frozen):
    """How many runs each group has."""

    all: int
    active: int
    failed: int


class RunsPage(Frozen):
    """`drawn` are the runs on the chart, which may stand on another page of the table."""

    now: float
    rows: tuple[RunRow, ...]
    total: int
    size: int
    counts: RunCounts
    pipelines: int
    drawn: tuple[RunCard, ...]


class BinnedRun(Frozen):
    """A deleted run: when it was deleted and when it goes for good, and what it takes on the disk."""

    id: str
    title: str
    stage: str
    palette: str
    deleted_at: float
    expires_at: float
    bytes: int


class RunsBin(Frozen):
    """The deleted runs, the last first."""

    now: float
    runs: tuple[BinnedRun, ...]


class BinAsked(Frozen):
    """A button of the bin; `empty` names no run."""

    action: Literal["restore", "purge", "empty"]
    run: str = ""


class SharedMetricsAsked(Frozen):
    runs: tuple[str, ...] = Field(max_length=MOST_RUNS_DRAWN)


class SharedMetric(Frozen):
    """A metric, and how many of the runs have reported it."""

    name: str
    runs: int
    info: MetricInfo


class SharedMetrics(Frozen):
    metrics: tuple[SharedMetric, ...]


RUNS_BIN = ServerFunction("runs_bin", Nothing, RunsBin)
RUNS_BIN_ACTION = ServerFunction("runs_bin_action", BinAsked, Nothing)
RUNS_PAGE = ServerFunction("runs_page", RunsAsked, RunsPage)
SHARED_METRICS = ServerFunction("shared_metrics", SharedMetricsAsked, SharedMetrics)
