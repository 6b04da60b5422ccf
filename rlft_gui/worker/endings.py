"""Sentences about how a training process ended, for people who want to know what to do next. No torch here."""

import errno
import signal
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.events import EVENT, MetricsEvent, PhaseEvent

#: Exit status of a trainer that could not even report why it failed, for the disk was full.
FULL_DISK_STATUS = 28

_LOG = "The end of the log says where."
_FULL_DISK = "The disk is full, so nothing more could be saved. Free some space, then resume."


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


def sentence(code: int | None, killed: int | None, last: Trail) -> str | None:
    """Why the process ended, seen from outside; None if it ended well."""
    if killed is not None:
        # Most real-time signals have numbers without a name.
        name = signal.Signals(killed).name if killed in set(signal.Signals) else "unknown"
        memory = "; systems do this when memory runs out" if killed == signal.SIGKILL else ""
        return f"The training process was killed from outside (signal {killed}, {name}{memory}) {last}."
    if code == FULL_DISK_STATUS:
        return _FULL_DISK
    if code:
        return f"The training process ended with exit status {code} {last}. {_LOG}"
    return None


def explain(error: BaseException) -> str:
    """A failure as one sentence, with advice where there is some."""
    if isinstance(error, RlftError):
        return str(error)
    text = " ".join(str(error).split())
    if _is_full_disk(error, text):
        return _FULL_DISK
    if _is_out_of_memory(error, text):
        return (
            f"Memory ran out ({type(error).__name__}). Halve the batch size, or turn on gradient checkpointing, "
            "and clone this run."
        )
    return f"{type(error).__name__}: {_shortened(text)} {_LOG}".replace(":  ", ": ")


def _is_full_disk(error: BaseException, text: str) -> bool:
    # Libraries in Rust and C++ (safetensors, torch) raise errors of their own with the system's words in them.
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or "No space left on device" in text


def _is_out_of_memory(error: BaseException, text: str) -> bool:
    """torch's own error is known by its name, for torch is not imported here; its CPU allocator raises RuntimeError."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return named or "DefaultCPUAllocator: can't allocate memory" in text


def _shortened(text: str, limit: int = 300) -> str:
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return text if text.endswith((".", "!", "?", "…")) else text + "."
