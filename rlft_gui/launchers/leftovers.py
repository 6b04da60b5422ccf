"""What a run has alive, found by marks that cannot be mistaken, never by a process number alone.

A trainer that was executed carries the run's folder in its environment, and so does what it starts. One that was forked
has the environment of the warm worker; it writes down which session it leads, and what it starts is in that session.
"""

import os
from collections.abc import Iterator

import psutil
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import RUN_MARK, RunFolder
from rlft_gui.launchers.order import WARM_MARK


class Session(Frozen):
    """Which session a forked trainer leads, and since when (seconds since 1970)."""

    pid: int
    started: float


def of_run(folder: RunFolder) -> Iterator[psutil.Process]:
    """Its trainer and whatever that started."""
    mark, session = str(folder.path), _session(folder)
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            if environment.get(RUN_MARK) == mark or (
                WARM_MARK in environment and os.getsid(process.pid) == session
            ):
                yield process
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or somebody else's


def end(folder: RunFolder) -> None:
    left = list(of_run(folder))
    for process in left:
        _kill(process)
    psutil.wait_procs(left, timeout=5)
    folder.session.unlink(missing_ok=True)


def _session(folder: RunFolder) -> int | None:
    """The number of the session that its forked trainer leads or led; None if it belongs to somebody else by now.

    As long as one process of a session lives, no other can lead one of the same number.
    """
    try:
        session = Session.model_validate_json(folder.session.read_bytes())
        is_another = abs(psutil.Process(session.pid).create_time() - session.started) > 1
    except (FileNotFoundError, ValidationError):
        return None
    except psutil.NoSuchProcess:
        is_another = False
    return None if is_another else session.pid


def _kill(process: psutil.Process) -> None:
    """psutil compares the start time first, so a number that changed hands is left alone."""
    try:
        process.kill()
    except psutil.Error:
        return
