"""Numbers of the command line, refused in words that say how to write them: typer's own tell of parsing, and let NaN pass."""

from collections.abc import Callable

import typer

from rlft_gui.domain.commas import with_a_point


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
        told = f'It takes a number {wanted}, found "{text[:100]}".{with_a_point(text)}'
        raise typer.BadParameter(told) from None
    if not holds(number):  # NaN does not
        raise typer.BadParameter(f"It takes a number {wanted}, found {text[:100]}.")
    return number
