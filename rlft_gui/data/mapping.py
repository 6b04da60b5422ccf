"""Columns by the names that a person gives them: which column of a file is the prompt, which the answer, and so on."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain.errors import InvalidInput

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """What a column may be taken for."""

    name: str
    title: str
    about: str


TARGETS = (
    Target("prompt", "Prompt", "what is asked, as text or turns"),
    Target("system", "System turn", "how to answer, before what is asked"),
    Target("completion", "Answer", "the answer to imitate, or the one that is judged"),
    Target("chosen", "Better answer", "of two answers the one that is preferred"),
    Target("rejected", "Worse answer", "of two answers the other one"),
    Target("messages", "Conversation", "turns, the last of which is the answer"),
    Target("label", "Good or bad", "a verdict on the answer: true or false, good or bad, 1 or 0"),
    Target("rating", "Points", "a number for the answer, higher is better"),
    Target("answer", "Right answer", "a short result that a verifier compares with"),
    Target("text", "Plain text", "documents that nobody asked for"),
    Target("margin", "Margin", "by how much the better answer is better, a number from 0"),
    Target("source", "Source", "where a pair comes from, a name"),
)
#: Of a list, in a path. Not `isdigit`, which also takes signs such as ² that are no number.
_PLACE = re.compile(r"[0-9]{1,9}")
NAMES = tuple(target.name for target in TARGETS)


def read_mapping(written: Collection[str]) -> dict[str, str]:
    """Target → column, of texts as `prompt=question`.

    Raises:
        InvalidInput: one is none such, or names an unknown target.
    """
    found: dict[str, str] = {}
    for one in written:
        target, equals, column = one.partition("=")
        if not equals or not column:
            raise InvalidInput(f'"{one}" maps nothing; write a target and a column, as prompt=question.')
        if target.strip() in found:
            raise InvalidInput(f'"{target.strip()}" is mapped twice; one column each.')
        found[target.strip()] = column.strip()
    check_targets(found)
    return found


def check_targets(mapping: Mapping[str, str]) -> None:
    """Raises InvalidInput if a target is none that is known."""
    for target in mapping:
        if target not in NAMES:
            raise InvalidInput(f'"{shortened(target)}" is nothing to map to; known are {", ".join(NAMES)}.')


def check_columns(mapping: Mapping[str, str], rows: Collection[Row], name: str) -> None:
    """Raises InvalidInput if no row has a column that is mapped."""
    for target, path in mapping.items():
        if not any(_at(row, path) is not None for row in rows):
            columns = ", ".join(shortened(column, 30) for column in dict.fromkeys(c for r in rows for c in r))
            raise InvalidInput(
                f'{name}: no row has "{shortened(path)}", which is mapped to {target}; its columns are '
                f"{columns or 'none'}."
            )


def mapped(row: Row, mapping: Mapping[str, str]) -> dict[str, Any]:
    """The row with the columns that are mapped, under the names that they are mapped to."""
    found = {target: _at(row, path) for target, path in mapping.items()}
    return {target: value for target, value in found.items() if value is not None}


def columns_of(mapping: Mapping[str, str], row: Row) -> frozenset[str]:
    """The row's columns that the mapping reads."""
    return frozenset(path if path in row else path.split(".")[0] for path in mapping.values())


def _at(row: Row, path: str) -> Any:
    """A column, or what lies in it: `input.messages`, `answers.0.text`."""
    if path in row:
        return row[path]
    found: Any = row
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and _PLACE.fullmatch(step) and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found
