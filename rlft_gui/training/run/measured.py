"""What a run has measured, read from what it reported: earlier attempts are in there, and what they took back is not."""

from pathlib import Path

from pydantic import ValidationError

from rlft_gui.domain.events import EVENT, MetricsEvent, ResumedEvent
from rlft_gui.domain.keeping import MEASURES, Series

#: What a line has that matters here. Steps are told by the thousand, and answers are long: the others are not parsed.
_MARKS = (b'"kind":"resumed"', *(f'"{name}":'.encode() for name, _ in MEASURES))


def measured_in(events: Path) -> Series:
    """Of what tells which checkpoint is best, by name and step; nothing where nothing was reported yet."""
    found: dict[str, dict[int, float]] = {name: {} for name, _ in MEASURES}
    try:
        with events.open("rb") as lines:
            for line in lines:
                if any(mark in line for mark in _MARKS):
                    _take(line, found)
    except FileNotFoundError:
        pass
    return found


def _take(line: bytes, found: dict[str, dict[int, float]]) -> None:
    try:
        event = EVENT.validate_json(line)
    except ValidationError:  # torn by a kill, and cut off by whoever writes next
        return
    if isinstance(event, ResumedEvent):
        for series in found.values():
            for step in [step for step in series if step > event.from_step]:
                del series[step]
    elif isinstance(event, MetricsEvent):
        for name in found.keys() & event.values.keys():
            found[name][event.step] = event.values[name]
