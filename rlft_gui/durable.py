"""Files and folders that are whole or absent, even after a power cut."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_UNFINISHED = ".unfinished-"
_UNFINISHED_SECONDS = 24 * 3600


def write_whole(path: Path, text: str) -> None:
    """Write beside, flush to the disk, then put in place in one step."""
    # By process, for two may write the same file; beside it, for a rename is one step only within a file system.
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def unfinished_in(folder: Path) -> Iterator[Path]:
    """A folder beside where it will stand, to be filled and put in place; what was not goes away, also what a killed
    process left here a day ago, so that nobody's present work is touched.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(f"{_UNFINISHED}*"):
        with suppress(FileNotFoundError):  # whose work has just finished
            if time.time() - leftover.stat().st_mtime > _UNFINISHED_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)
    draft = _unfinished(folder)
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def put_away(folder: Path) -> None:
    """Remove a folder that is whole, at once for whoever looks for it.

    Raises:
        OSError: the disk does not let it go.
    """
    gone = _unfinished(folder.parent)
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _unfinished(folder: Path) -> Path:
    return folder / f"{_UNFINISHED}{uuid.uuid4().hex}"


def put_in_place(draft: Path, place: Path) -> None:
    """Give a folder that is whole its name; where another process was faster, its folder stands."""
    if not place.is_dir():
        try:
            draft.rename(place)
        except OSError:
            if not place.is_dir():
                raise
    descriptor = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # a rename survives a power cut once its folder is on disk
    finally:
        os.close(descriptor)
