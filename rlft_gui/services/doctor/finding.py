"""One thing that a look at a home found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

#: "good" and "told" are healthy; "repair" can be repaired here, "person" by a person only; "blind" could not be looked at.
Level = Literal["good", "told", "repair", "person", "blind"]


@dataclass(frozen=True)
class Finding:
    """`text` is a sentence; `repair` does what it says would be done, and may raise OSError or an RlftError."""

    check: str
    level: Level
    text: str
    repair: Callable[[], object] | None = None
