"""Pairs that people judged in Label Studio: whole tasks with annotations, and its small JSON with one column for each.

The left answer is the first. Answers are by the models that the task names beside them; where it names none, the columns stand
for them.
"""

from collections.abc import Iterator
from typing import Any

from rlft_gui.data.shapes.exports import pair_in, sides_chosen
from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import Choice, RaterKind
from rlft_gui.services.feedback.importing_reading import (
    Format,
    Judged,
    Row,
    asked,
    chosen,
    pair,
    rater_of,
    text_of,
    words_of,
)

_ASKED = ("prompt", "question", "instruction", "query", "input", "text", "messages")
_SIDES = {"left": Choice.A, "right": Choice.B}


def _is_it(row: Row) -> bool:
    data = row.get("data")
    if isinstance(data, dict) and isinstance(row.get("annotations"), list):
        return pair_in(data) is not None
    return bool(sides_chosen(dict(row))) and pair_in(dict(row)) is not None


def _read(row: Row) -> list[Judged]:
    task: dict[str, Any] = dict(row["data"] if isinstance(row.get("data"), dict) else row)
    columns = pair_in(task)
    if columns is None:
        raise InvalidInput('there are no two answers, such as "answer1" and "answer2"')
    column = next((name for name in _ASKED if name in task), None)
    if column is None:
        raise InvalidInput(f"there is no question; one of these columns is expected: {', '.join(_ASKED)}")
    prompt = asked(task[column], words_of(task, "dataset", "category"))
    texts = (text_of(task, columns[0]), text_of(task, columns[1]))
    found = [
        pair(
            prompt,
            _models(task, columns),
            texts,
            rater_of(who, RaterKind.PERSON),
            chosen(choice),
            seconds=seconds,
        )
        for who, choice, seconds in (_annotated(row) if "annotations" in row else _small(row))
    ]
    if not found:
        raise RowFault("nobody has judged the row", fix="Judge it in Label Studio, or leave it out.")
    return found


def _models(task: Row, columns: tuple[str, str]) -> tuple[str, str]:
    """The answer in answer1 is by whom model1 names, that in response_b by whom model_b names."""
    for word in ("model", "generator", "system"):
        names = [
            words_of(task, *(f"{word}{dash}{column[-1]}" for dash in ("", "_", "-"))) for column in columns
        ]
        if all(names) and names[0] != names[1]:
            return names[0], names[1]
    return columns


def _annotated(row: Row) -> Iterator[tuple[str, Choice, float | None]]:
    for annotation in row["annotations"]:
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            continue
        for result in annotation.get("result") or ():
            value = result.get("value") if isinstance(result, dict) else None
            side = value.get("selected") if isinstance(value, dict) else None
            if side in _SIDES:
                who = annotation.get("completed_by")
                yield _name(who), _SIDES[side], _seconds(annotation.get("lead_time"))


def _small(row: Row) -> Iterator[tuple[str, Choice, float | None]]:
    for column in sides_chosen(dict(row)):
        yield _name(row.get("annotator")), _SIDES[row[column]["selected"]], _seconds(row.get("lead_time"))


def _name(who: Any) -> str:
    """A person as Label Studio writes one: a number, an address, or an object with either."""
    if isinstance(who, dict):
        return words_of(who, "email", "username", "id") or "Label Studio annotator"
    known = words_of({"who": int(who) if isinstance(who, float) else who}, "who")
    return f"Label Studio annotator {known}" if known.isdecimal() else known or "Label Studio annotator"


def _seconds(value: Any) -> float | None:
    is_time = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 86_400
    return float(value) if is_time else None


LABEL_STUDIO = Format(
    name="Label Studio",
    is_it=_is_it,
    read=_read,
    expected="pairs from Label Studio (two answers, and which side was selected)",
)
