"""Base models: may one be trained on, and what is it. Decided from its files, without torch.

A base is "lantern", a folder, or a Hub name. Nothing is downloaded here; a Hub model that is not on this machine yet
is fetched by the worker that needs it.
"""

import re
from pathlib import Path

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.resources import assets_dir
from rlft_gui.services.models.folder import Incomplete, ModelFacts, read_model

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_NO_TEMPLATE = "It has no chat template, so each turn is written under a plain heading."
_NOT_HERE = (
    "It is not on this machine: the run downloads it when it starts, and can only then tell whether it fits."
)


class ModelCard(Frozen):
    """A base model as shown. What is not known before a download is None."""

    base: str
    title: str
    parameters: int | None
    context: int | None  #: tokens
    architecture: str
    note: str
    folder: Path | None


class Models:
    def __init__(self, home: Home) -> None:
        self._home = home

    def check(self, base: str) -> str | None:
        """A sentence if it cannot be a base model."""
        try:
            self.describe(base)
        except (InvalidInput, NotFound) as error:
            return str(error)
        return None

    def describe(self, base: str) -> ModelCard:
        """What its files say.

        Raises:
            NotFound: there is neither such a folder nor, in reach, such a Hub model.
            InvalidInput: it is there and cannot be trained.
        """
        folder = _folder(base)
        if folder is None:
            return _to_download(base)
        called = "Lantern" if base == LANTERN else f'"{base}"'
        try:
            facts = read_model(folder, called)
        except Incomplete:
            if base == LANTERN:
                raise NotFound("Lantern's files are not there; make them with: rlft lantern build.") from None
            if _local_folder(base) is not None or _offline():
                raise
            return _to_download(base)
        return _card(base, folder, facts)

    def name_in_recipe(self, base: str) -> str:
        """The base as a recipe names it: a folder by its whole path, since workers run elsewhere."""
        folder = _local_folder(base)
        return base if folder is None or base == LANTERN else str(folder)


def _card(base: str, folder: Path, facts: ModelFacts) -> ModelCard:
    title = "Lantern" if base == LANTERN else base if _HUB_NAME.fullmatch(base) else folder.name
    return ModelCard(
        base=base,
        title=title,
        parameters=facts.parameters,
        context=facts.context,
        architecture=facts.architecture,
        note="" if facts.has_chat_template else _NO_TEMPLATE,
        folder=folder,
    )


def _to_download(name: str) -> ModelCard:
    return ModelCard(
        base=name, title=name, parameters=None, context=None, architecture="", note=_NOT_HERE, folder=None
    )


def _folder(base: str) -> Path | None:
    """Where the base lies; None for a Hub model that is to be downloaded; raises NotFound."""
    if (folder := _local_folder(base)) is not None:
        return folder
    if not _HUB_NAME.fullmatch(base):
        raise NotFound(f'There is no folder "{base}"; name "lantern", a folder, or a Hub model as org/name.')
    if (folder := _cached(base)) is None and _offline():
        raise NotFound(
            f'"{base}" is neither a folder nor in the Hub cache of this machine, and the Hub is switched off '
            "(HF_HUB_OFFLINE is set); download it first, or choose another model."
        )
    return folder


def _local_folder(base: str) -> Path | None:
    """Lantern's folder, or the one that the text names; None if there is none."""
    if base == LANTERN:
        return assets_dir() / LANTERN
    try:
        path = Path(base).expanduser()
        return path.resolve() if base and path.is_dir() else None
    except (OSError, ValueError, RuntimeError):  # unreadable, too long, a NUL, no such user
        return None


def _cached(name: str) -> Path | None:
    """The newest snapshot in the Hub's cache on this machine."""
    from huggingface_hub import constants, try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json", cache_dir=constants.HF_HUB_CACHE)
    return Path(found).parent if isinstance(found, str) else None


def _offline() -> bool:
    from huggingface_hub import constants

    return constants.HF_HUB_OFFLINE
