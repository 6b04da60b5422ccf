"""Numbers of the command line, refused in words that say how to write them: typer's own tell of parsing, and let NaN pass."""

import re
from collections.abc import Callable

import typer


def temperature(text: str) -> float:
    """Raises typer.BadParameter."""
    return _number(text, "from 0 to 2", lambda number: 0 <= number <= 2)


def top_p(text: str) -> float:
    """Raises typer.BadParameter."""
    return _number(text, "above 0 and at most 1", lambda number: 0 < number <= 1)


def _number(text: str, wanted: str, holds: Callable[[float], bool]) -> float:
    try:
        number = float(text)
    except ValueError:
        is_comma = re.fullmatch(r"-?[0-9]+,[0-9]+", text)
        advice = f" Write {text.replace(',', '.')} with a point." if is_comma else ""
        raise typer.BadParameter(f'It takes a number {wanted}, found "{text[:100]}".{advice}') from None
    if not holds(number):  # NaN does not
        raise typer.BadParameter(f"It takes a number {wanted}, found {text[:100]}.")
    return number
