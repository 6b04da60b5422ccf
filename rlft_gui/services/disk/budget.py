"""How much a home may take of the disk: a file in it, for a home without one has no limit but the disk."""

import re

from pydantic import Field, ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotAllowed
from rlft_gui.domain.home import Home
from rlft_gui.durable import write_whole

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) *([kMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LEAST = 10**6


class Budget(Frozen):
    """`limit` in bytes; None for none. `cleans`: whose ended runs lose old checkpoints by themselves once it is passed."""

    limit: int | None = Field(None, ge=_LEAST)
    owner: str = ""
    cleans: tuple[str, ...] = ()


def read_budget(home: Home) -> Budget:
    """What cannot be read sets no limit."""
    try:
        return Budget.model_validate_json(home.budget.read_bytes())
    except (FileNotFoundError, ValidationError):
        return Budget()


def set_budget(home: Home, limit: int | None, *, cleans: bool, user: str) -> Budget:
    """Set the limit, or with None take it away.

    Args:
        cleans: whether this user's ended runs may lose old checkpoints by themselves.

    Raises:
        InvalidInput: it is less than a megabyte.
        NotAllowed: somebody else has set it.
    """
    before = read_budget(home)
    if before.owner not in ("", user):
        raise NotAllowed(f"The budget was set by {before.owner}; only they can change it.")
    if limit is not None and limit < _LEAST:
        raise InvalidInput(f"A budget of {limit:,} bytes holds no run. Give one of 1 MB or more, e.g. 20GB.")
    others = tuple(name for name in before.cleans if name != user)
    now = Budget(limit=limit, owner=user, cleans=(*others, user) if cleans else others)
    write_whole(home.budget, now.model_dump_json())
    return now


def size_in(text: str) -> int | None:
    """Bytes that a person means: "20GB", "500 MB", "1.5T"; None for "none".

    Raises:
        InvalidInput: it is no size.
    """
    if text.strip().casefold() == "none":
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(f'"{text}" is no size. Write one like 20GB or 500MB, or none.')
    return round(float(found[1]) * _UNITS[found[2].upper()])


def size_words(count: float) -> str:
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if 0 < count < 1e7 else f"{round(count / 1e6):,} MB"
