"""Rows of JSON: a list `[{…}, {…}]`, a list under a key of one object, or one row `{…}` a line.

A fault of the file (no JSON, cut off, a row too large) refuses it whole, in one sentence that names the row. Which rows
can be used is not judged here, except that a row must be unambiguous.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

import orjson

from rlft_gui.data.files.limits import Limits, too_many
from rlft_gui.data.files.splitting import BrokenList, split_list
from rlft_gui.data.files.wrapping import wrapped_rows
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.domain.errors import InvalidInput

EXPECTED = "a JSON list of rows [{…}, {…}], JSONL with one row {…} per line, CSV, TSV or Parquet"
_MARKS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])|(,)', re.DOTALL)
_SPACED_KEY = re.compile(rb'"[ \t\r\n]+:')

#: A row's number in the file, from 1 (in JSONL its line), and its value or why it has none.
ReadRow = tuple[int, Any]


def json_rows(stream: BinaryIO, name: str, limits: Limits, notes: list[str]) -> Iterator[ReadRow]:
    """Every row in its order; blank lines are none.

    Args:
        stream: UTF-8 whose first character that counts is `[` or `{`.
        notes: gets a sentence on where the rows lay, where that is not plain.

    Raises:
        InvalidInput: it cannot be read, in one sentence; rows before the fault may have come already.
    """
    begins = stream.tell()
    start = stream.read(4096).lstrip()[:1]
    stream.seek(begins)
    if start == b"[":
        _check_count(stream, name, limits, is_list=True)
        raws = _listed(stream, name, limits, is_whole=True)
    elif wrapped := wrapped_rows(stream):
        notes.append(f'Its rows lie under "{shortened(wrapped[0])}", and nothing else in it is read.')
        stream.seek(wrapped[1])
        raws = _listed(stream, name, limits, is_whole=False)
    else:
        _check_count(stream, name, limits, is_list=False)
        raws = _lines(stream, name, limits)
    for number, raw in raws:
        yield number, parsed(raw, number, name, limits)


def _check_count(stream: BinaryIO, name: str, limits: Limits, *, is_list: bool) -> None:
    """Count the rows of a file that may have very many before any is looked at."""
    begins = stream.tell()
    opened = sum(
        piece.count(b"{" if is_list else b"\n{") for piece in iter(lambda: stream.read(1 << 20), b"")
    )
    stream.seek(begins)
    if opened <= limits.rows:
        return
    with suppress(BrokenList):  # which is told when it is read
        listed = split_list(stream, limits.row_bytes, is_whole=False)
        if not is_list or sum(1 for _ in islice(listed, limits.rows + 1)) > limits.rows:
            raise too_many(name, limits)
    stream.seek(begins)


def _listed(stream: BinaryIO, name: str, limits: Limits, *, is_whole: bool) -> Iterator[tuple[int, bytes]]:
    try:
        yield from enumerate(split_list(stream, limits.row_bytes, is_whole=is_whole), start=1)
    except BrokenList as error:
        raise InvalidInput(f"{name}: row {error.row} {error.what}.") from None


def _lines(stream: BinaryIO, name: str, limits: Limits) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(limits.row_bytes + 1):
        number += 1
        if len(line) > limits.row_bytes:
            raise InvalidInput(f"{name}: row {number} is longer than {limits.row_bytes:,} bytes.")
        if line.strip():
            yield number, line


def parsed(raw: bytes, number: int, name: str, limits: Limits) -> Any:
    """The row's value, or the RowFault that makes it ambiguous.

    Raises:
        InvalidInput: it is no JSON, or nested too deep.
    """
    _check_structure(raw, number, name, limits)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _strictly(raw, number, name)
    # Of a field that appears twice orjson keeps the last without a word. Only where every quote before a colon is a
    # key's that was kept is that out of the question.
    if raw.count(b'":') != _keys(value) or _SPACED_KEY.search(raw):
        return _strictly(raw, number, name)
    return value


def _keys(value: Any) -> int:
    if type(value) is dict:
        return len(value) + sum(
            _keys(one) for one in value.values() if type(one) is dict or type(one) is list
        )
    if type(value) is list:
        return sum(_keys(one) for one in value if type(one) is dict or type(one) is list)
    return 0


def _strictly(raw: bytes, number: int, name: str) -> Any:
    """Slower, and with words for what is wrong."""
    try:
        # No number needs more than a float, so an integer of a million digits costs no more than one.
        return json.loads(
            raw.decode("utf-8"), parse_int=float, parse_constant=_no_json, object_pairs_hook=_object
        )
    except RowFault as fault:
        return fault
    except UnicodeDecodeError as error:
        what = (
            f"is not UTF-8 at byte {error.start + 1} (found 0x{raw[error.start]:02x}); save the file as UTF-8"
        )
    except json.JSONDecodeError as error:
        what = _broken(raw, number, error)
    raise InvalidInput(f"{name}: row {number} {what}.")


def _no_json(constant: str) -> Any:
    raise RowFault(
        "NaN or Infinity stands in the row, which is no JSON", constant, "Write null, or leave it out."
    )


def _broken(raw: bytes, number: int, error: json.JSONDecodeError) -> str:
    if b"\0" in raw:
        return "holds NUL bytes, so the file is damaged or not text"
    rest = error.doc[error.pos :].strip()
    if not error.doc.strip():
        return "is empty, there is a comma too many"
    if not rest and number == 1 and error.doc.lstrip().startswith("{"):
        return (
            "is an object that goes on over several lines, so the file is one object and no list of rows; put its rows into "
            "a list [{…}, {…}]"
        )
    if not rest:
        return f"ends in the middle of a value; expected {EXPECTED}"
    return f'is not valid JSON at character {error.pos + 1}, before "{shortened(rest, 20)}" ({_lower(error.msg)})'


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RowFault("a field appears twice in the row", shortened(twice))
    return found


def _check_structure(raw: bytes, number: int, name: str, limits: Limits) -> None:
    """Before parsing, which would recurse, and would make an object of every bracket."""
    if raw.count(b"[") + raw.count(b"{") <= limits.nesting and raw.count(b",") <= limits.values:
        return
    depth = values = 0
    for mark in _MARKS.finditer(raw):
        depth += (mark[1] is not None) - (mark[2] is not None)
        values += mark[1] is not None or mark[3] is not None
        if depth > limits.nesting:
            raise InvalidInput(
                f"{name}: row {number} has lists or objects more than {limits.nesting} deep inside one another."
            )
    if values > limits.values:
        raise InvalidInput(
            f"{name}: row {number} has more than {limits.values:,} values; leave out what is no text."
        )
