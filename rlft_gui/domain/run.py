"""Runs and what hangs on them, as frozen snapshots. Times are Unix seconds."""

import math
from typing import Any, Literal, NamedTuple

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.recipe import PipelineSpec, Recipe
from rlft_gui.domain.status import RunStatus


class Run(Frozen):
    """One stage of one pipeline."""

    id: str
    pipeline_id: str
    position: int  #: 0 for the pipeline's first stage
    stage: str
    method: str
    title: str  #: the pipeline's title; screens show "title · STAGE"
    base: str
    status: RunStatus
    reason: str | None = None  #: why it waits, stopped or failed, as a sentence
    failure: FailureKind | None = None  #: of a run that did not succeed, where it is known for certain
    good_step: int | None = None  #: of one that diverged, its newest checkpoint from before that
    phase: str | None = None  #: loading, training, probing, saving
    attempt: int = 1
    step: int = 0
    total_steps: int | None = None
    row_account: RowAccount | None = None  #: once the worker has measured the rows
    created_at: float
    started_at: float | None = None  #: first step of the present attempt could begin
    ended_at: float | None = None
    ran_seconds: float = 0.0  #: how long its attempts ran that have ended; loading counts, waiting does not
    parent_run_id: str | None = None
    recipe: Recipe
    owner: str = "local"
    deleted_at: float | None = None  #: in the bin since
    unreadable: str | None = (
        None  #: what is wrong with the stored row, as a sentence; `recipe` is then a mere stand-in
    )

    @property
    def running_since(self) -> float | None:
        """When the attempt began that runs now."""
        return self.started_at if self.status.is_live else None

    def elapsed(self, now: float) -> float | None:
        """Seconds that it has really run, over all its attempts; None if none has begun."""
        since = self.running_since
        if since is not None:
            return self.ran_seconds + max(0.0, now - since)
        return self.ran_seconds or None


class Pipeline(Frozen):
    """One launch of one method and its runs, in order."""

    id: str
    title: str
    method: str
    base: str
    spec: PipelineSpec
    created_at: float
    owner: str
    unreadable: str | None = None  #: what is wrong with the stored `spec`, which is then a mere stand-in
    runs: tuple[Run, ...]


#: JSON and most databases have no NaN: a value that is not finite is told by its name.
Value = float | Literal["nan", "inf", "-inf"]


def told_value(value: float) -> Value:
    """A number as JSON can hold it."""
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


class Point(Frozen):
    """One value of one metric. `value` is None when it was not finite; `nonfinite` then says which kind."""

    step: int
    value: float | None
    nonfinite: Literal["nan", "inf", "-inf"] | None = None

    @staticmethod
    def of(step: int, value: Value) -> "Point":
        if isinstance(value, str):
            return Point(step=step, value=None, nonfinite=value)
        return Point(step=step, value=value)


class Curve(NamedTuple):
    """A metric over steps, in columns: no object for each of a hundred thousand points."""

    steps: tuple[int, ...]
    values: tuple[Value, ...]

    def finite(self) -> tuple[tuple[int, float], ...]:
        """(step, value) of all that are numbers."""
        pairs = zip(self.steps, self.values, strict=True)
        return tuple((step, value) for step, value in pairs if not isinstance(value, str))


class Span(Frozen):
    """What an attempt did from a moment on, and how far it came: "loading", "probing", "saving", else steps are made."""

    attempt: int
    name: str
    began_at: float
    began_step: int
    step: int  #: the last that was reported in it
    stepped_at: float | None = None  #: when; None if no step was


class Sample(Frozen):
    """One completion of one probe prompt at one step."""

    step: int
    item_id: str
    kind: str
    prompt: str
    completion: str
    scores: dict[str, float] = Field(default_factory=dict)


class Checkpoint(Frozen):
    """A complete checkpoint. Its id is "RUN@step"."""

    run_id: str
    step: int
    bytes: int
    created_at: float

    @property
    def id(self) -> str:
        return f"{self.run_id}@{self.step}"


class Alarm(Frozen):
    """Something that needs a look; `name` is a short key, `message` a sentence."""

    step: int
    name: str
    message: str
    created_at: float


class CurveUpdate(Frozen):
    """What is new since a cursor. `reset` says to forget earlier points (a resumed attempt dropped some).

    `strides`, where they changed, say that of each series only every so many points count, from its first on.
    """

    run_id: str
    cursor: str
    reset: bool
    points: dict[str, Curve]
    strides: dict[str, int]
    status: RunStatus
    step: int
    total_steps: int | None


class ExitRecord(Frozen):
    """How a training process ended, written by the supervisor as exit.json. `failure` is None if it ended well."""

    attempt: int
    code: int | None
    signal: int | None
    phase: str | None
    time: float
    stop_requested: bool = False
    reason: str | None = None
    failure: FailureKind | None = None
    extra: dict[str, Any] = Field(default_factory=dict)
