"""Which rows of the table are shown, in which order. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rlft_gui.services.answers.joined import Asked, Joined, Outcome, difference

Order = Literal["suite", "win", "loss", "different", "longest", "unstable"]


@dataclass(frozen=True)
class Look:
    """How a person looks at the table.

    Attributes:
        baseline: the column that others are compared with.
        other: the column that it is compared with first.
        kind: "" for all.
        text: words that the prompt or any answer holds, whatever their case.
        result: only prompts that `other` wins, loses or ties; "" for all.
    """

    baseline: str
    other: str
    score: str
    order: Order = "suite"
    kind: str = ""
    text: str = ""
    result: Outcome | Literal[""] = ""


def rows(joined: Joined, look: Look) -> list[Asked]:
    """The prompts to show, in order."""
    found = [one for one in joined.asked if not look.kind or one.kind == look.kind]
    if look.result:
        outcomes = joined.outcomes(look.baseline, look.other, look.score)
        found = [one for one in found if outcomes.get(one.item_id) == look.result]
    if wanted := look.text.strip().casefold():
        found = [one for one in found if _holds(joined, one, wanted)]
    if look.order == "suite":
        return found
    return sorted(found, key=_key(joined, look))  # stable: equal ones stay in the suite's order


def _holds(joined: Joined, one: Asked, wanted: str) -> bool:
    texts = (answer.text for cell in joined.cells[one.item_id].values() for answer in cell.answers)
    return wanted in one.question.casefold() or any(wanted in text.casefold() for text in texts)


def _key(joined: Joined, look: Look) -> Callable[[Asked], float]:
    """Smallest first; what is not known comes last."""

    def delta(one: Asked) -> float | None:
        return joined.delta(one.item_id, look.baseline, look.other, look.score)

    def win(one: Asked) -> float:
        found = delta(one)
        return float("inf") if found is None else -found

    def loss(one: Asked) -> float:
        found = delta(one)
        return float("inf") if found is None else found

    def different(one: Asked) -> float:
        row = joined.cells[one.item_id]
        if look.baseline not in row or look.other not in row:
            return float("inf")
        return -difference(row[look.baseline].first.text, row[look.other].first.text)

    def longest(one: Asked) -> float:
        return -max((count for cell in joined.cells[one.item_id].values() for count in cell.words), default=0)

    def unstable(one: Asked) -> float:
        return -max(cell.spread(look.score) for cell in joined.cells[one.item_id].values())

    keys: dict[Order, Callable[[Asked], float]] = {
        "win": win,
        "loss": loss,
        "different": different,
        "longest": longest,
        "unstable": unstable,
    }
    return keys[look.order]
