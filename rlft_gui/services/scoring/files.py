"""The answers in a file, whatever shape its rows have: each answer of a row is one to score."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlft_gui.data.inspection import Detection, Unusable, first_rows, inspect
from rlft_gui.data.shapes.formats import TEXT
from rlft_gui.domain.dataset import DataType, Reading
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.turns import said
from rlft_gui.services.scoring.columns import (
    Row,
    answered,
    answered_so,
    is_answered_apart,
    no_plain_answer,
    prompts_alone,
)
from rlft_gui.services.scoring.scores import ToScore

_COLUMNS = ("completion", "chosen", "rejected")


@dataclass(frozen=True)
class FoundAnswers:
    """Answers of a file, in its order.

    Attributes:
        notes: sentences on what was left out, and how the file was read where that is not plain.
        left_out: rows of which no answer is scored.
    """

    items: tuple[ToScore, ...]
    notes: tuple[str, ...]
    left_out: int = 0


def answers_of(path: Path, name: str, reading: Reading | None = None) -> FoundAnswers:
    """Every answer of the rows that can be read; those that say the same are answers of their own.

    Raises:
        InvalidInput: the file cannot be used, or holds no answers.
    """
    reading = reading or Reading()
    head = first_rows(path, name, reading)
    found, told = _mapped(path, name, reading, head) if reading.mapping else _plain(path, name, reading, head)
    every = [item for number, row in found.rows.numbered() for item in _of_row(number, row)]
    items = tuple(item for item in every if item.text.strip())
    reasons = Counter(
        {_by_its_name(reason, found.reading.mapping): many for reason, many in found.drop_reasons.items()}
    )
    # Documents: other rows without an answer were dropped as they were read.
    if empty := len(every) - len(items):
        reasons["the text is empty"] += empty
    dropped = [
        f"{many:,} row{'' if many == 1 else 's'} left out: {reason}." for reason, many in reasons.items()
    ]
    return FoundAnswers(items, (*told, *found.notes, *dropped), sum(reasons.values()))


def _mapped(
    path: Path, name: str, reading: Reading, head: tuple[Row, ...]
) -> tuple[Detection, tuple[str, ...]]:
    """By the columns that a person names, and what is asked by its plain name where only an answer is named."""
    wanted = answered_so(reading.mapping, head)
    found = _inspected(path, name, reading, wanted.mapping)
    if found.type is DataType.PROMPTS:
        raise prompts_alone(name, head)
    return found, wanted.told


def _plain(
    path: Path, name: str, reading: Reading, head: tuple[Row, ...]
) -> tuple[Detection, tuple[str, ...]]:
    """By the shape that data have, or else by an answer's column beside what is asked."""
    refusal: InvalidInput = prompts_alone(name, head)
    if not is_answered_apart(head):
        try:
            found = _inspected(path, name, reading, {})
        except Unusable as refused:
            refusal = _instead_of(refused, name, head)
        else:
            if not _is_read_otherwise(found):
                return found, ()
    wanted = answered(name, head)
    if wanted is None:
        raise refusal
    return _inspected(path, name, reading, wanted.mapping), wanted.told


def _is_read_otherwise(found: Detection) -> bool:
    """Whether data of that shape are no answers, or documents only because their prompt is written with a capital."""
    if found.type is DataType.TEXT:
        return any(column.lower() in TEXT.not_beside for column in found.columns)
    return found.type is DataType.PROMPTS


def _instead_of(refused: Unusable, name: str, head: tuple[Row, ...]) -> InvalidInput:
    """What is said to whoever would learn from rows is no help to score them.

    Raises:
        Unusable: rows are pairs, of which nothing but the pair may be read.
    """
    if refused.form is not None and refused.form.type is DataType.PREFERENCES:
        raise refused
    is_known = refused.form is not None and refused.form.type is not DataType.PROMPTS
    return refused if is_known else no_plain_answer(name, head) or refused


def _inspected(path: Path, name: str, reading: Reading, mapping: dict[str, str]) -> Detection:
    return inspect(path, name, reading=reading.model_copy(update={"mapping": mapping}), to_learn=False)


def _by_its_name(reason: str, mapping: Mapping[str, str]) -> str:
    """A reason with the column's own name, for the file knows no other."""
    for target, column in mapping.items():
        reason = reason.replace(f'field "{target}"', f'field "{column}"')
    return reason


def _of_row(number: int, row: dict[str, Any]) -> Iterator[ToScore]:
    if "text" in row:  # a document that nobody asked for
        yield ToScore((), row["text"], row=number)
        return
    right = str(row["answer"]) if row.get("answer") is not None else None
    answers = [row[column] for column in _COLUMNS if column in row] + list(row.get("candidates", ()))
    for turns in answers:
        yield ToScore(row["prompt"], said(turns[-1]), right, number)
