"""Rows that lie in a list under a key of one large object, as `{"data": [{…}, {…}]}`."""

import re
from typing import BinaryIO

_LOOKED_AT = 1 << 20  #: bytes of the beginning in which the list must begin
_DEEPEST = 3
_MARKS = re.compile(
    rb'"(?P<text>(?:[^"\\]|\\.)*+)"\s*(?P<names>:)?|(?P<opens>[\[{])|(?P<closes>[\]}])', re.DOTALL
)
_FIRST_KEY = re.compile(rb'\s*\{\s*"([^"\\]+)"\s*:')
#: What lists of rows are called.
_NAMES = frozenset(
    ["data", "rows", "examples", "items", "records", "instances", "samples", "entries", "dataset", "train", "training", "results", "annotations"]
)  # fmt: skip
#: With what the turns of a conversation, and the definitions of tools, begin.
_NO_ROWS = (
    b"role",
    b"from",
    b"content",
    b"value",
    b"type",
    b"function",
    b"name",
    b"text",
    b"model",
    b"response",
)


def wrapped_rows(stream: BinaryIO) -> tuple[str, int] | None:
    """The keys that lead to the list, joined by points, and where in the stream the list begins; None if there is none.

    An object that is whole in its line and followed by others is a row, whatever it holds.
    """
    begins = stream.tell()
    head = stream.read(_LOOKED_AT)
    stream.seek(begins)
    line, _, rest = head.lstrip().partition(b"\n")
    if rest.lstrip().startswith(b"{") and line.rstrip().endswith(b"}"):
        return None
    found = _search(head)
    return None if found is None else (found[0], begins + found[1])


def _search(head: bytes) -> tuple[str, int] | None:
    path: list[str] = []  #: of the objects that are open, by the key that each stands under
    key, inside = "", 0  #: the key last read, and how many lists or objects are passed over
    for mark in _MARKS.finditer(head):
        if mark["opens"]:
            is_object = mark["opens"] == b"{"
            if not inside and not is_object and path and _holds_rows(head, mark.end(), key, path):
                return ".".join([*path[1:], key]), mark.start()
            if inside or not is_object or len(path) >= _DEEPEST:
                inside += 1
            else:
                path.append(key)
        elif mark["closes"]:
            if inside:
                inside -= 1
            elif path:
                path.pop()
            if not path:
                return None
        elif mark["names"] and not inside:
            key = mark["text"].decode(errors="replace")
    return None


def _holds_rows(head: bytes, place: int, key: str, path: list[str]) -> bool:
    first = _FIRST_KEY.match(head, place)
    if first is None:
        return False
    is_only = len(path) == 1 and _FIRST_KEY.match(head) is not None and _first_key(head) == key
    return key.lower() in _NAMES or (is_only and first[1] not in _NO_ROWS)


def _first_key(head: bytes) -> str:
    found = _FIRST_KEY.match(head)
    return "" if found is None else found[1].decode(errors="replace")
