"""The terms that rewards are written with, read and checked. No torch, so the wizard checks with the same words."""

import re
from dataclasses import dataclass
from typing import Literal

from rlft_gui.domain.errors import InvalidInput

Kind = Literal[
    "reward_model",
    "judge",
    "gold",
    "number",
    "exact",
    "json",
    "regex",
    "length",
    "format",
    "keywords",
    "random",
]
FORMATS = ("one sentence", "json", "list", "no markdown")
_BARE: tuple[Kind, ...] = ("reward_model", "judge", "gold", "number", "exact", "json", "random")


@dataclass(frozen=True)
class Term:
    """A kind and what follows its colon."""

    kind: Kind
    argument: str = ""


def parse(text: str) -> Term:
    """Read one term, e.g. "number" or "length:5-60".

    Raises:
        InvalidInput: there is no such term, or what follows the colon cannot be used.
    """
    kind, _, argument = text.partition(":")
    if kind in _BARE:
        if argument and kind != "reward_model":
            raise InvalidInput(f'The reward "{kind}" takes nothing after a colon, found "{argument}".')
        return Term(kind, argument)
    if kind == "regex":
        _pattern(argument)
    elif kind == "length":
        bounds(argument)
    elif kind == "keywords":
        words(argument)
    elif kind == "format":
        if argument not in FORMATS:
            raise InvalidInput(f'There is no format "{argument}". Choose one of: {", ".join(FORMATS)}.')
    else:
        raise InvalidInput(
            f'There is no reward "{text}". Choose from: {", ".join(_BARE)}, regex:PATTERN, length:FEWEST-MOST, '
            "format:KIND, keywords:good=WORD,WORD;bad=WORD."
        )
    return Term(kind, argument)  # type: ignore[arg-type]  # every other kind was refused


def bounds(argument: str) -> tuple[int, int]:
    """Fewest and most words of "length:FEWEST-MOST"."""
    match = re.fullmatch(r"(\d+)-(\d+)", argument)
    if match is None or int(match[1]) > int(match[2]):
        raise InvalidInput(f'A length is FEWEST-MOST words, e.g. length:5-60, found "{argument}".')
    return int(match[1]), int(match[2])


def words(argument: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Good and bad words of "keywords:good=WORD,WORD;bad=WORD"."""
    lists: dict[str, tuple[str, ...]] = {"good": (), "bad": ()}
    for part in argument.split(";"):
        side, equals, listed = part.partition("=")
        found = tuple(word.strip().lower() for word in listed.split(",") if word.strip())
        if not equals or side.strip() not in lists or not found:
            raise InvalidInput(f'Keywords are good=WORD,WORD;bad=WORD, found "{argument}".')
        lists[side.strip()] += found
    return lists["good"], lists["bad"]


def _pattern(argument: str) -> None:
    try:
        re.compile(argument)
    except re.error as error:
        raise InvalidInput(f'"{argument}" is no regular expression: {error}.') from None
    if not argument:
        raise InvalidInput("A regex needs a pattern after its colon, e.g. regex:^Yes.")
