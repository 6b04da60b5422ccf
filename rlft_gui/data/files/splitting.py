"""Cut a JSON list into the texts of its elements without parsing it.

A list may be 200 MB on one line. Parsing it whole takes many times its size in memory and cannot be stopped, so the
file is read in chunks and cut at the commas between elements; each element is then parsed alone. Only strings and
brackets are understood here: whether an element is valid JSON is the parser's to say.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

_CHUNK = 1 << 18
_MARK = re.compile(rb'["\[\]{},]')
# Possessive, so that a string of a million escapes costs no backtracking memory.
_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class BrokenList(ValueError):
    """The list cannot be cut.

    Attributes:
        row: number of the element, from 1.
        what: what is wrong, in words that follow "row N".
    """

    def __init__(self, row: int, what: str) -> None:
        super().__init__(row, what)
        self.row = row
        self.what = what


def split_list(stream: BinaryIO, row_bytes: int, *, is_whole: bool = True) -> Iterator[bytes]:
    """The elements of the list that the stream starts with, each as it is written.

    Args:
        is_whole: nothing may follow the list.

    Raises:
        BrokenList: an element is longer than `row_bytes`, the list is never closed, or something follows it.
    """
    number, depth, row = 1, 0, bytearray()
    pieces = _pieces(stream)
    for piece, mark in pieces:
        row += piece
        if len(row) > row_bytes + 1:  # one for the comma
            raise BrokenList(number, f"is longer than {row_bytes:,} bytes")
        if mark in (b"[", b"{"):
            depth += 1
            if depth == 1:
                row.clear()
        elif mark in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                break
        elif mark == b"," and depth == 1:
            yield bytes(row[:-1])
            row.clear()
            number += 1
    yield from _last(number, depth, row)
    if is_whole and any(piece.strip() for piece, _ in pieces):
        raise BrokenList(number, "is followed by more text after the list's end")


def _last(number: int, depth: int, row: bytearray) -> Iterator[bytes]:
    if depth > 0:
        raise BrokenList(number, "is the last one read and the list is never closed: the file may be cut off")
    if not row.endswith(b"]"):
        raise BrokenList(number, "is followed by } where the list's ] should be")
    if number > 1 or row[:-1].strip():  # else the list is empty
        yield bytes(row[:-1])


def _pieces(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The stream in pieces, each ending with the next bracket or comma outside strings, named beside it.

    Where a chunk ends first, the name is empty.
    """
    in_string, rest = False, b""
    while chunk := stream.read(_CHUNK):
        text, start, position = rest + chunk, 0, 0
        while True:
            if in_string:
                end = _end_of_string(text, position)
                if (
                    text[end : end + 1] != b'"'
                ):  # the chunk ended first, perhaps between a backslash and its letter
                    yield text[start:end], b""
                    rest = text[end:]
                    break
                in_string, position = False, end + 1
            else:
                mark = _MARK.search(text, position)
                if mark is None:
                    yield text[start:], b""
                    rest = b""
                    break
                position = mark.end()
                in_string = mark.group() == b'"'
                if not in_string:
                    yield text[start:position], mark.group()
                    start = position


def _end_of_string(text: bytes, position: int) -> int:
    found = _STRING.match(text, position)
    assert found is not None  # the pattern matches the empty string
    return found.end()
