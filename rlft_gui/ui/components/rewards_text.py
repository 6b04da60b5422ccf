"""Reward terms with their weights as a text, one a line: "length:5-60: 0.2". controls/reward_terms.js reads it alike."""

from collections.abc import Mapping
from typing import Any


def write_rewards(rewards: Mapping[str, Any]) -> str:
    """The lines of these terms."""
    return "\n".join(f"{term}: {_written(weight)}" for term, weight in rewards.items())


def read_rewards(text: str) -> dict[str, Any]:
    """Terms and weights of the lines of a text. A weight that is no number stays as it is, to be refused; a term that
    stands there twice counts as often."""
    found: dict[str, Any] = {}
    for term, weight in (_term(line.strip()) for line in text.splitlines() if line.strip()):
        before = found.get(term, 0.0)
        are_numbers = isinstance(before, float) and isinstance(weight, float)
        found[term] = before + weight if are_numbers else before if isinstance(before, str) else weight
    return found


def _term(line: str) -> tuple[str, float | str]:
    """Terms have colons of their own, so only a number behind the last one is a weight, or whatever stands behind one
    and a space, or nothing; without any the term counts once."""
    term, colon, weight = line.rpartition(":")
    try:
        return (term.strip(), float(weight)) if colon else (line, 1.0)
    except ValueError:
        term, colon, weight = line.rpartition(": ")
    if line.endswith(":"):
        return line[:-1].strip(), ""
    return (term.strip(), weight.strip()) if colon else (line, 1.0)


def _written(weight: Any) -> str:
    return f"{weight:g}" if isinstance(weight, int | float) else str(weight)
