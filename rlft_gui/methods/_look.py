"""How a method looks wherever it is drawn: its colour and its shape, which always go together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Fixed for ever, so that a curve of last year reads as one of today.

    Attributes:
        key: what rows, styles and the browser call it.
        light: colour on a light surface, dark: on a dark one; each at least 3:1 against it.
        shape: SVG path in a box of 12 by 12.
        symbol: the same shape among Plotly's markers.
    """

    key: str
    light: str
    dark: str
    shape: str
    symbol: str


#: Of a base model, and of a run whose method this version does not have.
BASE = Look(
    "base",
    light="#64748B",
    dark="#94A3B8",
    shape="M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8Zm0 2.2a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
    symbol="circle-open",
)
