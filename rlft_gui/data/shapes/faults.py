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


def shortened(text: str, length: int = 40) -> str:
    """The text on one line, cut for a message."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= length else line[: length - 1] + "…"
