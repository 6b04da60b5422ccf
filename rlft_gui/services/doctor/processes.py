"""Do the processes of a home live and answer?"""

import socket
from collections.abc import Callable
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from rlft_gui.domain.home import Home
from rlft_gui.inference import address
from rlft_gui.launchers.order import short_address
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.services.keeper_process import KeeperStarter, is_kept
from rlft_gui.storage.look import Look

_NAME = "processes"
#: Seconds to answer. A warm worker that still imports takes longer, so silence alone is only told.
_PATIENCE = 5.0


def check(home: Home, seen: Look) -> tuple[Finding, ...]:
    lost = [run_id for run_id, _ in seen.live if not _is_held(home.run(run_id).lock)]
    found = []
    if lost and not is_kept(home):
        told = f"{', '.join(lost)} should be training and has no worker, and no keeper has noticed. A keeper is started."
        found.append(Finding(_NAME, "repair", told, KeeperStarter(home).ensure))
    found += [
        _answer(f"The warm worker of {one.parent.name}", _warm(one.parent))
        for one in home.path.glob("warm/*/socket")
    ]
    told_address = address.read(home)
    if told_address is not None and psutil.pid_exists(told_address.pid):
        found.append(_answer("The inference process", _inference(told_address.port)))
    return tuple(found) or (Finding(_NAME, "good", "No run lacks its worker."),)


def _is_held(lock: Path) -> bool:
    if not lock.exists():
        return False  # trying a lock makes its file
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True


def _answer(who: str, answers: bool) -> Finding:
    if answers:
        return Finding(_NAME, "good", f"{who} answers.")
    told = f"{who} did not answer within {_PATIENCE:g} seconds. It may still be starting; if not, end it, and another starts."
    return Finding(_NAME, "told", told)


def _warm(folder: Path) -> bool:
    def connect(connection: socket.socket) -> None:
        with short_address(folder) as name:
            connection.connect(name)

    return _hangs_up(socket.AF_UNIX, connect)


def _inference(port: int) -> bool:
    return _hangs_up(socket.AF_INET, lambda connection: connection.connect((address.HOST, port)))


def _hangs_up(family: int, connect: Callable[[socket.socket], None]) -> bool:
    """Whether the other side takes note of somebody who says nothing and leaves: it asks nothing of it."""
    with socket.socket(family) as connection:
        connection.settimeout(_PATIENCE)
        try:
            connect(connection)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
        except ConnectionError:
            return True
        except OSError:
            return False
    return True
