"""Annotations of AlpacaEval (Dubois et al. 2024): one row says how much better output_2 is than output_1.

`preference` goes from 1 (the first) to 2 (the second), soft where the annotator gave probabilities; 1.5 is a draw, and in
older files so is 0, which other scales begin with: a file that goes from 0 to 1 is refused, and not read as draws. Which
answer the annotator saw first is not in the file.
"""

import math
import re
from collections.abc import Sequence

from rlft_gui.data.shapes.faults import RowFault, kind, shortened
from rlft_gui.data.shapes.verdicts import points
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import Rater, RaterKind
from rlft_gui.services.feedback.importing_reading import (
    Format,
    Judged,
    Row,
    asked,
    pair,
    rater_of,
    shared,
    text_of,
    words_of,
)

_COLUMNS = ("instruction", "output_1", "output_2", "preference")
_PEOPLE = re.compile(r"human|person|crowd|turk|\d+", re.IGNORECASE)


def _is_it(row: Row) -> bool:
    return all(column in row for column in _COLUMNS)


def _read(row: Row) -> list[Judged]:
    preference = _preference(row.get("preference"))
    prompt = asked(text_of(row, "instruction"), words_of(row, "dataset"))
    models = (words_of(row, "generator_1") or "output_1", words_of(row, "generator_2") or "output_2")
    if models[0] == models[1]:
        raise RowFault("both answers are by one model", shortened(models[0]), "Leave the row out.")
    texts = (text_of(row, "output_1"), text_of(row, "output_2"))
    return [pair(prompt, models, texts, _rater(row), shared(2 - preference))]


def _preference(value: object) -> float:
    """1 to 2.

    Raises:
        RowFault: the annotator said nothing, or something on another scale.
        InvalidInput: it is no number.
    """
    if _is_nothing(value):
        raise RowFault("the annotator gave no preference", fix="Leave the row out.")
    number = points(value)
    if number is None:
        raise InvalidInput(f'"preference" is {kind(value)}, and a number from 1 to 2 is expected')
    if number == 0:
        return 1.5
    if not 1 <= number <= 2:
        raise RowFault(
            "the preference lies outside of 1 to 2", f"{number:g}", "Mend it, or leave the row out."
        )
    return number


def _is_nothing(value: object) -> bool:
    return value in (None, "", "NaN") or (isinstance(value, float) and math.isnan(value))


def _noted(rows: Sequence[Row]) -> tuple[str, ...]:
    """That 0 was read as a draw. Raises InvalidInput where all preferences lie from 0 to 1, so that it may be anything."""
    said = [row.get("preference") for row in rows]
    numbers = [number for one in said if not _is_nothing(one) and (number := points(one)) is not None]
    if min(numbers, default=1) < 1 and all(0 <= number <= 1 for number in numbers):
        raise InvalidInput(
            'every "preference" lies from 0 to 1, and on AlpacaEval\'s scale 1 is the first answer, 1.5 a draw and 2 the '
            "second; bring them to that scale"
        )
    draws = numbers.count(0)
    return (f'{draws:,} × "preference" 0 was read as a draw, as older files have it.',) if draws else ()


def _rater(row: Row) -> Rater:
    name = words_of(row, "annotator")
    if not name:
        return rater_of("AlpacaEval annotator", RaterKind.JUDGE)
    is_person = _PEOPLE.match(name) is not None
    return rater_of(name, RaterKind.PERSON if is_person else RaterKind.JUDGE)


ALPACA_EVAL = Format(
    name="AlpacaEval",
    is_it=_is_it,
    read=_read,
    expected="AlpacaEval annotations (instruction, output_1, output_2, preference)",
    noted=_noted,
)
