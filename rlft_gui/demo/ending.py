"""End what works for one sandbox: its keeper and workers, found by the folder that they were started for."""

import psutil

from rlft_gui.domain.home import RUN_MARK, Home

_SECONDS = 10.0


def end_processes(home: Home) -> None:
    """Kill them; what they work on goes next. Does nothing where nothing trained."""
    if not home.keeper_log.exists():
        return
    ours = [process for process in psutil.process_iter() if _is_of(process, str(home.path))]
    for process in ours:
        _kill(process)
    psutil.wait_procs(ours, timeout=_SECONDS)


def _is_of(process: psutil.Process, home: str) -> bool:
    try:
        if process.environ().get(RUN_MARK, "").startswith(f"{home}/"):
            return True
        return any(word == home or word.startswith(f"{home}/") for word in process.cmdline())
    except psutil.Error:
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
