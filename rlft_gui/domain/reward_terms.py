"""The terms that rewards are written with, read and checked. No torch, so the wizard checks with the same words."""

import re
from dataclasses import dataclass
from typing import Literal

from rlft_gui.domain._base import Frozen
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
LONGEST = 10_000  #: characters of a term
_TOLD = 100  #: of them in a sentence
_BARE: tuple[Kind, ...] = ("reward_model", "judge", "gold", "number", "exact", "json", "random")


@dataclass(frozen=True)
class Term:
    """A kind and what follows its colon."""

    kind: Kind
    argument: str = ""


class TermPart(Frozen):
    """One thing to say about a term, as a form asks for it.

    Attributes:
        mark: what stands before it in the text, e.g. "good="; a part with a mark is left out where it is empty.
        choices: all that it may be, where it is not free.
    """

    title: str
    mark: str = ""
    choices: tuple[str, ...] = ()


class TermKind(Frozen):
    """A kind of term as a form offers it.

    Attributes:
        written: how it is written, with words in capitals to be replaced.
        parts: what follows its colon.
        between: what stands between two parts.
        example: what follows the colon where a form begins.
    """

    kind: Kind
    title: str
    about: str
    written: str
    parts: tuple[TermPart, ...] = ()
    between: str = ""
    example: str = ""


KINDS = (
    TermKind(
        kind="reward_model",
        title="Reward model",
        about="The score of a trained reward model: 0 is an average answer of its data, 1 is one deviation better. "
        "Without an attribute the mean of all.",
        written="reward_model or reward_model:ATTRIBUTE",
        parts=(TermPart(title="Attribute, if it has several"),),
    ),
    TermKind(
        kind="judge",
        title="Judge",
        about="How good a judge finds the answer by its rubric, from 0 to 1.",
        written="judge",
    ),
    TermKind(
        kind="number",
        title="Right number",
        about='1 if the answer ends in the number of the row\'s column "answer", however it is written, else 0.',
        written="number",
    ),
    TermKind(
        kind="exact",
        title="Right answer, word for word",
        about='1 if the answer is the row\'s column "answer", but for case, spaces and a mark at its end, else 0.',
        written="exact",
    ),
    TermKind(
        kind="json",
        title="Right values in JSON",
        about='Share of right values, if the answer is one JSON object like the row\'s column "answer", else 0.',
        written="json",
    ),
    TermKind(
        kind="length",
        title="Length",
        about="1 if the answer has so many words, else 0.",
        written="length:FEWEST-MOST",
        parts=(TermPart(title="Fewest words"), TermPart(title="Most words")),
        between="-",
        example="5-60",
    ),
    TermKind(
        kind="format",
        title="Format",
        about="1 if the answer has this form, else 0.",
        written="format:KIND",
        parts=(TermPart(title="Form", choices=FORMATS),),
        example=FORMATS[0],
    ),
    TermKind(
        kind="keywords",
        title="Keywords",
        about="−1 if the answer has a bad word, else 1 if it has a good one, else 0. Words are separated by commas.",
        written="keywords:good=WORD,WORD;bad=WORD",
        parts=(TermPart(title="Good words", mark="good="), TermPart(title="Bad words", mark="bad=")),
        between=";",
    ),
    TermKind(
        kind="regex",
        title="Pattern",
        about="1 if the answer has a place that fits a regular expression, else 0.",
        written="regex:PATTERN",
        parts=(TermPart(title="Regular expression"),),
    ),
    TermKind(
        kind="gold",
        title="Gold score",
        about="Lantern's exact score. What comes out is the most that could be reached, not what a method reaches.",
        written="gold",
    ),
    TermKind(
        kind="random",
        title="Random",
        about="A number from 0 to 1 that means nothing: a control.",
        written="random",
    ),
)


def parse(text: str) -> Term:
    """Read one term, e.g. "number" or "length:5-60".

    Raises:
        InvalidInput: there is no such term, or what follows the colon cannot be used.
    """
    if len(text) > LONGEST or "\n" in text or "\r" in text:  # a form has a line for each
        raise InvalidInput(
            f'A reward is one line of at most {LONGEST:,} signs, found "{_told(text)}". In a pattern, \\n stands for the '
            "end of a line."
        )
    kind, _, argument = text.partition(":")
    if kind in _BARE:
        if argument and kind != "reward_model":
            raise InvalidInput(f'The reward "{kind}" takes nothing after a colon, found "{_told(argument)}".')
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
            f'There is no reward "{_told(text)}". Choose from: {", ".join(kind.written for kind in KINDS)}.'
        )
    return Term(kind, argument)  # type: ignore[arg-type]  # every other kind was refused


def bounds(argument: str) -> tuple[int, int]:
    """Fewest and most words of "length:FEWEST-MOST"."""
    match = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", argument)
    if match is None or int(match[1]) > int(match[2]):
        raise InvalidInput(f'A length is FEWEST-MOST words, e.g. length:5-60, found "{_told(argument)}".')
    return int(match[1]), int(match[2])


def words(argument: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Good and bad words of "keywords:good=WORD,WORD;bad=WORD"."""
    lists: dict[str, tuple[str, ...]] = {"good": (), "bad": ()}
    for part in argument.split(";"):
        side, equals, listed = part.partition("=")
        found = tuple(word.strip().lower() for word in listed.split(",") if word.strip())
        if not equals or side.strip() not in lists or not found:
            raise InvalidInput(f'Keywords are good=WORD,WORD;bad=WORD, found "{_told(argument)}".')
        lists[side.strip()] += found
    return lists["good"], lists["bad"]


def _pattern(argument: str) -> None:
    try:
        re.compile(argument)
    except re.error as error:
        raise InvalidInput(f'"{_told(argument)}" is no regular expression: {error}.') from None
    except OverflowError:  # a{99999999999}
        raise InvalidInput(f'"{_told(argument)}" repeats something more often than can be counted.') from None
    except RecursionError:
        raise InvalidInput(f'"{_told(argument)}" has too many brackets inside one another.') from None
    if not argument:
        raise InvalidInput("A regex needs a pattern after its colon, e.g. regex:^Yes.")


def _told(text: str) -> str:
    """As much of it as a sentence has room for."""
    return text if len(text) <= _TOLD else f"{text[:_TOLD]}…"
