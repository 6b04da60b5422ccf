"""All checks in one pass over the rows."""

from collections.abc import Iterable

from rlft_gui.data.checks.balance import BalanceChecks
from rlft_gui.data.checks.looked import Looked
from rlft_gui.data.checks.repeats import RepeatChecks
from rlft_gui.data.checks.texts import TextChecks
from rlft_gui.domain.dataset import Checked

MOST_ROWS = 20_000  #: that are looked at; of more, evenly spaced ones


def check(rows: Iterable[tuple[int, dict[str, object]]], count: int) -> Checked:
    """What may be wrong with the rows, and what is drawn of them.

    Args:
        rows: each with its number in the file.
        count: how many there are.
    """
    every = -(-count // MOST_ROWS) or 1
    texts, repeats, balance = TextChecks(), RepeatChecks(), BalanceChecks()
    for place, (number, row) in enumerate(rows):
        if place % every == 0:
            looked = Looked(number, row)
            for checks in (texts, repeats, balance):
                checks.look(looked)
    return Checked(
        findings=(*texts.findings(), *repeats.findings(), *balance.findings()),
        bars=balance.bars(),
        looked_at=balance.rows,
    )
