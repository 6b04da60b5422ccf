"""Rewards of answers whose verdict is known: those that a reward model was held out from, kept with each checkpoint.

A reward says little by itself; among these it gets a place. No torch.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen

KNOWN = "known.json"


class KnownRewards(Frozen):
    """Raw rewards of known answers at one step.

    Attributes:
        columns: what each row's answers are: ("chosen", "rejected"), or ("completion",) of ratings.
        raw: rows × columns × attributes.
        is_held_out: none of them was trained on.
    """

    columns: tuple[str, ...]
    raw: tuple[tuple[tuple[float, ...], ...], ...]
    is_held_out: bool = True

    @classmethod
    def of(
        cls, columns: tuple[str, ...], rewards: Sequence[Sequence[float]], *, is_held_out: bool
    ) -> "KnownRewards":
        """From rewards (rows × columns, attributes), the answers of a row behind one another."""
        own = [tuple(values) for values in rewards]
        rows = (tuple(own[at : at + len(columns)]) for at in range(0, len(own), len(columns)))
        return cls(columns=columns, raw=tuple(rows), is_held_out=is_held_out)


def read_known(path: Path) -> KnownRewards | None:
    """Those in a file; None where there are none that can be read."""
    try:
        return KnownRewards.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
