"""What people say about answers, from the notations in use: good or bad, points by attribute, a margin, a right answer."""

import math
import re
from typing import Any

from rlft_gui.data.shapes.faults import RowFault, kind, shortened
from rlft_gui.data.shapes.messages import text
from rlft_gui.domain.errors import InvalidInput

#: What spreadsheets write for true and false in German, French, Spanish, Italian, Portuguese, Dutch and Polish.
_TRUE = ("wahr", "vrai", "verdadero", "vero", "verdadeiro", "waar", "prawda")
_FALSE = ("falsch", "faux", "falso", "onwaar", "fałsz")
_GOOD = ("true", "good", "up", "thumbs up", "yes", "1", "desirable", "👍", *_TRUE)
_BAD = ("false", "bad", "down", "thumbs down", "no", "0", "-1", "undesirable", "👎", *_FALSE)

#: Columns of points that are read beside "helpfulness"; HelpSteer has the first five (Wang et al. 2023).
ATTRIBUTES = (
    "helpfulness",
    "correctness",
    "coherence",
    "complexity",
    "verbosity",
    "accuracy",
    "honesty",
    "harmlessness",
    "safety",
)
#: Points that both sides of a pair got, chosen's and then rejected's.
SCORES_OF_SIDES = (
    "score_chosen", "score_rejected", "chosen_score", "rejected_score", "chosen_rating", "rejected_rating",
    "chosen_avg_rating", "rejected_avg_rating",
)  # fmt: skip
_SCORES_OF_BOTH = tuple(zip(SCORES_OF_SIDES[::2], SCORES_OF_SIDES[1::2], strict=True))
#: In GSM8K, what stands before the result (Cobbe et al. 2021).
_RESULT_MARK = "####"
#: Not before three digits, where a comma may group thousands.
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")
_LONGEST_ANSWER = 100  #: characters


def verdict(row: dict[str, Any], field: str) -> bool:
    """Whether an answer was called good.

    Raises:
        RowFault: the field says neither good nor bad.
    """
    value = row.get(field)
    if isinstance(value, bool):
        return value
    said = ""
    if isinstance(value, int | float):
        said = f"{value:g}"
    elif isinstance(value, str):
        number = points(value)
        said = value.strip().lower() if number is None else f"{number:g}"
    if said in _GOOD or said in _BAD:
        return said in _GOOD
    found = f'"{shortened(value)}"' if isinstance(value, str) else said or kind(value)
    raise RowFault(
        f'field "{field}" is neither good nor bad; write true or false, or rename it if it is no verdict',
        found,
    )


def check_both_verdicts(good: int, bad: int, name: str) -> None:
    """Raises InvalidInput if all answers are good or all bad: nothing could be learnt from the difference."""
    if good and bad:
        return
    advice = (
        "Add answers marked bad, or leave the verdicts out to imitate these."
        if good
        else "Add answers marked good."
    )
    raise InvalidInput(
        f"{name}: {good} of the usable answers are marked good and {bad} bad, but what is good is learnt from the "
        f"difference. {advice}"
    )


def scores(row: dict[str, Any], field: str) -> dict[str, float]:
    """Points by attribute: an object, a single number, or a column each.

    Raises:
        RowFault: there are no points, or some are no numbers.
    """
    value = row.get(field)
    if isinstance(value, dict):
        if not value:
            raise RowFault(f'field "{field}" is empty')
        return {name: _number(points, f"{field}: {name}") for name, points in value.items()}
    named = [name for name in ATTRIBUTES if name in row] if field in ATTRIBUTES else [field]
    return {name: _number(row[name], name) for name in named if name in row} or _missing(field)


def margin(row: dict[str, Any]) -> dict[str, float]:
    """By how much chosen is better, where the row says so; {} where it does not.

    Raises:
        RowFault: it is no number, or below 0.
    """
    if row.get("margin") is None:
        return {}
    number = _number(row["margin"], "margin")
    if number < 0:
        raise RowFault("the margin is below 0: rejected would be the better answer", f"{number:g}")
    return {"margin": number}


def certainty(row: dict[str, Any]) -> dict[str, float]:
    """How sure it is that chosen is better, where the row says so; {} where it does not.

    Raises:
        RowFault: it is no number from 0.5 to 1, so it may be another verdict than this.
    """
    value = row.get("preference")
    if value is None:
        return {}
    number = points(value)
    if number is None or not 0.5 <= number <= 1:
        raise RowFault(
            'field "preference" is no number from 0.5 to 1, as which it says how sure it is that chosen is better',
            f'"{shortened(value)}"' if isinstance(value, str) else kind(value),
        )
    return {"preference": number}


def check_order(row: dict[str, Any]) -> None:
    """Raises RowFault if points for both sides say that rejected is the better answer."""
    for better, worse in _SCORES_OF_BOTH:
        if better not in row or worse not in row:
            continue
        if row[better] is None or row[worse] is None:
            continue
        chosen, rejected = _number(row[better], better), _number(row[worse], worse)
        if chosen < rejected:
            raise RowFault(
                "the points say that rejected is the better answer", f"{chosen:g} and {rejected:g}"
            )


def points(value: object) -> float | None:
    """A finite number, also where a table wrote it as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value.strip()):
        value = value.replace(",", ".")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def final_answer(row: dict[str, Any]) -> str:
    """What a verifier compares with: what follows "####", or the whole text where it is short.

    Raises:
        RowFault: there is no such answer.
    """
    value = row.get("answer")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    written = _written(value) if is_number else text(row, "answer")
    answer = written.rpartition(_RESULT_MARK)[2].strip()
    if not answer:
        raise RowFault("the right answer is empty")
    if len(answer) > _LONGEST_ANSWER:
        raise RowFault(
            f'field "answer" is no short right answer, and nothing follows "{_RESULT_MARK}" in it; to imitate it, call it '
            "completion and its question prompt"
        )
    return answer


def _number(value: object, field: str) -> float:
    number = points(value)
    if number is None:
        raise RowFault(f'field "{field}" is {kind(value)}, expected a finite number')
    return number


def _written(number: Any) -> str:
    """As a person writes it: whole numbers without a point."""
    return str(int(number)) if float(number).is_integer() else str(number)


def _missing(field: str) -> dict[str, float]:
    raise RowFault(f'field "{field}" is missing')
