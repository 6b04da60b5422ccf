"""What a run's failure is to a person: in short, as a sentence, what to do about it, and one act that does it."""

from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.failure import FailureKind

#: Last lines of the log that are told with a failure.
LOG_LINES = 50

#: Of each kind, as lists name it.
BRIEF: dict[FailureKind, str] = {
    FailureKind.KILLED: "Killed",
    FailureKind.HOST_MEMORY: "Out of memory",
    FailureKind.DEVICE_MEMORY: "Out of GPU memory",
    FailureKind.DISK_FULL: "Disk full",
    FailureKind.DIVERGED: "Diverged",
    FailureKind.BAD_DATA: "Data cannot be used",
    FailureKind.BAD_MODEL: "Model cannot be used",
    FailureKind.BAD_RECIPE: "Settings do not fit",
    FailureKind.JUDGE_UNAVAILABLE: "Judge unavailable",
    FailureKind.STOPPED: "Stopped",
    FailureKind.NOT_STARTED: "Did not start",
    FailureKind.UNKNOWN: "Unexpected error",
}

#: What to do about each kind, before what the act itself tells.
ADVICE: dict[FailureKind, str] = {
    FailureKind.KILLED: "Nothing in the run is at fault. If it is killed again, see who ends it: a time limit, a shutdown, or memory.",
    FailureKind.HOST_MEMORY: "Take less memory at a time, or end other programs.",
    FailureKind.DEVICE_MEMORY: "Take less memory at a time.",
    FailureKind.DISK_FULL: "Free some space first.",
    FailureKind.DIVERGED: "The updates were too large for this model and data.",
    FailureKind.BAD_DATA: "Choose other data, or mend the rows.",
    FailureKind.BAD_MODEL: "Choose another base model, or mend its files.",
    FailureKind.BAD_RECIPE: "Change what the sentence names.",
    FailureKind.JUDGE_UNAVAILABLE: "Start the judge again first, or change its address.",
    FailureKind.STOPPED: "Go on whenever you like.",
    FailureKind.NOT_STARTED: "Start it again. If it does not start a second time, its log may say why.",
    FailureKind.UNKNOWN: "Nobody foresaw this. The log says more.",
}

Act = Literal["resume", "clone", "change"]


class Mend(Frozen):
    """The one act that a failure suggests.

    Attributes:
        act: "resume" it as it is; "clone" it with other settings from a checkpoint of its own; or "change" it by hand.
        label: what its button says.
        told: what it does, as sentences.
    """

    act: Act
    label: str
    told: str


class Failure(Frozen):
    """`advice` includes what the act does; `log` is the end of the run's log."""

    kind: FailureKind
    brief: str
    sentence: str
    advice: str
    log: tuple[str, ...]
    mend: Mend
