"""Why one row cannot be used. A fault drops its row; a file that cannot be read at all is InvalidInput."""

import math

#: What to do where nothing better is known.
MEND = "Mend the row, or leave it out."


class RowFault(Exception):
    """One row is left out.

    Attributes:
        reason: the same words for every row with this fault, so that rows can be counted by it.
        found: what stood in this row; shown with its number, never counted by.
        fix: what to do about it, as a sentence.
    """

    def __init__(self, reason: str, found: str = "", fix: str = MEND) -> None:
        super().__init__(reason, found, fix)
        self.reason = reason
        self.found = found
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.reason} (found {self.found})" if self.found else self.reason


class OtherShape(RowFault):
    """The row is not what its other columns make it seem."""


def kind(value: object) -> str:
    """What a value from JSON is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "NaN" if math.isnan(value) else "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"


def on_one_line(text: str) -> str:
    """The whole text, with spaces for what breaks a line or cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shortened(text: str, length: int = 40) -> str:
    """The text on one line, cut for a message."""
    line = on_one_line(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def shortened_within(name: str, length: int) -> str:
    """A name on one line, cut before its end: paths and checkpoints begin alike and differ in their last words."""
    line, head = on_one_line(name), length // 4
    return line if len(line) <= length else f"{line[:head]}…{line[len(line) - (length - head - 1) :]}"
