"""Why a run did not succeed: a kind that programs can act on, said where the cause is known."""

import signal
from enum import StrEnum
from typing import NamedTuple


class FailureKind(StrEnum):
    """Stored and told by these values, so they never change."""

    KILLED = "killed"  #: a signal from outside, by whomever
    HOST_MEMORY = "host_memory"
    DEVICE_MEMORY = "device_memory"
    DISK_FULL = "disk_full"
    DIVERGED = "diverged"  #: loss, gradient or weights are no numbers any more, or far from where they began
    BAD_DATA = "bad_data"
    BAD_MODEL = "bad_model"
    BAD_RECIPE = "bad_recipe"  #: settings that do not suit each other, or name what is not there
    JUDGE_UNAVAILABLE = "judge_unavailable"
    STOPPED = "stopped"  #: somebody asked for it
    NOT_STARTED = "not_started"  #: no worker of it has ever shown itself
    UNKNOWN = "unknown"  #: nobody foresaw it: most likely a fault of the product


#: What fails again in the same way if it goes on as it is.
NEEDS_CHANGE = frozenset(
    (
        FailureKind.DEVICE_MEMORY,
        FailureKind.HOST_MEMORY,
        FailureKind.DIVERGED,
        FailureKind.BAD_DATA,
        FailureKind.BAD_MODEL,
        FailureKind.BAD_RECIPE,
    )
)


class Cause(NamedTuple):
    """Why one attempt ended as it did.

    Attributes:
        sentence: for people; None where nobody left a word.
        good_step: of a run that diverged, the newest checkpoint from before that; None if there is none.
    """

    kind: FailureKind
    sentence: str | None
    good_step: int | None = None


def signal_name(number: int) -> str:
    """ "SIGKILL"; most real-time signals have numbers without a name."""
    return signal.Signals(number).name if number in set(signal.Signals) else "unknown"
