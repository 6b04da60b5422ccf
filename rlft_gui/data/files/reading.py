"""The rows of a file, one at a time, whatever it is packed in, written in and called. Content decides, not the name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from rlft_gui.data.files.encodings import as_utf8
from rlft_gui.data.files.json_rows import EXPECTED, ReadRow, json_rows
from rlft_gui.data.files.limits import Limits, too_many
from rlft_gui.data.files.tables import PARQUET, csv_rows, delimiter_of, parquet_rows
from rlft_gui.data.files.unpacking import unpacked
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain.errors import InvalidInput

_HEAD = 1 << 16
_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zip", ".tsv.zip")


@dataclass
class FileRows:
    """Rows that come as they are asked for.

    Attributes:
        notes: sentences on how the file was read where that is not plain; complete once the first row was read.
    """

    rows: Iterator[ReadRow]
    notes: list[str] = field(default_factory=list)


@contextmanager
def opened_rows(path: Path, name: str, limits: Limits, encoding: str = "") -> Iterator[FileRows]:
    """The rows of a file.

    Args:
        name: what the file is called in messages.
        encoding: what its text is written in; "" finds out.

    Raises:
        InvalidInput: the file cannot be read, in one sentence; from reading rows too, when some have come already.
    """
    try:
        with unpacked(path, name, limits) as plain:
            notes = [plain.note] if plain.note else []
            if plain.stream.read(len(PARQUET)) == PARQUET:
                plain.stream.seek(0)
                yield FileRows(_counted(parquet_rows(plain.stream, name, limits), name, limits), notes)
                return
            with as_utf8(plain.stream, name, limits, encoding) as text:
                notes += [text.note] if text.note else []
                rows = _rows(text.stream, name, limits, notes)
                yield FileRows(_counted(rows, name, limits), notes)
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror or error}.") from None


def _counted(rows: Iterator[ReadRow], name: str, limits: Limits) -> Iterator[ReadRow]:
    for count, row in enumerate(rows, start=1):
        if count > limits.rows:
            raise too_many(name, limits)
        yield row


def _rows(stream: BinaryIO, name: str, limits: Limits, notes: list[str]) -> Iterator[ReadRow]:
    begins = stream.tell()
    head = stream.read(_HEAD)
    stream.seek(begins)
    start = head.lstrip()[:1]
    if not start:
        raise InvalidInput(f"{name} is empty; expected {EXPECTED}.")
    if start == b"\0":
        raise InvalidInput(f"{name} starts with NUL bytes, so it is not text; expected {EXPECTED}.")
    if start in (b"[", b"{"):
        return json_rows(stream, name, limits, notes)
    delimiter = delimiter_of(head) or (b"," if name.lower().endswith(_TABLES) else None)
    if delimiter is None:
        found = shortened(head.lstrip()[:80].decode(errors="replace"), 30)
        raise InvalidInput(
            f'{name} is not JSON and no table, it starts with "{found}"; expected {EXPECTED}, of plain text one '
            '{"text": "…"} a line for each document.'
        )
    return csv_rows(stream, name, delimiter, limits, notes)
