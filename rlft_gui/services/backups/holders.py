"""Who uses a home, read off the processes: whoever has a file of it open. An app and a keeper hold its database, runs their
logs, and the processes that wait for work theirs."""

import os

import psutil

from rlft_gui.domain.home import Home


def holders(home: Home) -> tuple[str, ...]:
    """Processes of this user, besides this one, as words: "rlft serve (process 123)"."""
    below = f"{home.path.resolve()}{os.sep}"
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and any(one.path.startswith(below) for one in process.open_files()):
                found.append(f"{_name(process)} (process {process.pid})")
        except psutil.Error:
            continue  # ended meanwhile, or somebody else's
    return tuple(found)


def _name(process: psutil.Process) -> str:
    """The first words of its command that say what it does, without paths and code."""
    words = [part for part in process.cmdline() if part.startswith("rlft_gui") or part in ("serve", "train")]
    return " ".join(words[:2]) or process.name()
