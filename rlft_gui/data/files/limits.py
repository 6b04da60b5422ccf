"""How much a data file may hold. Each limit is checked before the part it limits is parsed."""

from dataclasses import dataclass

from rlft_gui.domain.errors import InvalidInput


@dataclass(frozen=True)
class Limits:
    """Beyond these a file is refused: they bound the memory and the seconds that a strange file can cost."""

    file_bytes: int = 200_000_000
    rows: int = 200_000
    row_bytes: int = 1_000_000  #: one row as written in the file
    nesting: int = 20  #: lists and objects inside one another, within one row
    values: int = 10_000  #: lists, objects and what they hold, within one row


LIMITS = Limits()


def too_many(name: str, limits: Limits) -> InvalidInput:
    return InvalidInput(
        f"{name} has more than {limits.rows:,} rows, which is the most that are read; split it."
    )
