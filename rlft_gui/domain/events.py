"""One line of events.jsonl. The worker writes them, the ingester reads them; this file is the whole contract.

Every line carries `attempt` and `seq` (1, 2, … within the attempt) and is written by one unbuffered write.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.suite import SuitePrompt

#: A whole number that every database can hold; −1 stands for "before step 0".
Count = Annotated[int, Field(ge=-1, le=2**53)]


class _Event(Frozen):
    attempt: Count
    seq: Count
    time: float


class StateEvent(_Event):
    """The attempt reached a state. `failed` carries the reason as a sentence, and of what kind it is; where it diverged,
    `good_step` is the newest checkpoint from before that."""

    kind: Literal["state"] = "state"
    state: Literal["running", "succeeded", "stopped", "failed"]
    reason: str | None = None
    failure: FailureKind | None = None
    good_step: Count | None = None


class PhaseEvent(_Event):
    kind: Literal["phase"] = "phase"
    phase: str


class PlanEvent(_Event):
    """What the run is about to do, known once data and model are loaded; `facts` are shown in the recipe card."""

    kind: Literal["plan"] = "plan"
    total_steps: Count
    facts: dict[str, str | int | float] = Field(default_factory=dict)


class DataEvent(_Event):
    """What became of the rows, known once they are measured; told before a run fails for lack of rows."""

    kind: Literal["data"] = "data"
    account: RowAccount


class ResumedEvent(_Event):
    """First line of a resumed attempt: whatever was reported above `from_step` is dropped."""

    kind: Literal["resumed"] = "resumed"
    from_step: Count


class MetricsEvent(_Event):
    kind: Literal["metrics"] = "metrics"
    step: Count
    values: dict[str, float]


class SampleEvent(_Event):
    kind: Literal["sample"] = "sample"
    step: Count
    item_id: str
    item_kind: str
    prompt: str
    completion: str
    scores: dict[str, float] = Field(default_factory=dict)


class AskedEvent(_Event):
    """What a batch asks, told before any answer to it: the suite may be deleted later."""

    kind: Literal["asked"] = "asked"
    prompt: SuitePrompt


class AnsweredEvent(_Event):
    """One answer of a batch, whole."""

    kind: Literal["answered"] = "answered"
    answer: BatchAnswer


class CheckpointEvent(_Event):
    kind: Literal["checkpoint"] = "checkpoint"
    step: Count
    bytes: Count


class AlarmEvent(_Event):
    kind: Literal["alarm"] = "alarm"
    step: Count
    name: str
    message: str


Event = Annotated[
    StateEvent
    | PhaseEvent
    | PlanEvent
    | DataEvent
    | ResumedEvent
    | MetricsEvent
    | SampleEvent
    | AskedEvent
    | AnsweredEvent
    | CheckpointEvent
    | AlarmEvent,
    Field(discriminator="kind"),
]

#: Parses and validates one line: `EVENT.validate_json(line)`.
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
