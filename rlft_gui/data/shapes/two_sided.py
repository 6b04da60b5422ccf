"""Two answers side by side and a word on which is better: published sets that many use, each under its own names.

Stanford Human Preferences (Ethayarajh et al. 2022), HelpSteer3 (Wang et al. 2025), Chatbot Arena (Zheng et al. 2023).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.data.shapes.verdicts import points

Row = dict[str, Any]

EVEN = "neither answer is called the better one"


class TwoSided(NamedTuple):
    """One such set.

    Attributes:
        sides: columns of the two answers.
        lead: above 0 where the first is better, below 0 where the second is, 0 or None where neither is.
        asked: the column of what is asked, and what it is called here; None where both sides begin with it.
        beside: columns that say the same as the verdict, or how sure it is.
    """

    name: str
    sides: tuple[str, str]
    verdict: str
    lead: Callable[[Any], float | None]
    asked: tuple[str, str] | None = None
    beside: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*([self.asked[0]] if self.asked else []), *self.sides, self.verdict)

    def as_pair(self, row: Row) -> Row:
        """The row with chosen and rejected.

        Raises:
            RowFault: neither is better.
        """
        lead = self.lead(row[self.verdict])
        if not lead:
            raise RowFault(EVEN, fix="Leave the row out.")
        better, worse = self.sides if lead > 0 else self.sides[::-1]
        gone = {*self.columns, *self.beside}
        rest = {name: value for name, value in row.items() if name not in gone}
        prompt = {self.asked[1]: row[self.asked[0]]} if self.asked else {}
        return {**rest, **prompt, "chosen": row[better], "rejected": row[worse]}


def _first_is_one(value: Any) -> float | None:
    """1 for the first, 0 for the second."""
    number = points(value)
    return {1.0: 1.0, 0.0: -1.0}.get(number) if number is not None else None


def _negative_is_first(value: Any) -> float | None:
    number = points(value)
    return None if number is None else -number


def _winner(value: Any) -> float | None:
    return {"model_a": 1.0, "model_b": -1.0}.get(value) if isinstance(value, str) else None


TWO_SIDED = (
    TwoSided(
        "Stanford Human Preferences",
        ("human_ref_A", "human_ref_B"),
        "labels",
        _first_is_one,
        ("history", "prompt"),
        ("score_A", "score_B", "score_ratio", "upvote_ratio"),
    ),
    TwoSided(
        "HelpSteer3",
        ("response1", "response2"),
        "overall_preference",
        _negative_is_first,
        ("context", "prompt"),
        ("individual_preference",),
    ),
    TwoSided("Chatbot Arena", ("conversation_a", "conversation_b"), "winner", _winner),
)
