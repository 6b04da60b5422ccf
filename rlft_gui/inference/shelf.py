"""Models in memory: bases and full models, as many as fit, the least recently used out first."""

import logging
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.inference import room
from rlft_gui.inference.found import Found
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.training.models.loading import Stamp, base_folder, base_stamp

logger = logging.getLogger(__name__)

#: Kept while nobody asks: so many, and more while all together stay this small.
MOST_LOADED, MOST_PARAMETERS = 2, 500_000_000

_Key = tuple[str, str, Stamp, str]


class Shelf:
    """Everything loaded for one home. One thread uses it."""

    def __init__(self) -> None:
        self._models: OrderedDict[_Key, LoadedModel] = OrderedDict()

    @property
    def models(self) -> tuple[LoadedModel, ...]:
        """The one used last at the end."""
        return tuple(self._models.values())

    def base(
        self, source: str, device: str, by_peft: Found | None, in_use: Collection[LoadedModel]
    ) -> LoadedModel | None:
        """A base, or with `by_peft` a copy of it with this one adapter. None while those in use leave no room.

        Raises:
            InvalidInput: it cannot be loaded, or does not fit into this machine.
            NotFound: it is not there, or went while it was read.
        """
        key = (source, device, base_stamp(source), by_peft.slot if by_peft else "")
        if key not in self._models:
            if not self._make_room(source, device, in_use):
                return None
            logger.info("Loading %s on %s", source, device)
            self._models[key] = LoadedModel(source, device, by_peft)
        self._models.move_to_end(key)
        return self._models[key]

    def full(self, found: Found, device: str, in_use: Collection[LoadedModel]) -> LoadedModel | None:
        """A checkpoint that is a model of its own.

        Raises: as `base`; NotFound also if it was replaced while it was read, and what was read is forgotten.
        """
        loaded = self.base(str(found.path), device, None, in_use)
        try:
            found.check_unchanged()
        except NotFound:
            self._models = OrderedDict(
                (key, model) for key, model in self._models.items() if model is not loaded
            )
            raise
        return loaded

    def trim(self) -> None:
        """Once all have answered: keep no more than may wait for the next question."""
        while len(self._models) > MOST_LOADED and self.parameters() > MOST_PARAMETERS:
            self._models.popitem(last=False)

    def _make_room(self, source: str, device: str, in_use: Collection[LoadedModel]) -> bool:
        """Whether it fits, perhaps once others that do not answer went.

        Raises:
            InvalidInput: it does not fit although nobody answers.
        """
        needed = room.needed(_folder(source), device)
        while needed > room.SHARE * (free := room.free(device)):
            idle = next((key for key, model in self._models.items() if model not in in_use), None)
            if idle is not None:
                logger.info("Letting go of %s", idle[0])
                del self._models[idle]
            elif in_use:
                return False
            else:
                raise InvalidInput(
                    f"This model needs about {_gigabytes(needed)} of memory, and {_gigabytes(free)} are free. Stop what "
                    "else takes memory, or choose a smaller model."
                )
        return True

    def parameters(self) -> int:
        """Of all that is loaded."""
        return sum(loaded.parameters for loaded in self._models.values())


def _folder(source: str) -> Path:
    return base_folder(source)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
