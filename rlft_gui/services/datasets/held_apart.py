"""Which prompts of a dataset are split off to judge by: some of them, by a seed, and all rows of each."""

import hashlib
from collections.abc import Iterable

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DatasetInfo
from rlft_gui.domain.errors import InvalidInput


class HowMany(Frozen):
    """A share of the prompts, between 0 and 1, or a number of them; `seed` says which."""

    share: float | None = None
    prompts: int | None = None
    seed: int = 0


class Halves(Frozen):
    """Two datasets without a prompt in common; the second is marked as held-out prompts."""

    rest: DatasetInfo
    held_out: DatasetInfo


def held_apart(keys: Iterable[str], how_many: HowMany, called: str) -> frozenset[str]:
    """Some of the prompts, each named by a key. At least one is on either side.

    Raises:
        InvalidInput: there are not as many, or nobody said how many.
    """
    different = set(keys)
    count = _count(len(different), how_many, called)
    drawn = sorted(different, key=lambda key: hashlib.sha256(f"{how_many.seed} {key}".encode()).digest())
    return frozenset(drawn[:count])


def _count(there_are: int, how_many: HowMany, called: str) -> int:
    share, prompts = how_many.share, how_many.prompts
    if there_are < 2:
        raise InvalidInput(f"{called} asks only one prompt, so none can be split off. Add rows with others.")
    if (share is None) == (prompts is None):
        raise InvalidInput("Say how many prompts are held out: a share, such as 0.1, or a number.")
    if share is not None:
        if not 0 < share < 1:
            raise InvalidInput(
                f"A share of {share:g} cannot be held out. Give one between 0 and 1: 0.1 is a tenth of the prompts."
            )
        return max(1, min(there_are - 1, round(share * there_are)))
    if prompts is None or not 1 <= prompts < there_are:
        raise InvalidInput(
            f"{called} asks {there_are:,} different prompts, of which {prompts:,} cannot be held out. Give a number from 1 to "
            f"{there_are - 1:,}."
        )
    return prompts
