"""Rows as they are stored, one a line, in a file that goes away by itself: a large dataset never lies in memory whole."""

import hashlib
import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import orjson

from rlft_gui.data.shapes.faults import RowFault

Row = dict[str, Any]

_CHUNK = 1 << 20


def encoded(row: Row) -> bytes:
    """One row as it is stored; a dataset's hash is over these lines.

    Raises:
        RowFault: a text in it cannot be stored.
    """
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        raise RowFault("the row holds half a character (a lone surrogate)") from None


class KeptRows:
    """Rows in their order; written first, read any number of times after."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the object
        self._digest = hashlib.sha256()
        self.numbers = array("I")  #: of the rows, in the file that they come from
        self._count = 0
        for number, row in enumerate(rows, start=1):
            self.add(encoded(row), number)

    @classmethod
    def of(cls, numbered: Iterable[tuple[int, Row]]) -> "KeptRows":
        """Rows of a dataset that is stored, with their numbers."""
        kept = cls()
        for number, row in numbered:
            kept.add(encoded(row), number)
        return kept

    def add(self, line: bytes, number: int) -> None:
        """Add a row as `encoded` writes it, with its number in the file."""
        self.numbers.append(number)
        self._file.write(line)
        self._digest.update(line)
        self._count += 1

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for line in self.lines():
            yield orjson.loads(line)

    def lines(self) -> Iterator[bytes]:
        """The rows as they are stored. Several may read at once: each has a place of its own."""
        self._file.flush()
        place, rest = 0, b""
        while chunk := os.pread(self._file.fileno(), _CHUNK, place):
            place += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in lines)

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Each row with its number in the file."""
        return zip(self.numbers, self, strict=True)

    def first(self, count: int) -> list[Row]:
        return list(islice(self, count))

    def __del__(self) -> None:
        self._file.close()
