"""Reads what workers appended to their run folders and hands it to storage. Which rows that makes is storage's matter.

Safe to run in several processes at once: storage takes each line exactly once.
"""

import time
from pathlib import Path

from pydantic import ValidationError

from rlft_gui.domain.events import EVENT, Event
from rlft_gui.domain.home import Home
from rlft_gui.storage import Storage
from rlft_gui.storage.events import EventBatch, Unreadable

#: Bytes taken in one transaction: some ten thousand lines, a fraction of a second.
CHUNK = 1_000_000


class Ingester:
    def __init__(self, home: Home, storage: Storage) -> None:
        self._home = home
        self._events = storage.events

    def ingest(self, run_id: str) -> None:
        """Store all whole lines that a run has written so far."""
        events = self._home.run(run_id).events
        while (batch := self._next(run_id, events)) is not None:
            if not self._events.store(batch):
                return  # another ingester was here; the next round sees what is left

    def _next(self, run_id: str, events: Path) -> EventBatch | None:
        start = self._events.position(run_id)
        size = events.stat().st_size if events.exists() else 0
        if size < start:
            self._events.step_back(run_id, start, size)
            return None
        lines = _whole_lines(events, start) if size > start else b""
        if not lines:
            return None
        entries = [_parse(line, start) for line in lines[:-1].split(b"\n")]
        return EventBatch(run_id, start, start + len(lines), entries)


def _whole_lines(path: Path, start: int) -> bytes:
    """About a chunk of lines from a byte on; a line that is still being written is left for the next time."""
    with path.open("rb") as file:
        file.seek(start)
        content = file.read(CHUNK)
        if len(content) == CHUNK:
            content += file.readline()
    return content[: content.rfind(b"\n") + 1]


def _parse(line: bytes, start: int) -> Event | Unreadable:
    try:
        return EVENT.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        told = f"{where}: {first['msg']}" if where else first["msg"]
        return Unreadable(
            f"A line of events.jsonl after byte {start:,} could not be read and was skipped: {told}. "
            f"It begins {line[:80].decode(errors='replace')!r}.",
            time.time(),
        )
