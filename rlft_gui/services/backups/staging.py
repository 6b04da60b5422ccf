"""The home at one moment, in a folder of its own, while training goes on.

First the database, by SQLite's own copy; then what it tells of. Files that are never changed are linked, so that a rotation
of checkpoints takes nothing away and no disk is needed; what a run still writes is copied up to where it had come.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.durable import unfinished_in
from rlft_gui.services.backups.manifest import DATABASE
from rlft_gui.services.backups.names import is_member
from rlft_gui.storage import Storage
from rlft_gui.training.models.checkpoints import MARKER, complete_steps


@contextmanager
def staged(home: Home, storage: Storage) -> Iterator[Path]:
    """A folder with what a backup holds, which goes away at the end.

    Raises:
        StorageTrouble: the database cannot be read.
        OSError: the disk is full or cannot be written.
    """
    with unfinished_in(home.staging) as folder:
        storage.database.copy(folder / DATABASE)
        for name in ("datasets", "models"):
            _link_all(home.path / name, folder / name, home.path)
        for run_id in (*storage.runs.ids(), *(run.id for run in storage.runs.deleted())):
            _stage_run(home, home.run(run_id), folder / "runs" / run_id)
        yield folder


def _stage_run(home: Home, run: RunFolder, place: Path) -> None:
    # Checkpoints before events: a resumed run takes back what was reported after its last checkpoint, and has no gap.
    for step in complete_steps(run):
        _stage_checkpoint(run.checkpoint(step), place / "checkpoints" / f"step-{step}", home.path)
    for file in _files(run.path, home.path):
        if run.checkpoints not in file.parents:
            _copy_so_far(file, place / file.relative_to(run.path))


def _stage_checkpoint(checkpoint: Path, place: Path, home: Path) -> None:
    """Whole or not at all: whoever removes a checkpoint takes its marker first, and here the marker comes last."""
    try:
        for file in _files(checkpoint, home):
            if file.name != MARKER:
                _link(file, place / file.relative_to(checkpoint))
        _link(checkpoint / MARKER, place / MARKER)
    except FileNotFoundError:
        shutil.rmtree(place, ignore_errors=True)


def _link_all(source: Path, place: Path, home: Path) -> None:
    for file in _files(source, home):
        with suppress(FileNotFoundError):  # a dataset that was deleted meanwhile
            _link(file, place / file.relative_to(source))


def _files(folder: Path, home: Path) -> Iterator[Path]:
    """Plain files that a backup may hold; links are not followed."""
    for path, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(path) / name
            if is_member(file.relative_to(home).as_posix()) and file.is_file() and not file.is_symlink():
                yield file


def _link(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        place.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copyfile(source, place)


def _copy_so_far(source: Path, place: Path) -> None:
    """Of lines only whole ones: the last may still be on its way."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        shutil.copyfile(source, place)
        if place.suffix == ".jsonl":
            _cut_to_whole_lines(place)


def _cut_to_whole_lines(path: Path) -> None:
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65_536)
            file.seek(start)
            if (at := file.read(end - start).rfind(b"\n")) >= 0:
                end = start + at + 1
                break
            end = start
        file.truncate(end)
