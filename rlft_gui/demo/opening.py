"""Open a demo to serve it: the seed unpacked, sandboxes found again, one app at a time."""

import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from rlft_gui.demo.door import Demo
from rlft_gui.demo.ending import end_processes
from rlft_gui.demo.gates import GATES
from rlft_gui.demo.limits import HOUR, Limits
from rlft_gui.demo.packing import unpack
from rlft_gui.demo.place import Place
from rlft_gui.demo.sandboxes import Sandboxes
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.resources import assets_dir
from rlft_gui.services.notice import Notice

SHIPPED = "demo/lantern.tar.xz"  #: below the product's assets


def shipped() -> Path:
    return assets_dir() / SHIPPED


def open_demo(
    folder: Path,
    file: Path,
    limits: Limits | None = None,
    clock: Callable[[], float] = time.time,
) -> Demo:
    """The demo in this file, with its visitors' sandboxes below `folder`. Sandboxes over another file are not kept.

    Raises:
        InvalidInput: the file cannot be used.
        NotPossibleNow: another app serves from this folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _take(folder)
    seed = unpack(file, folder / "seeds")
    place = Place(folder / "served" / seed.path.name)
    place.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    limits = limits or Limits()
    return Demo(Sandboxes(place, seed, limits, clock, end_processes), limits, GATES, notice_of(limits))


def notice_of(limits: Limits) -> Notice:
    """What every page says."""
    hours = f"{limits.idle_seconds / HOUR:g} hours"
    text = (
        f"What you compare and vote is yours alone: no other visitor sees it, and it goes when you have done nothing for {hours}. "
        "Runs, models and prompts are the demo's, the same for all, and all share one small machine. Your own models, prompts and "
        "data: install rlft_gui and run it on your machine, where nothing leaves it. Nothing is trained here."
    )
    return Notice(title="This is a demo.", text=text)


def _take(folder: Path) -> None:
    lock = FileLock(folder / "serving.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise NotPossibleNow(
            f"A demo is served from {folder} already. End that app, or choose another folder with --home."
        ) from None
    _LOCKS[folder] = lock


def unlock(folder: Path) -> None:
    """Let another app serve from there."""
    if (lock := _LOCKS.pop(folder, None)) is not None:
        lock.release()


_LOCKS: dict[Path, FileLock] = {}  #: held until this process ends
