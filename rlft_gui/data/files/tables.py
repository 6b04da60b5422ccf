"""Rows of tables: CSV and TSV, whose cells are texts, and Parquet, whose cells have types."""

import ast
import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from rlft_gui.data.files.json_rows import ReadRow
from rlft_gui.data.files.limits import LIMITS, Limits, too_many
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.domain.errors import InvalidInput

PARQUET = b"PAR1"
_DELIMITERS = {b",": "commas", b"\t": "tabs", b";": "semicolons", b"|": "bars"}
_ROWS_AT_ONCE = 16
_MOST_COLUMNS = 1_000
_LONGEST_HEADER = 1_000_000  #: bytes
csv.field_size_limit(LIMITS.row_bytes)  # of the whole process, whose default is 131,072 characters


def delimiter_of(head: bytes) -> bytes | None:
    """What parts the columns of a table that begins so: what its first two records have alike, and most of."""
    if head[:4].lower() == b"sep=" and head[4:5] in _DELIMITERS:  # Excel's own word for it
        return head[4:5]
    lines = head.decode(errors="replace").lstrip("\r\n").splitlines()[:200]
    counted = []
    for mark in _DELIMITERS:
        records = list(islice(csv.reader(lines, delimiter=mark.decode()), 2))
        if len(records) == 2 and len(records[0]) == len(records[1]) > 1:
            counted.append((len(records[0]), mark))
    return max(counted, default=(0, None), key=lambda one: one[0])[1]


def csv_rows(
    stream: BinaryIO, name: str, delimiter: bytes, limits: Limits, notes: list[str]
) -> Iterator[ReadRow]:
    """Every record of UTF-8 under its header, as texts; numbered as a spreadsheet does, the header being 1.

    Python's reader, in its strict mode: of quotes that are opened and never closed, or not doubled within a text, pyarrow's
    makes one cell of many lines without a word.

    Raises:
        InvalidInput: the header names a column twice, a record is too long, or quotes do not pair.
    """
    if delimiter != b",":
        notes.append(f"Its columns are parted by {_DELIMITERS[delimiter]}.")
    begins = stream.tell()
    first = stream.readline(_LONGEST_HEADER)
    if first.count(delimiter) >= _MOST_COLUMNS:
        raise InvalidInput(
            f"{name} has more than {_MOST_COLUMNS:,} columns, which is the most that are read."
        )
    is_told = first.lower().startswith(b"sep=")
    if not is_told:
        stream.seek(begins)
    _check_count(stream, limits, name)
    columns: list[str] | None = None
    for number, cells in _records(stream, delimiter, limits, name, 1 + is_told):
        if columns is None:
            columns = _header(cells, name)
        elif len(cells) > len(columns) or 0 < len(cells) < len(columns):
            yield number, _of_other_width(cells, columns)
        elif any(cells):
            yield number, _with_lists(dict(zip(columns, cells, strict=True)), limits)


def _records(
    stream: BinaryIO, delimiter: bytes, limits: Limits, name: str, number: int
) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number."""
    lines = io.TextIOWrapper(io.BufferedReader(_Read(stream)), encoding="utf-8", newline="")
    reader = csv.reader(lines, delimiter=delimiter.decode(), strict=True)
    try:
        for cells in reader:
            if sum(map(len, cells)) > limits.row_bytes:
                raise InvalidInput(f"{name}: row {number} is longer than {limits.row_bytes:,} bytes.")
            yield number, cells
            number += 1
    except csv.Error as error:
        raise InvalidInput(_broken(error, number, reader.line_num, name, limits)) from None


class _Read(io.RawIOBase):
    """A stream that its reader does not close, for it is read again."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _broken(error: csv.Error, number: int, line: int, name: str, limits: Limits) -> str:
    if "field larger" in str(error):
        return f"{name}: row {number} is longer than {limits.row_bytes:,} bytes, as where a quote is opened and never closed."
    return (
        f"{name}: the quotes in row {number} do not pair (by line {line}); put a text that holds quotes into quotes and double "
        "those within it."
    )


def _of_other_width(cells: list[str], columns: list[str]) -> RowFault:
    return RowFault(
        "the row has more or fewer cells than the first line names",
        f"{len(cells)} and {len(columns)}",
        "Put texts that hold the separator into quotes.",
    )


def _header(cells: list[str], name: str) -> list[str]:
    """The columns' names; those without one are told apart by their places, for spreadsheets leave such behind."""
    columns = [cell.strip() or f"(column {place})" for place, cell in enumerate(cells, start=1)]
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise InvalidInput(
            f'{name}: its first line names "{shortened(twice[0])}" {columns.count(twice[0])} times; rename or remove one '
            "of these columns."
        )
    return columns


def _check_count(stream: BinaryIO, limits: Limits, name: str) -> None:
    """Count the rows of a file of very many lines before they are looked at; texts may hold lines of their own."""
    begins = stream.tell()
    lines = quotes = 0
    for piece in iter(lambda: stream.read(1 << 20), b""):
        lines += piece.count(b"\n")
        quotes += piece.count(b'"')
    stream.seek(begins)
    if lines - quotes > limits.rows + 1:
        raise too_many(name, limits)


def _with_lists(row: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The row with cells that hold a list or an object as such, in JSON or as Python prints it."""
    return {column: _value(cell, limits) for column, cell in row.items()}


def _value(cell: str, limits: Limits) -> Any:
    """Empty cells are nothing."""
    if not cell:
        return None
    if cell[:1] not in ("[", "{") or cell[-1:] not in ("]", "}"):
        return cell
    if cell.count("[") + cell.count("{") + cell.count("(") > limits.values or _depth(cell) > limits.nesting:
        return cell
    for read in (json.loads, ast.literal_eval):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            found = read(cell)
            return _plain(found) if isinstance(found, list | dict) else cell
    return cell


def _depth(cell: str) -> int:
    depth = deepest = 0
    for character in cell:
        depth += (character in "[{(") - (character in "]})")
        deepest = max(deepest, depth)
    return deepest


def parquet_rows(stream: BinaryIO, name: str, limits: Limits) -> Iterator[ReadRow]:
    """Every row of a Parquet file, numbered from 1.

    Raises:
        InvalidInput: it is damaged, or holds more than is read.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(pa.OSFile(stream.name), memory_map=False, pre_buffer=False)
        _check_size(file.metadata, name, limits)
        number = size = 0
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                size += _characters(row)  # a text that many rows share lies in the file once
                if size > limits.file_bytes:
                    raise InvalidInput(
                        f"{name} opens to more than the {limits.file_bytes:,} characters that are read, by row {number:,}; "
                        "split it."
                    )
                yield number, _plain(row)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(
            f"{name} is a damaged or cut-off Parquet file ({_line(error)}); copy or export it again."
        ) from None


def _check_size(about: Any, name: str, limits: Limits) -> None:
    size = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    if size > limits.file_bytes:
        raise InvalidInput(
            f"{name} opens to {size:,} bytes, more than the {limits.file_bytes:,} that are read; split it."
        )
    if about.num_rows > limits.rows:
        raise too_many(name, limits)
    if about.num_columns > _MOST_COLUMNS:
        raise InvalidInput(f"{name} has {about.num_columns:,} columns; at most {_MOST_COLUMNS:,} are read.")


def _characters(value: Any) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 8


def _plain(value: Any) -> Any:
    """What JSON could hold; times as text, and what is missing in a column of numbers as nothing."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _as_text(value) if isinstance(value, bytes) else value


def _as_text(value: bytes) -> str | None:
    """Old writers leave out that bytes are text; what is none is nothing that could be learnt."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _line(error: Exception) -> str:
    """The library's own words, up to their first full stop."""
    return shortened(str(error).split(". ")[0].rstrip("."), 120)
