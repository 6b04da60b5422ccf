"""The end of a log file."""

from collections import deque
from pathlib import Path

#: Characters of one line that are shown.
LONGEST_LINE = 2_000


def tail(path: Path, lines: int) -> tuple[int, list[str]]:
    """How many lines the file has, and the last of them. Of a progress bar's many versions the last is shown."""
    if not path.exists():
        return 0, []
    total, last = 0, deque[bytes](maxlen=lines)
    with path.open("rb") as file:
        for line in file:
            total += 1
            last.append(line)
    return total, [_readable(line) for line in last]


def _readable(line: bytes) -> str:
    text = line.decode("utf-8", errors="replace").rstrip("\r\n").rpartition("\r")[2]
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
