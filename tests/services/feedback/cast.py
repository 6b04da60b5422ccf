"""Verdicts on pairs as ratings count them, for tests: `cast("base", "dpo", 1)` went to the first."""

from itertools import count
from typing import Any

from rlft_gui.domain.votes import AnswerVerdict, PairVerdict, RaterKind, Side
from rlft_gui.services.feedback.rating_columns import Columns
from rlft_gui.services.feedback.rating_counting import rated
from rlft_gui.services.feedback.rating_facts import Ratings

_NUMBERS = count(1)


def cast(
    a: str,
    b: str,
    won: float,
    *,
    prompt: str = "",
    rater: str = "Anna",
    kind: RaterKind = RaterKind.PERSON,
    about: str = "",
    left: Side = "a",
    lengths: tuple[int, int] = (40, 40),
    seconds: float | None = None,
) -> PairVerdict:
    """A vote on a prompt of its own, where none is named."""
    number = next(_NUMBERS)
    asked = prompt or f"p{number}"
    return PairVerdict(
        number, asked, about, rater, kind, a, b, won, left, *lengths, seconds, f"{asked}/{a}", f"{asked}/{b}"
    )  # fmt: skip


def rate(*pairs: PairVerdict, judged: tuple[AnswerVerdict, ...] = (), **others: Any) -> Ratings:
    return rated(None, Columns(pairs), (), judged, (), {}, **others)
