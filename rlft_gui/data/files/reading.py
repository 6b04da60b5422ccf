"""Read the rows of a JSON or JSONL file, one at a time, whatever its name says.

A fault of the file (not JSON, cut off, too large) refuses it whole, in one sentence that names the row. Which rows
of a readable file can be used is not judged here, except that a row must be unambiguous. Compressed files, CSV and
Parquet are refused: an archive of a few KB can open to gigabytes, and a table has no lists of turns.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from charset_normalizer import from_bytes

from rlft_gui.data.files.limits import Limits
from rlft_gui.data.files.splitting import BrokenList, split_list
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.domain.errors import InvalidInput

_BOM = b"\xef\xbb\xbf"
_SHAPES = "a JSON list of rows [{…}, {…}] or JSONL with one row {…} per line"
_OTHER_KINDS = (
    (b"\x1f\x8b", "compressed with gzip"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstandard"),
    (b"PAR1", "a Parquet table"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)
#: What editors and spreadsheets write beside UTF-8.
_ENCODINGS = {
    "cp1252": "Windows-1252",
    "gb18030": "GBK",
    "shift_jis": "Shift JIS",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    "cp1251": "Windows-1251",
}
_HEAD_BYTES = 1 << 16
_MARKS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])|(,)', re.DOTALL)

#: A row's number in the file, from 1 (in JSONL its line), and its value or why it has none.
ReadRow = tuple[int, Any]


def read_rows(path: Path, name: str, limits: Limits) -> Iterator[ReadRow]:
    """Every row of the file in its order; blank lines are none.

    Args:
        name: what the file is called in messages.

    Raises:
        InvalidInput: the file cannot be read, in one sentence; rows before the fault may have come already.
    """
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise InvalidInput(
                f"{name} has {size:,} bytes, more than the {limits.file_bytes:,} that are read; split it."
            )
        with path.open("rb") as stream:
            for count, (number, raw) in enumerate(_raw_rows(stream, name, limits), start=1):
                if count > limits.rows:
                    raise InvalidInput(
                        f"{name} has more than {limits.rows:,} rows, which is the most that are read; split it."
                    )
                yield number, _parsed(raw, number, name, path, limits)
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from None


def _raw_rows(stream: BinaryIO, name: str, limits: Limits) -> Iterator[tuple[int, bytes]]:
    start = _start(stream, name)
    if start == b"[":
        try:
            yield from enumerate(split_list(stream, limits.row_bytes), start=1)
        except BrokenList as error:
            raise InvalidInput(f"{name}: row {error.row} {error.what}.") from None
    else:
        yield from _lines(stream, name, limits)


def _start(stream: BinaryIO, name: str) -> bytes:
    """The first character that counts; leaves the stream behind a byte order mark."""
    head = stream.read(4096)
    for magic, what in _OTHER_KINDS:
        if head.startswith(magic):
            raise InvalidInput(f"{name} is {what}; save it as {_SHAPES}, in UTF-8.")
    text = head.removeprefix(_BOM)
    stream.seek(len(head) - len(text))
    start = text.lstrip()[:1]
    if not start:
        raise InvalidInput(f"{name} is empty; expected {_SHAPES}.")
    if start == b"\0":
        raise InvalidInput(f"{name} starts with NUL bytes, so it is not text; expected {_SHAPES}.")
    if start not in (b"[", b"{"):
        found = shortened(text.lstrip()[:80].decode(errors="replace"), 30)
        table = " and looks like a table (CSV), whose lines must become rows" if _is_table(text) else ""
        raise InvalidInput(f'{name} is not JSON, it starts with "{found}"{table}; expected {_SHAPES}.')
    return start


def _is_table(text: bytes) -> bool:
    """Whether its first two lines have the same number of columns, and more than one."""
    first, second, *_ = *text.lstrip().splitlines(), b"", b""
    return any(0 < first.count(mark) <= second.count(mark) for mark in (b",", b"\t", b";"))


def _lines(stream: BinaryIO, name: str, limits: Limits) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(limits.row_bytes + 1):
        number += 1
        if len(line) > limits.row_bytes:
            raise InvalidInput(f"{name}: row {number} is longer than {limits.row_bytes:,} bytes.")
        if line.strip():
            yield number, line


def _parsed(raw: bytes, number: int, name: str, path: Path, limits: Limits) -> Any:
    """The row's value, or the RowFault that makes it ambiguous."""
    _check_structure(raw, number, name, limits)
    try:
        # No number needs more than a float, so an integer of a million digits costs no more than one.
        return json.loads(
            raw.decode("utf-8"), parse_int=float, parse_constant=_no_json, object_pairs_hook=_object
        )
    except RowFault as fault:
        return fault
    except UnicodeDecodeError as error:
        what = (
            f"is not UTF-8 at byte {error.start + 1} (found 0x{raw[error.start]:02x}){_encoding(path)}; save the file as "
            "UTF-8"
        )
    except json.JSONDecodeError as error:
        what = _broken(raw, number, error)
    raise InvalidInput(f"{name}: row {number} {what}.")


def _no_json(constant: str) -> Any:
    raise RowFault(
        "NaN or Infinity stands in the row, which is no JSON", constant, "Write null, or leave it out."
    )


def _encoding(path: Path) -> str:
    """What the text seems to be written in, to be named; nothing is read by a guess."""
    with path.open("rb") as file:
        best = from_bytes(file.read(_HEAD_BYTES), cp_isolation=list(_ENCODINGS)).best()
    return f", it looks like {_ENCODINGS[best.encoding]}" if best is not None else ""


def _broken(raw: bytes, number: int, error: json.JSONDecodeError) -> str:
    if b"\0" in raw:
        return "holds NUL bytes, so the file is damaged or not text"
    rest = error.doc[error.pos :].strip()
    if not error.doc.strip():
        return "is empty, there is a comma too many"
    if not rest and number == 1 and error.doc.lstrip().startswith("{"):
        return (
            "is an object that goes on over several lines, so the file is one object and no list of rows; put its rows into "
            "a list [{…}, {…}], also where they lie under one key such as data"
        )
    if not rest:
        return f"ends in the middle of a value; expected {_SHAPES}"
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
