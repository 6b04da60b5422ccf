"""What the shared parts of the pages ask of Python and are told: models that TypeScript's types are made from."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Value
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.notice import Notice
from rlft_gui.ui.contract import Nothing, ServerFunction

MOST_RUNS_DRAWN = 6

#: What a run leaves behind: a policy, a reward model, or rows.
Output = Literal["policy", "reward_model", "rows", "answers"]


class PageLink(Frozen):
    """`kind` is "primary" or ""."""

    words: str
    href: str
    kind: str


class PageHead(Frozen):
    """One title, one sentence of state, and links."""

    title: str
    text: str
    links: tuple[PageLink, ...]


class PageNotice(Notice):
    """As the browser gets it."""


class LivePill(Frozen):
    """How many runs are live and waiting; `run_id` and `percent` are of one that runs."""

    running: int
    queued: int
    run_id: str | None
    percent: int | None


LIVE_PILL = ServerFunction("live_pill", Nothing, LivePill)


class RunCard(Frozen):
    """What every list and page shows about a run. Times are Unix seconds; the browser counts ages.

    Attributes:
        palette: key of the colour and shape of its method.
        failure: of one that failed, of what kind, in two or three words.
        percent: how far it is, while the number of steps is known.
        ran_seconds: over all attempts that ended; the live one began at `running_since`.
    """

    id: str
    pipeline: str
    title: str
    unreadable: str | None
    stage: str
    output: Output
    palette: str
    base: str
    status: RunStatus
    live: bool
    reason: str | None
    failure: str | None = None
    phase: str | None
    attempt: int
    step: int
    total_steps: int | None
    percent: int | None
    created_at: float
    ran_seconds: float | None
    running_since: float | None


class Outcome(Frozen):
    """The one number that says how a run came out. `value` is None where it was not a number."""

    kind: Literal["gold", "held_out", "accuracy", "rows"]
    value: float | None


class ProbeResult(Frozen):
    """Means of one probe: gold score with the 95 % interval over prompts, and KL to the base in nats per answer."""

    gold: float | None
    low: float | None
    high: float | None
    kl: float | None


class Gain(Frozen):
    """The newest probe against the one at the run's own start, with a 95 % interval."""

    delta: float
    low: float
    high: float


class AlarmMark(Frozen):
    """An alarm as lists show it."""

    name: str
    step: int


class ComparisonLink(Frozen):
    """What to ask of /compare, and how the link is called. `models` are ids joined by commas."""

    models: str
    words: str


class MetricInfo(Frozen):
    """A metric's title, unit and tooltip.

    Attributes:
        from_zero: its axis begins at zero.
        panel: title of the panel it stands in.
        place: charts stand in this order, and so do their panels.
    """

    title: str
    unit: str
    about: str
    from_zero: bool
    panel: str
    place: int


class CurvesAsked(Frozen):
    """Runs with the cursor each was left at ("" from the start), and the metrics wanted (None: all)."""

    runs: tuple[tuple[str, str], ...] = Field(max_length=MOST_RUNS_DRAWN)
    names: tuple[str, ...] | None = None


class CurvePoints(Frozen):
    """Points of one metric, in columns."""

    steps: tuple[int, ...]
    values: tuple[Value, ...]


class RunCurves(Frozen):
    """What is new in a run's curves, by metric. `reset`: what came before is void.

    `strides`, where they changed, say that of each series only every so many points count, from its first on. `info` tells
    what each metric is, in a run's first answer only.
    """

    id: str
    cursor: str
    reset: bool
    status: RunStatus
    live: bool
    step: int
    total: int | None
    points: dict[str, CurvePoints]
    strides: dict[str, int]
    info: dict[str, MetricInfo]


class MissingRun(Frozen):
    """A run that is gone, with the sentence that says so."""

    id: str
    missing: str


class CurvesFound(Frozen):
    runs: tuple[RunCurves | MissingRun, ...]


CURVES = ServerFunction("curves", CurvesAsked, CurvesFound)


class ActionAsked(Frozen):
    """A button of a run: `approve` lets rows that it made pass to the stage that waits for them."""

    run: str
    action: Literal["stop", "resume", "delete", "approve"]


RUN_ACTION = ServerFunction("run_action", ActionAsked, Nothing)
