"""What screens call the base of a run."""

from functools import lru_cache
from pathlib import Path

from rlft_gui.domain.base_names import joined, split_base
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.services.models.converting import made_model


def base_title(base: str) -> str:
    """The last part of a folder or Hub name; the built-in model's proper name, and what a converted file was called."""
    return "Lantern" if base == LANTERN else _title(base)


@lru_cache(maxsize=256)
def _title(base: str) -> str:
    """Kept, for it is asked for every row of a table; a folder that was made is never changed."""
    model, template = split_base(base)
    made = made_model(Path(model)) if Path(model).is_absolute() else None
    return joined(made.title, template) if made else base.rstrip("/").rsplit("/", 1)[-1]
