"""Rows of tables, read by pyarrow: CSV and TSV, whose cells are texts, and Parquet, whose cells have types."""

import ast
import csv
import json
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from rlft_gui.data.files.json_rows import ReadRow
from rlft_gui.data.files.limits import Limits, too_many
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.domain.errors import InvalidInput

PARQUET = b"PAR1"
_DELIMITERS = {b",": "commas", b"\t": "tabs", b";": "semicolons", b"|": "bars"}
_BLOCK = 4  #: times the longest row, so that a row that is too long is read and can be named
_ROWS_AT_ONCE = 16
_MOST_COLUMNS = 1_000
_LONGEST_HEADER = 1_000_000  #: bytes


def delimiter_of(head: bytes) -> bytes | None:
    """What parts the columns of a table that begins so: what its first two records have alike, and most of."""
    lines = head.decode(errors="replace").lstrip("\r\n").splitlines()[:200]
    counted = []
    for mark in _DELIMITERS:
        records = list(csv.reader(lines, delimiter=mark.decode()))[:2]
        if len(records) == 2 and len(records[0]) == len(records[1]) > 1:
            counted.append((len(records[0]), mark))
    return max(counted, default=(0, None), key=lambda one: one[0])[1]


def csv_rows(
    stream: BinaryIO, name: str, delimiter: bytes, limits: Limits, notes: list[str]
) -> Iterator[ReadRow]:
    """Every record of UTF-8 under its header, as texts; numbered as a spreadsheet does, the header being 1.

    Raises:
        InvalidInput: the header names a column twice, a record is too long, or quotes are never closed.
    """
    from pyarrow import ArrowInvalid

    if delimiter != b",":
        notes.append(f"Its columns are parted by {_DELIMITERS[delimiter]}.")
    skipped: dict[int, RowFault] = {}
    begins = stream.tell()
    _check_columns(stream, delimiter, name)
    stream.seek(begins)
    try:
        _check_count(stream, delimiter, limits, name)
        stream.seek(begins)
        columns = _header(stream, delimiter, limits, name)
        stream.seek(begins)
        number, row = 1, None
        for row in _records(stream, columns, delimiter, limits, skipped):
            number += 1
            while fault := skipped.pop(number, None):
                yield number, fault
                number += 1
            if sum(len(cell) for cell in row.values() if cell) > limits.row_bytes:
                raise InvalidInput(f"{name}: row {number} is longer than {limits.row_bytes:,} bytes.")
            if any(cell is not None for cell in row.values()):
                yield number, _with_lists(row, limits)
        yield from sorted(skipped.items())
    except ArrowInvalid as error:
        if "straddling" in str(error):
            raise InvalidInput(
                f"{name} has a row of more than {limits.row_bytes:,} bytes, as where a quote is opened and never closed."
            ) from None
        raise InvalidInput(f"{name} is no table that can be read ({_line(error)}).") from None
    _check_quotes(stream, begins, row, number, name)


def _check_columns(stream: BinaryIO, delimiter: bytes, name: str) -> None:
    """Before anything is made of them; the first line alone says how many."""
    if stream.readline(_LONGEST_HEADER).count(delimiter) >= _MOST_COLUMNS:
        raise InvalidInput(
            f"{name} has more than {_MOST_COLUMNS:,} columns, which is the most that are read."
        )


def _check_count(stream: BinaryIO, delimiter: bytes, limits: Limits, name: str) -> None:
    """Count the rows of a file of very many lines before they are looked at; texts may hold lines of their own."""
    begins = stream.tell()
    lines = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1 << 20), b""))
    if lines <= limits.rows:
        return
    stream.seek(begins)
    if sum(batch.num_rows for batch in _reader(stream, delimiter, limits, {})) > limits.rows:
        raise too_many(name, limits)


def _header(stream: BinaryIO, delimiter: bytes, limits: Limits, name: str) -> list[str]:
    columns = [column.strip() for column in _reader(stream, delimiter, limits, {}).schema.names]
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise InvalidInput(
            f'{name}: its first line names "{shortened(twice[0])}" {columns.count(twice[0])} times; rename or remove one '
            "of these columns."
        )
    return columns


def _records(
    stream: BinaryIO, columns: list[str], delimiter: bytes, limits: Limits, skipped: dict[int, RowFault]
) -> Iterator[dict[str, Any]]:
    for batch in _reader(stream, delimiter, limits, skipped, columns):
        yield from batch.to_pylist()


def _reader(
    stream: BinaryIO, delimiter: bytes, limits: Limits, skipped: dict[int, RowFault], columns: Any = None
) -> Any:
    """A reader of batches of texts. It opens the file anew: its threads read ahead, and would move a stream that is shared."""
    import pyarrow as pa
    import pyarrow.csv as arrow

    def skip(row: Any) -> str:
        skipped[row.number] = RowFault(
            "the row has more or fewer cells than the first line names",
            f"{row.actual_columns} and {row.expected_columns}",
            "Put texts that hold the separator into quotes.",
        )
        return "skip"

    return arrow.open_csv(
        pa.OSFile(stream.name),
        arrow.ReadOptions(
            use_threads=False,
            block_size=_BLOCK * limits.row_bytes,
            column_names=columns,
            skip_rows=0 if columns is None else 1,
        ),
        arrow.ParseOptions(
            delimiter=delimiter.decode(),
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        arrow.ConvertOptions(
            column_types=dict.fromkeys(columns or (), pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _with_lists(row: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The row with cells that hold a list or an object as such, in JSON or as Python prints it."""
    return {column: _value(cell, limits) for column, cell in row.items()}


def _value(cell: str | None, limits: Limits) -> Any:
    if cell is None or cell[:1] not in ("[", "{") or cell[-1:] not in ("]", "}"):
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


def _check_quotes(stream: BinaryIO, begins: int, last: dict[str, Any] | None, number: int, name: str) -> None:
    """A quote that is opened and never closed takes in all that follows, silently."""
    if last is None or not any("\n" in cell for cell in last.values() if isinstance(cell, str)):
        return
    stream.seek(begins)
    quotes = sum(piece.count(b'"') for piece in iter(lambda: stream.read(1 << 20), b""))
    if quotes % 2:
        raise InvalidInput(
            f"{name}: a quote that is opened in row {number} is never closed, so the rest of the file lies in one cell; "
            "close it, or double quotes that stand within a text."
        )


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


def _as_text(value: bytes) -> str:
    """Old writers leave out that bytes are text."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"({len(value):,} bytes that are no text)"


def _line(error: Exception) -> str:
    """The library's own words, up to their first full stop."""
    return shortened(str(error).split(". ")[0].rstrip("."), 120)
