"""Which column of a file is the answer, where its shape as data does not say so.

To learn from, a column `answer` is what a verifier compares with; to score, it is what is scored.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rlft_gui.data.proposing import answers_called_so, plainly_asked, propose, waiting
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.data.shapes.telling import answers_among, is_empty, parts_among
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

Row = dict[str, Any]

#: Targets with which rows are asked, or need not be.
_ASKED = ("prompt", "messages", "chosen", "text")


@dataclass(frozen=True)
class Wanted:
    """How columns are read: target → column, and sentences on what was taken for what."""

    mapping: dict[str, str]
    told: tuple[str, ...] = ()


def answered_so(mapping: Mapping[str, str], rows: Sequence[Row]) -> Wanted:
    """A person's mapping, and with an answer alone the column that is plainly what is asked."""
    if "completion" not in mapping or any(target in mapping for target in _ASKED):
        return Wanted(dict(mapping))
    asked = {
        target: column for target, column in plainly_asked(rows).items() if column not in mapping.values()
    }
    if "prompt" not in asked:
        return Wanted(dict(mapping))
    whole = asked | dict(mapping)
    return Wanted(whole, _told(whole))


def answered(name: str, rows: Sequence[Row]) -> Wanted | None:
    """An answer beside what is asked, where both are called by usual names; None where they are not.

    Raises:
        InvalidInput: something that is a part of them would not be read.
    """
    asked = plainly_asked(rows)
    answers = [column for column in answers_called_so(rows) if column not in asked.values()]
    if not asked or not answers:
        return None
    mapping = {**asked, "completion": answers[0]}
    _check_whole(name, mapping, rows)
    others = ", ".join(f'"{column}"' for column in _others(mapping, answers, rows))
    return Wanted(mapping, (*_told(mapping), *([f"Not read: {others}."] if others else [])))


def is_answered_apart(rows: Sequence[Row]) -> bool:
    """Whether the answer to a conversation stands beside it; what was answered earlier in it is not meant then."""
    return bool(waiting(rows) and answers_called_so(rows))


def prompts_alone(name: str, rows: Sequence[Row]) -> InvalidInput:
    """What to say of a file whose columns are what is asked, and nothing else that is read."""
    return InvalidInput(
        f"{name} holds prompts and no answers: its columns are {_names(rows)}. Call the column that holds answers "
        '"answer", or on the command line say which one does by --map completion=COLUMN.'
    )


def no_plain_answer(name: str, rows: Sequence[Row]) -> InvalidInput | None:
    """What to say of a file in which some columns may be prompt and answer; None where none suggests itself."""
    proposed = propose(rows, (DataType.DEMONSTRATIONS,))
    if "completion" not in proposed:
        return None
    options = " ".join(f"--map {shlex.quote(f'{what}={column}')}" for what, column in proposed.items())
    return InvalidInput(
        f"{name} has no column that is plainly an answer to another one: its columns are {_names(rows)}. Call what is asked "
        f'"prompt" and what is answered "answer", or on the command line say which columns these are, by {options} if it '
        "is so."
    )


def _names(rows: Sequence[Row]) -> str:
    columns = dict.fromkeys(column for row in rows for column in row)
    return ", ".join(shortened(column, 30) for column in columns) or "none"


def _others(mapping: Mapping[str, str], answers: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Further columns that seem to be answers."""
    passed = _passed(mapping, rows)
    return [column for column in passed if column in answers or column in answers_among(passed)]


def _passed(mapping: Mapping[str, str], rows: Sequence[Row]) -> list[str]:
    """Columns that say something and are not read."""
    said = (column for row in rows for column, value in row.items() if not is_empty(value))
    return [column for column in dict.fromkeys(said) if column not in mapping.values()]


def _told(mapping: Mapping[str, str]) -> tuple[str, ...]:
    """What was taken for what, where names do not say it."""
    if mapping["prompt"] == "prompt" and mapping["completion"] == "completion":
        return ()
    return (f'Its column "{mapping["completion"]}" is read as the answer to "{mapping["prompt"]}".',)


def _check_whole(name: str, mapping: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Raises InvalidInput if a column that is passed over holds a part of what is asked or said."""
    if parts := parts_among(_passed(mapping, rows)):
        raise InvalidInput(
            f'{name}: its column "{parts[0]}" seems to hold a part of what is asked or answered, and beside '
            f'"{mapping["completion"]}" it would not be read. Write it into "{mapping["prompt"]}" or '
            f'"{mapping["completion"]}", or leave the column out.'
        )
