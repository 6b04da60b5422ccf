"""How a supervisor was killed: written down by its parent, who alone is told the signal."""

import time

import psutil
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import RunFolder
from rlft_gui.durable import write_whole

#: Seconds that a parent who lives may take to write down what it was told.
PATIENCE = 2.0
_PERIOD = 0.02


class SupervisorEnd(Frozen):
    """Contents of `worker-end.json`."""

    attempt: int
    signal: int


class Sign(Frozen):
    """What a supervisor writes as soon as it holds the lock; `parent` is None in signs of earlier versions."""

    attempt: int
    pid: int
    parent: int | None = None


def write(folder: RunFolder, attempt: int, returncode: int) -> None:
    """By the parent, once it has waited for a supervisor; nothing is written unless a signal ended it.

    Args:
        returncode: its exit status, or a signal's number below zero.
    """
    if returncode < 0 and folder.path.is_dir():
        write_whole(
            folder.worker_end, SupervisorEnd(attempt=attempt, signal=-returncode).model_dump_json() + "\n"
        )


class Killed(Frozen):
    """`signal` is None where none ended it; `is_known` says whether somebody could tell."""

    signal: int | None
    is_known: bool


def read(folder: RunFolder, attempt: int) -> Killed:
    """What ended a supervisor that left no record. Waits for its parent, if that one lives, to write it down."""
    deadline = time.monotonic() + PATIENCE
    while True:
        # Looked at first: a parent that ended just now may have written before.
        lives = _parent_lives(folder, attempt)
        if (end := _written(folder, attempt)) is not None:
            return Killed(signal=end.signal, is_known=True)
        if not lives or time.monotonic() > deadline:
            return Killed(signal=None, is_known=lives)
        time.sleep(_PERIOD)


def sign(folder: RunFolder) -> Sign | None:
    """The newest supervisor's; None if none has shown itself."""
    try:
        return Sign.model_validate_json(folder.sign.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _parent_lives(folder: RunFolder, attempt: int) -> bool:
    found = sign(folder)
    return bool(found and found.attempt == attempt and found.parent and psutil.pid_exists(found.parent))


def _written(folder: RunFolder, attempt: int) -> SupervisorEnd | None:
    try:
        found = SupervisorEnd.model_validate_json(folder.worker_end.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return found if found.attempt == attempt else None
