"""What processes that were killed have left, and what has expired. A day old, so that nobody's present work is touched."""

import shutil
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil

from rlft_gui.domain.home import Home
from rlft_gui.inference import address
from rlft_gui.launchers.order import short_address
from rlft_gui.services.backups.restoring import half_restored
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.services.runs.bin import KEPT_SECONDS, Bin
from rlft_gui.storage import open_storage
from rlft_gui.storage.look import Look

_NAME = "leftovers"
_DAY = 24 * 3600.0


def check(home: Home, seen: Look) -> tuple[Finding, ...]:
    found = [_removing(path, "was never finished") for path in (*_unfinished(home), *half_restored(home))]
    found += [_removing(path, "waits for nobody any more") for path in _old(home.uploads.glob("*"))]
    found += [_removing(path, "is of a process that is gone") for path in _stale(home)]
    expired = [run_id for run_id, when in seen.deleted if when < time.time() - KEPT_SECONDS]
    if expired:
        told = f"{len(expired)} runs in the bin were deleted more than 30 days ago. They go for good."
        found.append(Finding(_NAME, "repair", told, partial(_expire, home)))
    return tuple(found) or (Finding(_NAME, "good", "Nothing was left behind."),)


def _removing(path: Path, why: str) -> Finding:
    return Finding(_NAME, "repair", f"{path} {why}. It is removed.", partial(_remove, path))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _unfinished(home: Home) -> Iterator[Path]:
    for folder in (home.datasets, home.models, home.runs, home.trials, home.staging):
        yield from _old(folder.glob(".unfinished-*"))
    for pattern in ("*.draft", "runs/*/*.draft", "models/names/*.draft"):
        yield from _old(home.path.glob(pattern))


def _old(paths: Iterator[Path]) -> Iterator[Path]:
    return (path for path in paths if time.time() - path.lstat().st_mtime > _DAY)


def _stale(home: Home) -> Iterator[Path]:
    for place in home.path.glob("warm/*/socket"):
        if not _listens(place.parent):
            yield place
    told = address.read(home)
    if told is not None and not psutil.pid_exists(told.pid):
        yield home.inference / "address.json"


def _listens(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection, short_address(folder) as name:
        connection.settimeout(2)
        try:
            connection.connect(name)
        except ConnectionRefusedError:
            return False
        except OSError:
            return True  # too busy to say, so it is there
        return True


def _expire(home: Home) -> None:
    storage = open_storage(home)
    try:
        Bin(home, storage).expire()
    finally:
        storage.close()
