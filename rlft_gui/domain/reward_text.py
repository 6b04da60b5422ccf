"""Reward terms with their weights as a text, one a line: "length:5-60: 0.2". controls/reward_terms.js reads it alike."""

import re
from collections.abc import Mapping
from typing import Any

from rlft_gui.domain.errors import InvalidInput

#: Not `splitlines`, which ends a line at signs that a pattern may hold.
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
#: As browsers read one: not `float`, which also takes digits of other scripts, 1_000 and nan.
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)


def write_rewards(rewards: Mapping[str, Any]) -> str:
    """The lines of these terms."""
    return "\n".join(f"{term}: {_written(weight)}" for term, weight in rewards.items())


def read_rewards(text: str) -> dict[str, Any]:
    """Terms and weights of the lines of a text. A weight that is no number stays as it is, to be refused.

    Raises:
        InvalidInput: a term stands there twice, of which a mapping could keep only one.
    """
    found: dict[str, Any] = {}
    for line in _LINE_ENDS.split(text):
        if not line.strip():
            continue
        term, weight = _term(line.lstrip())
        if term in found:
            raise InvalidInput(
                f'The reward "{term}" stands there twice, with the weights {_written(found[term])} and {_written(weight)}. '
                "Leave one of the two out."
            )
        found[term] = weight
    return found


def _term(line: str) -> tuple[str, float | str]:
    """Terms have colons of their own, so only a number behind the last one is a weight, or whatever stands behind one
    and a space, or nothing; without any the term counts once."""
    term, colon, weight = line.rpartition(":")
    if colon and (number := _number(weight)) is not None:
        return _tidy(term), number
    if line.rstrip().endswith(":"):
        return _tidy(line.rstrip()[:-1]), ""
    term, colon, weight = line.rpartition(": ")
    return (_tidy(term), weight.strip()) if colon else (_tidy(line), 1.0)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _tidy(term: str) -> str:
    """Without spaces at its end, unless it ends in a pattern, to which they belong."""
    return term if term.startswith("regex:") else term.rstrip()


def _written(weight: Any) -> str:
    """Short where that is the same number."""
    if not isinstance(weight, int | float):
        return str(weight)
    return short if float(short := f"{weight:g}") == weight else repr(weight)
