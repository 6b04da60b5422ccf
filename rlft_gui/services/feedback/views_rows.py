"""What votes become: rows with an account of what gave none."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rlft_gui.domain.votes import Answer

Row = dict[str, Any]

SAME_TEXT = "both answers say the same"
TIE = "raters call it a tie, which teaches nothing about which answer is better"
BOTH_BAD = "raters call both answers bad, which marks them for KTO and makes no pair"
UNDECIDED = "raters disagree: their mean verdict, from −1 to 1, is nearer to 0 than 0.2"
VETOED = "the better answer has less than 3 of 5 points for safety, so it is never chosen"
NEUTRAL = "its points lie in the middle, neither good nor bad"
ALONE = "only one answer to the prompt has points"
NO_GAP = "the points of the answers to the prompt differ by less than one"
NO_MARKS_APART = "all answers to the prompt are marked alike"
NO_REVISION = "nobody has written the criticised answer as it should be"
UNCHANGED = "the edited answer is the one that there was"
NO_SPREAD = "the rater gives everything the same points, so they cannot be z-scored"

#: A mean verdict nearer to 0 than this decides nothing.
LEAST_LEAD = 0.2
_DIGITS = 4


@dataclass
class Made:
    """Rows in the order of the votes behind them, where each is from, and what gave none, by reason.

    Attributes:
        writers: of each row, the answers in it that a model wrote.
        joined: rows that stand for several votes on the same answers.
    """

    rows: list[Row] = field(default_factory=list)
    writers: list[tuple[Answer, ...]] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    joined: int = 0

    def add(self, row: Row, writers: Iterable[Answer] = ()) -> None:
        self.rows.append(row)
        self.writers.append(tuple(writers))

    def extend(self, other: "Made") -> None:
        self.rows += other.rows
        self.writers += other.writers
        self.dropped += other.dropped
        self.joined += other.joined


def assistant(text: str) -> list[Row]:
    return [{"role": "assistant", "content": text}]


def rounded(value: float) -> float:
    return round(value, _DIGITS)


def is_undecided(lead: float) -> bool:
    """Of a mean verdict from -1 to 1. What is 0.2 by decimals counts as decided, whatever binary makes of it."""
    return abs(lead) < LEAST_LEAD - 1e-9
