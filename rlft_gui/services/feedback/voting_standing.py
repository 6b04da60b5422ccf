"""How two models stand so far, while people vote: the very figures that ratings give of the same votes."""

from typing import NamedTuple

import numpy as np

from rlft_gui.services.feedback.rating_rates import share, votes_for
from rlft_gui.services.feedback.rating_table import Table, against


class Standing(NamedTuple):
    """Of the first model against the second; a tie is half a win.

    Attributes:
        share, low, high: wins among `n` votes and the 95 % interval over prompts, 0 to 1.
        needed: about how many votes settle a gap of this size; None while there is next to none.
    """

    first: str
    second: str
    share: float
    low: float
    high: float
    n: int
    needed: int | None


def standing(table: Table, models: tuple[str, str] | None = None) -> Standing | None:
    """Of two models, or of those that were most often judged; None before any vote between the two."""
    codes = _most_judged(table) if models is None else _codes(table, models)
    if codes is None:
        return None
    first, second = codes
    won, _, prompt = against(table, first, second)
    rate = share(won, prompt)
    if rate is None:
        return None
    needed = votes_for(rate.rate - 50, (rate.high - rate.low) / 2, rate.n)
    return Standing(
        first=table.models[first],
        second=table.models[second],
        share=rate.rate / 100,
        low=rate.low / 100,
        high=rate.high / 100,
        n=rate.n,
        needed=needed if needed and needed > rate.n else None,
    )


def _codes(table: Table, models: tuple[str, str]) -> tuple[int, int] | None:
    if not set(models) <= set(table.models):
        return None
    first, second = models
    return table.models.index(first), table.models.index(second)


def _most_judged(table: Table) -> tuple[int, int] | None:
    if not len(table):
        return None
    models = len(table.models)
    couples = np.minimum(table.a, table.b) * models + np.maximum(table.a, table.b)
    return divmod(int(np.bincount(couples).argmax()), models)
