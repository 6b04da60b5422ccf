"""Short names of base models that were added: a small file each below the home, so that no lock is needed."""

import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.durable import write_whole

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,79}", re.ASCII)
_TAKEN = (LANTERN, "base")


class AddedModel(Frozen):
    """One base model that was added.

    Attributes:
        base: what the name stands for, as a recipe says it: a folder by its whole path, or a Hub name.
        kind: a folder that stays where it is, a folder that was made below the home, or a Hub model.
        came_from: what was asked for.
    """

    name: str
    base: str
    kind: Literal["folder", "made", "hub"]
    came_from: str
    added_at: float


class Names:
    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.models / "names"

    def find(self, name: str) -> AddedModel | None:
        if not _NAME.fullmatch(name):
            return None
        with suppress(OSError, ValidationError):
            found = AddedModel.model_validate_json(self._file(name).read_bytes())
            return found.model_copy(update={"base": self._home.located(found.base)})
        return None

    def list(self) -> tuple[AddedModel, ...]:
        """In the order of their names."""
        found = (self.find(file.stem) for file in sorted(self._folder.glob("*.json")))
        return tuple(one for one in found if one is not None)

    def add(self, name: str, base: str, kind: Literal["folder", "made", "hub"], came_from: str) -> AddedModel:
        """Give a model its name; the same model may be added again.

        Raises:
            InvalidInput: the name means another model.
        """
        added = AddedModel(name=name, base=base, kind=kind, came_from=came_from, added_at=time.time())
        known = self.find(name)
        if name in _TAKEN or (known is not None and known.base != base):
            meant = known.base if known else "something else"
            raise InvalidInput(f'"{name}" already means {meant}; give this model another one with --name.')
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._file(name), added.model_dump_json(indent=2))
        return added

    def forget(self, name: str) -> None:
        try:
            self._file(name).unlink()
        except FileNotFoundError:
            raise NotFound(f'No model of the name "{name}" was added; see `rlft model list`.') from None

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def check_name(name: str) -> None:
    """Raises InvalidInput for what cannot be a name."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f'"{name}" cannot name a model; use up to 80 letters, digits, dots, dashes and underscores.'
        )


def name_for(text: str) -> str:
    """A name made of a file's or a folder's."""
    made = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:80]
    return made or "model"
