"""Documents as rows: one that is longer than a row is split into several, so that each of its tokens is learnt once.

Rows that go on begin with the last token of the row before, which is only read there, behind whatever the tokenizer begins
texts with: the first new token then has something to be told from. Rows overlap by no more, for what is read twice is paid for
twice. Left out is packing, several documents in one row.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rlft_gui.training.chat import Document


class Window(NamedTuple):
    """A piece of a document: tokens that are only read, and those that are learnt behind them."""

    read: list[int]
    learnt: list[int]


def windows(document: Document, longest: int) -> Iterator[Window]:
    """Its pieces, each of `longest` tokens at most; none where a row has no room for a token behind what goes before it.

    Of a document that no beginning stands before, the first token is only read: nothing is there to tell it from.
    """
    beginning, tokens = document.beginning, document.tokens
    if longest < len(beginning) + 2:
        return
    read = beginning or tokens[:1]
    place = 0 if beginning else 1
    while place < len(tokens):
        learnt = tokens[place : place + longest - len(read)]
        yield Window(read, learnt)
        place += len(learnt)
        read = [*beginning, tokens[place - 1]]


def windows_of(length: int, longest: int) -> int:
    """About how many a document of so many tokens becomes, its end among them."""
    return max(1, -(-(length - 1) // max(longest - 1, 1)))
