"""The answers in a file, whatever shape its rows have: each answer of a row is one to score."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlft_gui.data.inspection import inspect
from rlft_gui.domain.dataset import DataType, Reading
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.turns import said
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
    """Every answer of the rows that can be read.

    Raises:
        InvalidInput: the file cannot be used, or holds no answers.
    """
    found = inspect(path, name, reading=reading)
    if found.type is DataType.PROMPTS:
        raise InvalidInput(
            f"{name} holds prompts and no answers: its columns are {', '.join(found.columns) or 'none'}. Give a file with "
            "answers; on the command line --map completion=COLUMN says which column holds them."
        )
    every = [item for number, row in found.rows.numbered() for item in _of_row(number, row)]
    items = tuple(item for item in every if item.text.strip())
    reasons = Counter(found.drop_reasons)
    if empty := len(every) - len(
        items
    ):  # documents: other rows without an answer were dropped as they were read
        reasons["the text is empty"] += empty
    dropped = [
        f"{count:,} row{'' if count == 1 else 's'} left out: {reason}." for reason, count in reasons.items()
    ]
    return FoundAnswers(items, (*found.notes, *dropped), sum(reasons.values()))


def _of_row(number: int, row: dict[str, Any]) -> Iterator[ToScore]:
    if "text" in row:  # a document that nobody asked for
        yield ToScore((), row["text"], row=number)
        return
    right = str(row["answer"]) if row.get("answer") is not None else None
    answers = [row[column] for column in _COLUMNS if column in row] + list(row.get("candidates", ()))
    for turns in answers:
        yield ToScore(row["prompt"], said(turns[-1]), right, number)
