"""Prompts that are to be learnt from and to judge by at once: how many rows, and which."""

from functools import lru_cache

from rlft_gui.data.rows import load_rows, numbered_rows
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import FoundRow
from rlft_gui.domain.home import Home
from rlft_gui.training.rows import same_prompt

SHOWN = 5
_TEXT_LENGTH = 80


class Overlap(Frozen):
    """Of `rows` training rows, `held_out` have a held-out prompt and are left out of training; the first are `shown`."""

    rows: int
    held_out: int
    shown: tuple[FoundRow, ...] = ()

    @property
    def leaves_none(self) -> bool:
        return self.held_out == self.rows


def overlap(home: Home, data: str, held_out: str) -> Overlap:
    """Of two datasets' prompts.

    Raises:
        NotFound: there is no such dataset.
        InvalidInput: its file was changed.
    """
    # What a file held never changes under its id; rows that a run made may be edited.
    is_fixed = not any(one.startswith("run:") for one in (data, held_out))
    return _kept(home, data, held_out) if is_fixed else _overlap(home, data, held_out)


def told(found: Overlap, data: str, held_out: str) -> str:
    """As a sentence; the datasets by their names."""
    rows = f"{found.held_out:,} of the {found.rows:,} rows of {data}"
    have = "has its prompt" if found.held_out == 1 else "have their prompts"
    left = "it is" if found.held_out == 1 else "they are"
    numbers = ", ".join(str(row.row) for row in found.shown)
    more = " and more" if found.held_out > len(found.shown) else ""
    return f"{rows} {have} among the held-out prompts of {held_out}, so {left} not trained on: row {numbers}{more}."


def _overlap(home: Home, data: str, held_out: str) -> Overlap:
    keys = {same_prompt(row) for row in load_rows(home, held_out)}
    rows = list(numbered_rows(home, data))
    found = [(number, row) for number, row in rows if same_prompt(row) in keys]
    shown = tuple(
        FoundRow(row=number, text=shortened(row["prompt"][-1]["content"], _TEXT_LENGTH))
        for number, row in found[:SHOWN]
    )
    return Overlap(rows=len(rows), held_out=len(found), shown=shown)


_kept = lru_cache(maxsize=64)(_overlap)
