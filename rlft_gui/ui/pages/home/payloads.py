"""What the start page asks and is told."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.services.devices import Devices
from rlft_gui.services.runs.measured_by import Measure
from rlft_gui.ui.components.payloads import AlarmMark, ComparisonLink, Gain, Outcome, RunCard
from rlft_gui.ui.contract import Nothing, ServerFunction


class HomeAsked(Frozen):
    """The version of the answer that the browser has."""

    seen: str = ""


class LiveRun(Frozen):
    run: RunCard
    alarm: AlarmMark | None


class QueuedRun(Frozen):
    """`review`: the run whose rows must be looked at before this one begins."""

    run: RunCard
    review: str | None


class RunResult(Frozen):
    """How a run came out.

    Attributes:
        measured_by: "own", by held-out rows of its own data before all else, or "suite", by the held-out prompts.
        curve: (step, value) of what it is judged by, the gold score or the held-out loss.
        loss_change: newest held-out loss less the first; of a run judged by its own data only.
        verdict: whether the interval of the gain excludes zero; "" if nothing was measured.
    """

    run: RunCard
    measured_by: Measure
    curve: tuple[tuple[int, float], ...]
    outcome: Outcome | None
    gain: Gain | None
    loss_change: float | None
    verdict: Literal["higher", "lower", "unclear", ""]
    alarm: AlarmMark | None


class TourOffer(Frozen):
    """The tour is done: its models beside their base."""

    title: str
    comparison: ComparisonLink


class WaitingVotes(Frozen):
    """A set of votes, and how many questions of it nobody has answered."""

    name: str
    waiting: int


class HomeState(Frozen):
    live: tuple[LiveRun, ...]
    queued: tuple[QueuedRun, ...]
    results: tuple[RunResult, ...]
    offer: TourOffer | None
    votes: tuple[WaitingVotes, ...] = ()


class HomeFacts(Frozen):
    """`state` is None where the browser has this version. `left` says in words how long each live run has to go."""

    version: str
    state: HomeState | None
    now: float
    left: dict[str, str]


class TourAsked(Frozen):
    """`launch_id` is made once per page, so a double click is one launch."""

    launch_id: str = Field(min_length=8, max_length=64)


class TourStarted(Frozen):
    """The first run of the tour."""

    run: str


HOME_FACTS = ServerFunction("home_facts", HomeAsked, HomeFacts)
START_TOUR = ServerFunction("start_tour", TourAsked, TourStarted)
THIS_MACHINE = ServerFunction("this_machine", Nothing, Devices)
