"""What is scored, and what a score says.

The number that is shown is the normalised one, which policies learn from: 0 is an average answer of the reward model's own
held-out data, 1 is one deviation better. It means the same for every reward model. The raw one stands beside it, for
differences of raw rewards are log-odds that one answer beats another.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.turns import Message, said

REWARD_IS = (
    "Normalised as policies learn from it: 0 is an average answer of the reward model's own held-out data, 1 is one "
    "deviation better. Raw rewards stand beside; their differences are log-odds."
)


class ToScore(NamedTuple):
    """An answer and what it answers.

    Attributes:
        prompt: the turns before it; empty where the answer stands alone.
        right: the right answer, which some rules compare with; None where nobody knows it.
        row: its number in the file that it is from.
    """

    prompt: Sequence[Message]
    text: str
    right: str | None = None
    row: int | None = None

    @property
    def asked(self) -> str:
        """The prompt as text: a single turn as it is, several with who spoke."""
        if len(self.prompt) == 1:
            return said(self.prompt[0])
        return "\n".join(f"{turn['role'].capitalize()}: {said(turn)}" for turn in self.prompt)


class Place(Frozen):
    """The shares of known answers that get less, 0 to 1, those that get the same counted half; None where there are none.

    Answers of ratings have no side, and count in `known` alone.
    """

    chosen: float | None = None
    rejected: float | None = None
    known: float | None = None


class AnswerScore(Frozen):
    """What one answer gets.

    Attributes:
        reward: normalised, the mean over the attributes; None where it could not be scored.
        attributes: normalised, by attribute; empty where the reward model gives one number.
        raw: as the head gives them, by attribute, or as "reward".
        terms: of rules, gold and judges, under their term's name; a term that cannot score this answer is left out.
        note: how it was read, where that is not plain, e.g. cut.
        error: why there is no reward.
    """

    reward: float | None = None
    attributes: dict[str, float] = Field(default_factory=dict)
    raw: dict[str, float] = Field(default_factory=dict)
    place: Place | None = None
    terms: dict[str, float] = Field(default_factory=dict)
    note: str = ""
    error: str = ""


class Scores(Frozen):
    """What the answers get, in the order in which they were given.

    Attributes:
        run: as it was named, RUN or RUN@step; empty where only terms scored.
        checkpoint: "RUN@step", of the weights that really read.
    """

    run: str = ""
    checkpoint: str = ""
    answers: tuple[AnswerScore, ...] = ()


def as_json(items: Sequence[ToScore], scores: Scores) -> list[dict[str, Any]]:
    """A row for each answer, as `rlft score --json` and an export have it."""
    return [_row(item, one) for item, one in zip(items, scores.answers, strict=True)]


def _row(item: ToScore, one: AnswerScore) -> dict[str, Any]:
    row: dict[str, Any] = {} if item.row is None else {"row": item.row}
    row |= {"prompt": item.asked, "text": item.text, "reward": one.reward, "attributes": one.attributes}
    row |= {"raw": one.raw, "place": one.place.model_dump(exclude_none=True) if one.place else {}}
    told = {"terms": one.terms, "note": one.note, "error": one.error}
    return row | {name: value for name, value in told.items() if value}
