"""What a run has alive, found by marks that cannot be mistaken, never by a process number alone.

A trainer that was executed carries the run's folder in its environment, and so does what it starts. One that was forked
has the environment of the warm worker; it writes down which session it leads, and what it starts is in that session.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import RUN_MARK, RunFolder
from rlft_gui.launchers.order import WARM_MARK

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Session(Frozen):
    """Which session a forked trainer leads. `born` tells it from a later process of the same number."""

    pid: int
    born: str


def born(pid: int) -> str | None:
    """When a process began, by a clock that nobody can set: the boot it belongs to, and ticks (10 ms) since. None if there
    is no such process. Linux alone, as forking is.

    Seconds since 1970 would not do: they are reckoned from when the machine is thought to have started, which moves as
    soon as its clock is set, and the trainer would be taken for a stranger.
    """
    try:
        told = Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # Behind the name, which may hold spaces and brackets; starttime is the 22nd field of proc_pid_stat(5).
    ticks = told.rpartition(b")")[2].split()[19].decode()
    return f"{_BOOT.read_text().strip()} {ticks}"


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
    except (FileNotFoundError, ValidationError):
        return None
    return session.pid if born(session.pid) in (None, session.born) else None


def _kill(process: psutil.Process) -> None:
    """psutil compares the start time first, so a number that changed hands is left alone."""
    try:
        process.kill()
    except psutil.Error:
        return
