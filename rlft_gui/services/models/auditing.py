"""What a base model's chat template makes of a few rows of the data, asked of a short process."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import Field

from rlft_gui.data.rows import first_rows
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.short_work import run_short

ROWS = 8  #: looked at of each dataset
_SECONDS, _MEGABYTES = 60, 1_500  #: loading a large tokenizer takes some; rendering has limits of its own


class AuditedData(Frozen):
    """A dataset, and the longest row that its stage keeps, in tokens."""

    dataset: str
    longest: int


class TokenPiece(Frozen):
    """Tokens next to each other that are alike: learnt or only read, words or marks, kept or cut at the limit."""

    text: str
    is_learnt: bool
    is_special: bool
    is_cut: bool


class Conversation(Frozen):
    """A prompt with one of its answers as the model reads it; `answer` is its column, `cut` how many tokens are lost."""

    answer: str
    pieces: tuple[TokenPiece, ...]
    cut: int


class Audit(Frozen):
    """What will be learnt, and what is unusual about it.

    Attributes:
        notes: sentences on the template.
        refused: why rows could not be written → how many of those looked at.
        past_template: why answers are put behind their prompts instead of being taken from the template.
        conversations: the first rows as text with every special token.
        rows: how many were looked at.
    """

    notes: tuple[str, ...] = ()
    refused: dict[str, int] = Field(default_factory=dict)
    past_template: tuple[str, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    rows: int = 0


class Auditing:
    def __init__(self, home: Home, models: Models, rights: Rights) -> None:
        self._home = home
        self._models = models
        self._rights = rights

    def audit(self, base: str, data: Sequence[AuditedData], *, user: str) -> Audit | None:
        """Look at the first rows of each dataset; None where the model is not on this machine yet.

        Raises:
            NotFound: there is no such model or dataset.
            InvalidInput: the template cannot be used.
            NotAllowed: `user` may only look; it takes a process of its own.
        """
        self._rights.check_change(user)
        folder = self._models.describe(base).folder
        if folder is None:
            return None
        changed = max(file.stat().st_mtime_ns for file in folder.iterdir())
        return _audited(self._home, self._models.name_in_recipe(base), tuple(data), changed)


@lru_cache(maxsize=32)
def _audited(home: Home, base: str, data: tuple[AuditedData, ...], _changed: int) -> Audit:
    """Kept, for a page is opened more than once and neither model nor dataset changes under its name."""
    rows = [
        _said(row) | {"longest": one.longest} for one in data for row in first_rows(home, one.dataset, ROWS)
    ]
    request = {"base": base, "rows": rows}  # by its whole path: a worker knows no short names
    found = run_short(
        "rlft_gui.training.chat.audit",
        request,
        seconds=_SECONDS,
        megabytes=_MEGABYTES,
        what="The check of this model's chat template",
    )
    return Audit.model_validate({**found, "rows": len(rows)})


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if name in ("prompt", "completion", "chosen", "rejected", "text")
    }
