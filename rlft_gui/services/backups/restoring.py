"""Puts a backup into a home: checked whole, written beside, opened once, then named in one step."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services.backups.holders import holders
from rlft_gui.services.backups.manifest import DATABASE, Manifest
from rlft_gui.services.backups.reading import checked, unpacked
from rlft_gui.storage import SCHEMA, open_storage

#: The end of the name that a home has while it is being restored; a number follows.
RESTORING = ".restoring-"


class Restored(Frozen):
    """What was restored, and where the old home lies, if there was one."""

    manifest: Manifest
    aside: Path | None


def restore(file: Path, home: Home, *, replace: bool) -> Restored:
    """Make a home of a backup: a new one, or in the place of another, which is moved aside. A run that was live then has
    no worker now: the next keeper finds it killed, and it can be resumed.

    Raises:
        NotFound, InvalidInput: there is no such file, it is damaged, or no backup.
        NotPossibleNow: the home is not empty, is in use, or the backup is of a newer version.
        OSError: the disk is full or cannot be written.
    """
    file = file.expanduser().absolute()
    _refuse_place(home, replace)
    home.path.parent.mkdir(parents=True, exist_ok=True)
    room = shutil.disk_usage(home.path.parent).free
    _refuse_newer(file, checked(file, room))
    with _draft(home) as draft:
        manifest = unpacked(file, room, lambda name, pieces: _write(draft / name, pieces))
        _open_once(draft)
        _refuse_place(home, replace)  # somebody may have begun to use it meanwhile
        return Restored(manifest=manifest, aside=_put_in_place(draft, home.path))


def _refuse_place(home: Home, replace: bool) -> None:
    if not home.path.exists():
        return
    if not home.path.is_dir():
        raise InvalidInput(f"{home.path} is no folder. Choose another with --home.")
    if not replace and any(home.path.iterdir()):
        raise NotPossibleNow(
            f"{home.path} is not empty. Choose another folder with --home, or say --replace, which moves it aside."
        )
    if users := holders(home):
        raise NotPossibleNow(
            f"{home.path} is in use by {', '.join(users)}. Stop the app (Ctrl+C) and its runs (`rlft stop RUN`) first."
        )


def _refuse_newer(file: Path, manifest: Manifest) -> None:
    if manifest.schema_version > SCHEMA:
        raise NotPossibleNow(
            f"{file} was written by a newer version ({manifest.version}, schema {manifest.schema_version}; this version knows "
            f"{SCHEMA}). Install that one, then restore."
        )


@contextmanager
def _draft(home: Home) -> Iterator[Path]:
    """A folder beside the home. What a killed process left there goes away."""
    for leftover in half_restored(home):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = home.path.with_name(f".{home.path.name}{RESTORING}{os.getpid()}")
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def half_restored(home: Home) -> tuple[Path, ...]:
    """Folders beside a home that a killed restore left."""
    found = home.path.parent.glob(f".{home.path.name}{RESTORING}*")
    return tuple(path for path in found if not _is_at_work(path.name.rpartition("-")[2]))


def _is_at_work(number: str) -> bool:
    return number.isdecimal() and psutil.pid_exists(int(number))


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)


def _open_once(draft: Path) -> None:
    """A database that cannot be opened, or is damaged, must not become anybody's; an older one is brought up to date."""
    if not (draft / DATABASE).is_file():
        raise InvalidInput("The backup has no database. Nothing was restored. Use another copy.")
    storage = open_storage(Home(draft))
    try:
        problems = storage.database.problems()
    finally:
        storage.close()
    if problems:
        raise InvalidInput(f"The backup's database is damaged: {problems[0]}. Nothing was restored.")


def _put_in_place(draft: Path, place: Path) -> Path | None:
    os.sync()  # thousands of files at once, rather than each by itself
    aside = None
    if place.exists() and any(place.iterdir()):
        aside = place.with_name(f"{place.name}.before-restore-{time.strftime('%Y%m%d-%H%M%S')}")
        place.rename(aside)
    draft.rename(place)
    return aside
