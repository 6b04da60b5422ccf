"""How a training process ended: a kind, and a sentence for people who want to know what to do next. No torch here."""

import errno
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rlft_gui.domain.errors import Diverged, RlftError
from rlft_gui.domain.events import EVENT, MetricsEvent, PhaseEvent
from rlft_gui.domain.failure import Cause, FailureKind, signal_name

#: Exit status of a trainer that could not even report why it failed, for the disk was full.
FULL_DISK_STATUS = 28

_LOG = "The end of the log says where."
_DEVICE_WORDS = ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "MPS backend out of memory")
_HOST_WORDS = ("DefaultCPUAllocator: can't allocate memory", "DefaultCPUAllocator: not enough memory")
_FULL_DISK = Cause(
    FailureKind.DISK_FULL, "The disk is full, so nothing more could be saved. Free some space, then resume."
)


class Trail(NamedTuple):
    """How far an attempt got, by its own account."""

    phase: str | None
    step: int | None

    def __str__(self) -> str:
        where = f"while {self.phase}" if self.phase else "before it reported anything"
        return where if self.step is None else f"{where}, at step {self.step}"


def trail(events: Path, attempt: int) -> Trail:
    """The last phase and step that `attempt` reported."""
    phase = metrics = None
    if events.exists():
        with events.open("rb") as lines:
            for line in lines:
                # Looked for as text: to parse every line of a long run would take seconds.
                if b'"kind":"phase"' in line:
                    phase = line
                elif b'"kind":"metrics"' in line:
                    metrics = line
    told, reached = _parse(phase, attempt), _parse(metrics, attempt)
    return Trail(
        told.phase if isinstance(told, PhaseEvent) else None,
        reached.step if isinstance(reached, MetricsEvent) else None,
    )


def _parse(line: bytes | None, attempt: int) -> object:
    if line is None:
        return None
    try:
        event = EVENT.validate_json(line)
    except ValidationError:
        return None
    return event if event.attempt == attempt else None


def seen_from_outside(
    code: int | None, killed: int | None, last: Trail, *, ran_out_of_memory: bool = False
) -> Cause | None:
    """Why the process ended; None if it ended well.

    Args:
        ran_out_of_memory: the system has ended a process of this one's group meanwhile, because memory ran out.
    """
    if killed is not None:
        return _killed(killed, last, ran_out_of_memory=ran_out_of_memory)
    if code == FULL_DISK_STATUS:
        return _FULL_DISK
    if code:
        told = f"The training process ended with exit status {code} {last}. {_LOG}"
        return Cause(FailureKind.UNKNOWN, told)
    return None


def _killed(number: int, last: Trail, *, ran_out_of_memory: bool) -> Cause:
    if number == signal.SIGKILL and ran_out_of_memory:
        told = f"Memory ran out, so the system killed the training process (signal 9, SIGKILL) {last}."
        return Cause(FailureKind.HOST_MEMORY, told)
    memory = "; systems do this when memory runs out" if number == signal.SIGKILL else ""
    told = f"The training process was killed from outside (signal {number}, {signal_name(number)}{memory}) {last}."
    return Cause(FailureKind.KILLED, told)


def explain(error: BaseException) -> Cause:
    """A failure seen from within, with advice where there is some."""
    text = " ".join(str(error).split())
    if any(_is_full_disk(one) for one in _chain(error)):
        return _FULL_DISK
    if isinstance(error, RlftError):
        return Cause(error.failure, str(error), error.good_step if isinstance(error, Diverged) else None)
    if (kind := _out_of_memory(error, text)) is not None:
        of = "of the device" if kind is FailureKind.DEVICE_MEMORY else "of this machine"
        return Cause(kind, f"The memory {of} ran out ({type(error).__name__}).")
    told = f"{type(error).__name__}: {_shortened(text)} {_LOG}".replace(":  ", ": ")
    return Cause(FailureKind.UNKNOWN, told)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: a sentence may be told of a disk that was full."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _is_full_disk(error: BaseException) -> bool:
    # Libraries in Rust and C++ (safetensors, torch) raise errors of their own with the system's words in them.
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return full or "No space left on device" in str(error)


def _out_of_memory(error: BaseException, text: str) -> FailureKind | None:
    """torch's own error is known by its name, for torch is not imported here. It has none for the processor, nor for
    what CUDA's libraries take themselves: those raise RuntimeError, and only their words tell."""
    if type(error).__name__ == "OutOfMemoryError" or any(words in text for words in _DEVICE_WORDS):
        return FailureKind.DEVICE_MEMORY
    no_room = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if isinstance(error, MemoryError) or no_room or any(words in text for words in _HOST_WORDS):
        return FailureKind.HOST_MEMORY
    return None


def _shortened(text: str, limit: int = 300) -> str:
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return text if text.endswith((".", "!", "?", "…")) else text + "."
