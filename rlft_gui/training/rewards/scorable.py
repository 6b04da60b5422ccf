"""Which rows a verifier can never score, told before anything is trained on them. No torch."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rlft_gui.domain.reward_terms import parse
from rlft_gui.training.rewards.numbers import right_answer
from rlft_gui.training.rewards.rules import json_object
from rlft_gui.training.rows import Arranged, Row

NO_ANSWER = 'the reward "{}" compares with a column "answer", which the row does not have'
NO_OBJECT = 'the reward "json" cannot read the right answer as a JSON object with a key'
NO_NUMBER = 'the reward "number" cannot read the right answer as one number'


def unscorable(term: str, answer: object) -> str | None:
    """Why a term can give no answer its point, whatever the policy writes; None if it can.

    Args:
        term: as in settings, e.g. "number".
        answer: the row's right answer, None where it has none.

    Raises:
        InvalidInput: there is no such term.
    """
    kind = parse(term).kind
    if kind not in ("number", "exact", "json"):
        return None
    if answer is None:
        return NO_ANSWER.format(kind)
    if kind == "number":
        return NO_NUMBER if right_answer(str(answer)) is None else None
    return NO_OBJECT if kind == "json" and not json_object(str(answer)) else None


def scorable(rows: Sequence[Row], terms: Iterable[str]) -> Arranged:
    """The rows that all terms can score, and why the others are left out."""
    asked = [term for term in terms if term]
    reasons = [
        next(filter(None, (unscorable(term, row.get("answer")) for term in asked)), None) for row in rows
    ]
    kept = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
    return Arranged(kept, Counter(reason for reason in reasons if reason))
