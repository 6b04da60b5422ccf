"""Rows that a run makes: written batch by batch while it works, edited by people before the next run takes them.

A dataset called "run:RUN" is the folder `dataset` of that run:

    rows.jsonl     one row a line, as made; never changed
    progress.json  how many prompts are done and how many rows they gave; what is beyond that is made again
    edits.jsonl    what people changed afterwards: {"number", "user", "time", and "drop" or "columns"}
    info.json      its account, written last: with it, the rows are all there

One process makes the rows; any may read and edit. Who may edit, and until when, is the service's to say.
"""

import errno
import hashlib
import json
import os
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from rlft_gui.data.kept import encoded
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import GENERATED_BY
from rlft_gui.durable import write_whole

Row = dict[str, Any]

FORMAT = "made by a run"
#: Columns with a text that people may rewrite.
EDITABLE = ("completion", "chosen", "rejected")

_RUN_ID = re.compile(r"[A-Za-z0-9_-]+")


class Progress(Frozen):
    """How far the run got. `dropped` counts, by reason, what gave no row."""

    prompts: int = 0
    rows: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)


@dataclass(frozen=True)
class GeneratedRow:
    """One row as it stands after all edits; `number` counts from 1."""

    number: int
    row: Row
    is_edited: bool
    is_dropped: bool


@dataclass(frozen=True)
class RowNumbers:
    """The numbers of all rows, of those that were rewritten and of those that were dropped."""

    all: Sequence[int]
    edited: Sequence[int]
    dropped: Sequence[int]


class RowsWriter:
    """The one writer of a run's rows. Opening it repairs what a kill has left behind.

    A batch counts once its progress is written, after its rows have reached the disk. Rows beyond that are cut off
    when the next attempt opens the file, so a batch is there whole and once, or not at all.
    """

    def __init__(self, folder: RunFolder, type: DataType) -> None:
        self._folder = folder
        self._type = type
        folder.dataset.mkdir(parents=True, exist_ok=True)
        self._progress = _progress(folder)
        _cut_after(_rows_file(folder), self._progress.rows)

    def count(self) -> int:
        """Rows made so far."""
        return self._progress.rows

    @property
    def prompts(self) -> int:
        """Prompts done so far, with and without rows."""
        return self._progress.prompts

    @property
    def dropped(self) -> Mapping[str, int]:
        """What gave no row so far, by reason."""
        return self._progress.dropped

    def append(self, rows: Sequence[Row], *, prompts: int, dropped: Iterable[str] = ()) -> None:
        """Add the rows of one batch.

        Args:
            prompts: how many prompts the batch worked through.
            dropped: a reason for each thing that gave no row.
        """
        _write(_rows_file(self._folder), b"".join(map(encoded, rows)))
        self._progress = Progress(
            prompts=self._progress.prompts + prompts,
            rows=self._progress.rows + len(rows),
            dropped=dict(Counter(self._progress.dropped) + Counter(dropped)),
        )
        write_whole(_progress_file(self._folder), self._progress.model_dump_json())

    def finish(self, name: str) -> DatasetInfo:
        """Declare the rows complete.

        Raises:
            InvalidInput: not one row was made; says why.
        """
        if not self._progress.rows:
            raise InvalidInput(
                f"No row was made of {self._progress.prompts} prompts{_reasons(self._progress)}."
                " Change what drops them, or take other prompts."
            )
        content = _rows_file(self._folder).read_bytes()
        info = DatasetInfo(
            id=f"{GENERATED_BY}{self._folder.run_id}",
            name=name,
            type=self._type,
            format=FORMAT,
            rows=self._progress.rows,
            rows_read=self._progress.rows + sum(self._progress.dropped.values()),
            dropped=sum(self._progress.dropped.values()),
            drop_reasons=self._progress.dropped,
            sha256=hashlib.sha256(content).hexdigest(),
            bytes=len(content),
            created_at=time.time(),
        )
        write_whole(_info_file(self._folder), info.model_dump_json(indent=2))
        return info


def generated_rows(folder: RunFolder, only: Collection[int] | None = None) -> tuple[GeneratedRow, ...]:
    """Rows made so far, with edits; also while they are being made. With `only`, those of these numbers."""
    changed, dropped = _edits(folder)
    return tuple(
        GeneratedRow(
            number, _changed(json.loads(line), changed.get(number, {})), number in changed, number in dropped
        )
        for number, line in enumerate(_lines(folder), start=1)
        if only is None or number in only
    )


def row_numbers(folder: RunFolder) -> RowNumbers:
    """Which rows there are so far, without reading what they hold."""
    changed, dropped = _edits(folder)
    return RowNumbers(range(1, len(_lines(folder)) + 1), tuple(sorted(changed)), tuple(sorted(dropped)))


def prompts_done(folder: RunFolder) -> int:
    """How many prompts count as done; a resumed run goes on behind them."""
    return _progress(folder).prompts


def left_out(folder: RunFolder) -> Mapping[str, int]:
    """What gave no row so far, by reason; also while rows are being made."""
    return _progress(folder).dropped


def edit(
    folder: RunFolder,
    number: int,
    columns: Mapping[str, str] | None = None,
    drop: bool | None = None,
    *,
    user: str,
) -> GeneratedRow:
    """Rewrite answers of one row, drop it, or with `drop` False take it back in. Returns the row as it now stands.

    Raises:
        NotFound: there is no row of that number.
        InvalidInput: a column is none that may be rewritten, its text is empty, or a pair would become two times
            the same answer.
    """
    now = _numbered(folder, number)
    change: dict[str, Any] = {} if drop is None else {"drop": drop}
    if columns:
        _check(now.row, columns)
        change["columns"] = dict(columns)
    if change:
        _append_edit(folder, {"number": number, **change, "user": user, "time": time.time()})
    return _numbered(folder, number)


def training_rows(folder: RunFolder) -> list[Row]:
    """What a stage learns from: the rows with edits, without the dropped ones.

    Raises:
        NotFound: the run has not made its rows, or not all of them.
        InvalidInput: the rows are not what the run made, or all were dropped.
    """
    info = _info(folder)
    if hashlib.sha256(_rows_file(folder).read_bytes()).hexdigest() != info.sha256:
        raise InvalidInput(f"The rows that run {folder.run_id} made were changed by hand. Make them again.")
    kept = [each.row for each in generated_rows(folder) if not each.is_dropped]
    if not kept:
        raise InvalidInput(
            f"All {info.rows} rows that run {folder.run_id} made were dropped in review. Take some back in, or make "
            "others."
        )
    return kept


def generated_info(folder: RunFolder) -> DatasetInfo:
    """The account of a run's rows, with those that people dropped counted among the dropped.

    Raises:
        NotFound: the run has not made its rows, or not all of them.
    """
    info = _info(folder)
    _, dropped = _edits(folder)
    if not dropped:
        return info
    reasons = {**info.drop_reasons, "dropped in review": len(dropped)}
    counts = {"rows": info.rows - len(dropped), "dropped": info.dropped + len(dropped)}
    return info.model_copy(update={**counts, "drop_reasons": reasons})


def maker(home: Home, dataset_id: str) -> RunFolder | None:
    """The folder of the run that made a dataset; None if its id does not begin with "run:".

    Raises:
        NotFound: what follows cannot be a run's id. It comes from outside and must not name a path.
    """
    if not dataset_id.startswith(GENERATED_BY):
        return None
    run_id = dataset_id.removeprefix(GENERATED_BY)
    if not _RUN_ID.fullmatch(run_id):
        raise NotFound(f'"{dataset_id}" names no run. Write run:RUN, with the id of a run that made rows.')
    return home.run(run_id)


def _rows_file(folder: RunFolder) -> Path:
    return folder.dataset / "rows.jsonl"


def _progress_file(folder: RunFolder) -> Path:
    return folder.dataset / "progress.json"


def _edits_file(folder: RunFolder) -> Path:
    return folder.dataset / "edits.jsonl"


def _info_file(folder: RunFolder) -> Path:
    return folder.dataset / "info.json"


def _progress(folder: RunFolder) -> Progress:
    path = _progress_file(folder)
    return Progress.model_validate_json(path.read_bytes()) if path.exists() else Progress()


def _info(folder: RunFolder) -> DatasetInfo:
    path = _info_file(folder)
    if not path.is_file():
        raise NotFound(
            f"Run {folder.run_id} has made no rows, or not all of them yet. Name a run that made rows and has succeeded."
        )
    return DatasetInfo.model_validate_json(path.read_bytes())


def _lines(folder: RunFolder) -> list[bytes]:
    """The rows as made, one a line. A last line that is still being written is left out."""
    path = _rows_file(folder)
    if not path.exists():
        return []
    whole, _, _ = path.read_bytes().rpartition(b"\n")
    return whole.splitlines()


def _numbered(folder: RunFolder, number: int) -> GeneratedRow:
    found = generated_rows(folder, only={number})
    if not found:
        raise NotFound(f"Run {folder.run_id} has no row {number}. It has rows 1 to {len(_lines(folder))}.")
    return found[0]


def _edits(folder: RunFolder) -> tuple[dict[int, dict[str, str]], set[int]]:
    """Rewritten texts by row and column, and the rows that are dropped; later edits win."""
    changed: dict[int, dict[str, str]] = {}
    dropped: set[int] = set()
    for change in _written_edits(folder):
        number = change["number"]
        if "columns" in change:
            changed.setdefault(number, {}).update(change["columns"])
        if "drop" in change:
            (dropped.add if change["drop"] else dropped.discard)(number)
    return changed, dropped


def _written_edits(folder: RunFolder) -> list[dict[str, Any]]:
    path = _edits_file(folder)
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:  # torn by a kill; nobody was told that it was kept
            continue
    return found


def _changed(row: Row, columns: Mapping[str, str]) -> Row:
    return row | {name: [{"role": "assistant", "content": text}] for name, text in columns.items()}


def _check(row: Row, columns: Mapping[str, str]) -> None:
    for name, text in columns.items():
        if name not in EDITABLE or name not in row:
            possible = ", ".join(column for column in EDITABLE if column in row) or "none"
            raise InvalidInput(
                f'The column "{name}" of this row cannot be rewritten. Those that can: {possible}.'
            )
        if not text.strip():
            raise InvalidInput(f'The column "{name}" would be empty. Write an answer, or drop the row.')
    after = _changed(row, columns)
    if "chosen" in after and _text(after["chosen"]) == _text(after["rejected"]):
        raise InvalidInput("Chosen and rejected would be the same. Make them differ, or drop the row.")


def _text(messages: list[dict[str, str]]) -> str:
    return messages[-1]["content"].strip()


def _append_edit(folder: RunFolder, change: dict[str, Any]) -> None:
    path = _edits_file(folder)
    is_torn = path.exists() and not path.read_bytes().endswith(b"\n")
    _write(path, (b"\n" if is_torn else b"") + encoded(change))


def _write(path: Path, content: bytes) -> None:
    """Append in one go and wait until it is on the disk."""
    with path.open("ab", buffering=0) as file:
        if file.write(content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(file.fileno())


def _cut_after(path: Path, rows: int) -> None:
    """Remove what a killed attempt wrote beyond its last whole batch."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        for _ in range(rows):
            file.readline()
        file.truncate(file.tell())


def _reasons(progress: Progress) -> str:
    told = ", ".join(f"{count} times {reason}" for reason, count in progress.dropped.items())
    return f": {told}" if told else ""
