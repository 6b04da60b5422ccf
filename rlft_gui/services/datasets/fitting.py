"""Files that were added and do not say what they hold, or hold something else: kept for a day while a person says which
column is what, tries it, and has it stored.
"""

import re
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from rlft_gui.data.files.limits import LIMITS
from rlft_gui.data.files.reading import opened_rows
from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.data.mapping import TARGETS, Target
from rlft_gui.data.proposing import propose
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DatasetInfo, DataType, Reading
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.rights import Rights

_UPLOAD = re.compile(r"u-[0-9a-f]{16}")
_KEPT_SECONDS, _MOST_KEPT = 24 * 3600, 8
_HEAD = 50  #: rows that columns and proposals are taken from
TRIED_ROWS = 1_000  #: read while a person tries columns
_MOST_COLUMNS, _DEEPEST, _LISTED = 60, 3, 3
_SAMPLE = 80  #: characters

#: What must, and what may, be said of rows of each type.
ASKED: dict[DataType, tuple[tuple[str, ...], tuple[str, ...]]] = {
    DataType.DEMONSTRATIONS: (("prompt", "completion"), ("system", "messages")),
    DataType.PREFERENCES: (("chosen", "rejected"), ("prompt", "system", "margin", "source")),
    DataType.THUMBS: (("prompt", "completion", "label"), ("system",)),
    DataType.RATINGS: (("prompt", "completion", "rating"), ("system",)),
    DataType.PROMPTS: (("prompt",), ("system", "answer")),
    DataType.TEXT: (("text",), ()),
}


class Column(Frozen):
    """A column of a file, or what lies in one (`models.0.says`), and the first value that stands there."""

    path: str
    sample: str


class ColumnOffer(Frozen):
    """The columns of a file, and what each type of data asks for, with what suggests itself.

    Attributes:
        proposed: type → target → column.
    """

    upload: str
    file: str
    columns: tuple[Column, ...]
    proposed: dict[DataType, dict[str, str]]


class Fitting:
    def __init__(self, home: Home, datasets: Datasets, rights: Rights) -> None:
        self._home = home
        self._datasets = datasets
        self._rights = rights

    def keep(self, path: Path, name: str, *, user: str) -> str:
        """Keep a file for a day; returns what it is known by until then.

        Raises:
            NotPossibleNow: there is no room.
            NotAllowed: `user` may only look.
        """
        self._rights.check_change(user)
        self._sweep()
        upload = f"u-{uuid.uuid4().hex[:16]}"
        folder = self._home.uploads / upload
        try:
            folder.mkdir(parents=True)
            shutil.copyfile(path, folder / "file")
            (folder / "name").write_text(Path(name).name or "The file", encoding="utf-8")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise NotPossibleNow(f"{Path(name).name} could not be kept: {error.strerror}.") from error
        return upload

    def offer(self, upload: str, types: tuple[DataType, ...], encoding: str = "") -> ColumnOffer:
        """What a person may say of the file's columns, for a stage that learns from rows of these types.

        Raises:
            InvalidInput: the file is gone, or cannot be read at all.
        """
        path, name = self._file(upload)
        head = _head(path, name, encoding)
        asked = tuple(kind for kind in types if kind in ASKED)
        return ColumnOffer(
            upload=upload,
            file=name,
            columns=_columns(head),
            proposed={kind: propose(head, (kind,)) for kind in asked},
        )

    def tried(self, upload: str, reading: Reading) -> Detection:
        """What the first rows of the file are when it is read so.

        Raises:
            InvalidInput: the file is gone, or its rows cannot be used so.
        """
        path, name = self._file(upload)
        return inspect(path, shortened(name, _SAMPLE), reading=reading, most=TRIED_ROWS)

    def store(self, upload: str, reading: Reading, *, user: str) -> DatasetInfo:
        """Store the file's rows read so; the file is no longer kept.

        Raises:
            InvalidInput: as `tried`, of all rows.
            NotPossibleNow: there is no room.
        """
        self._rights.check_change(user)
        path, name = self._file(upload)
        info = self._datasets.store(path, name, user=user, reading=reading)
        shutil.rmtree(path.parent, ignore_errors=True)
        return info

    def _file(self, upload: str) -> tuple[Path, str]:
        folder = self._home.uploads / upload
        if not _UPLOAD.fullmatch(upload) or not (folder / "file").is_file():  # it comes from outside
            raise InvalidInput("The file is no longer kept here; add it again.")
        return folder / "file", (folder / "name").read_text(encoding="utf-8")

    def _sweep(self) -> None:
        """Files of yesterday, and the oldest of very many."""
        with suppress(OSError):
            folders = sorted(self._home.uploads.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
            for place, folder in enumerate(folders):
                if place >= _MOST_KEPT - 1 or time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)


def asked_of(kind: DataType) -> tuple[tuple[Target, bool], ...]:
    """What a person may say of rows of a type, and whether it must be said."""
    needed, possible = ASKED[kind]
    by_name = {target.name: target for target in TARGETS}
    return tuple((by_name[name], name in needed) for name in (*needed, *possible))


def _head(path: Path, name: str, encoding: str) -> list[dict[str, Any]]:
    found = []
    with opened_rows(path, name, LIMITS, encoding) as file:
        for number, value in enumerate(file.rows):
            if isinstance(value[1], dict):
                found.append(value[1])
            if number + 1 >= _HEAD:
                break
    return found


def _columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    found: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            _add(found, name, value, _DEEPEST)
        if len(found) >= _MOST_COLUMNS:
            break
    return tuple(Column(path=path, sample=sample) for path, sample in list(found.items())[:_MOST_COLUMNS])


def _add(found: dict[str, str], path: str, value: Any, deep: int) -> None:
    """A column by its path with its first value; of lists and objects also what lies in them, unless they are turns."""
    if not found.get(path):
        found[path] = _sample(value)
    if deep == 0 or _are_turns(value):
        return
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value[:_LISTED])
        if isinstance(value, list)
        else ()
    )
    for name, one in inner:
        _add(found, f"{path}.{name}", one, deep - 1)


def _are_turns(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], dict)
        and not {"role", "from"}.isdisjoint(value[0])
    )


def _sample(value: Any) -> str:
    if value is None:
        return ""
    if _are_turns(value):
        return f"{len(value)} turns" if len(value) > 1 else "1 turn"
    return shortened(value if isinstance(value, str) else str(value), _SAMPLE)
