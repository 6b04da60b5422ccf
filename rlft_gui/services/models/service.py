"""Base models: may one be trained on, and what is it. Decided from its files, without torch.

A base is "lantern", the short name of a model that was added, a folder, a GGUF file, or a Hub name. Nothing is downloaded
here; a Hub model that is not on this machine yet is fetched by the worker that needs it.
"""

import re
from pathlib import Path

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.base_names import TEMPLATES, joined, split_base
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.resources import assets_dir
from rlft_gui.services.models.converting import Converting, Say, in_megabytes, made_model
from rlft_gui.services.models.folder import ModelFacts, read_model
from rlft_gui.services.models.gguf_file import GgufFacts, gguf_file, read_gguf
from rlft_gui.services.models.names import Names
from rlft_gui.services.models.smollm2 import SMOLLM2
from rlft_gui.services.models.weights_files import Incomplete

#: How a model on the Hub is named.
HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_NO_TEMPLATE = (
    f"It has no chat template, so each turn is written under a plain heading; or choose one: #{', #'.join(TEMPLATES)} behind "
    "its name."
)
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
    facts: ModelFacts | GgufFacts | None = None  #: all that its files say


class Models:
    def __init__(self, home: Home) -> None:
        self._converting = Converting(home)
        self._names = Names(home)

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
        model, template = split_base(base)
        card = self._described(model, "Lantern" if base == LANTERN else f'"{base}"')
        return _with_template(card, base, template) if template else card

    def _described(self, base: str, called: str) -> ModelCard:
        located = self._located(base, called)
        if file := self._gguf(located, called):
            return _to_convert(base, file, read_gguf(file, called))
        folder = _folder(located)
        if folder is None:
            return _to_download(located)
        try:
            facts = read_model(folder, called)
        except Incomplete:
            if base == LANTERN:
                raise NotFound("Lantern's files are not there; make them with: rlft lantern build.") from None
            if _local_path(located) is not None or _offline():
                raise
            return _to_download(located)
        return _card(base, located, folder, facts)

    def name_in_recipe(self, base: str) -> str:
        """The base as a recipe names it: a folder by its whole path, since workers run elsewhere. A GGUF file that was
        not converted yet stays one."""
        model, template = split_base(base)
        try:
            located = self._located(model, base)
        except (InvalidInput, NotFound):
            return base
        path = None if located == LANTERN else _local_path(located)
        return joined(located if path is None else str(path), template)

    def is_to_convert(self, base: str) -> bool:
        """Whether it is a GGUF file that was not converted yet."""
        model, _ = split_base(base)
        try:
            return self._gguf(self._located(model, base), base) is not None
        except (InvalidInput, NotFound):
            return False

    def make_ready(self, base: str, say: Say = lambda _: None) -> str:
        """The base as a recipe names it, a GGUF file converted; takes as long as that takes.

        Raises:
            NotFound, InvalidInput: as `describe`.
            NotPossibleNow: there is no room for it.
        """
        called, (model, template) = f'"{base}"', split_base(base)
        located = self._located(model, called)
        if file := self._gguf(located, called):
            return joined(str(self._converting.convert(file, called, say)), template)
        return self.name_in_recipe(base)

    def _located(self, base: str, called: str) -> str:
        """What a short name stands for, and the folder that a GGUF file was made into; else the text itself.

        Raises:
            NotFound: what a short name stands for is gone.
        """
        added = self._names.find(base)
        made = self._converting.made_here(base)
        located = added.base if added else str(made) if made else base
        if added and added.kind != "hub" and _local_path(located) is None:
            raise NotFound(
                f"{called} stands for {located}, which is not there any more; put it back, or add it anew: rlft model add."
            )
        file = self._gguf(located, called)
        made = self._converting.made_of(file) if file else None
        return str(made) if made else located

    def _gguf(self, located: str, called: str) -> Path | None:
        path = None if located == LANTERN else _local_path(located)
        return gguf_file(path, called) if path else None


def _card(base: str, located: str, folder: Path, facts: ModelFacts) -> ModelCard:
    made = made_model(folder)
    is_on_hub = _local_path(located) is None
    title = "Lantern" if base == LANTERN else located if is_on_hub else made.title if made else folder.name
    notes = [] if facts.has_chat_template else [_NO_TEMPLATE]
    return ModelCard(
        base=base,
        title=title,
        parameters=facts.parameters,
        context=facts.context,
        architecture=facts.architecture,
        note=" ".join([*notes, *(made.notes if made else ())]),
        folder=folder,
        facts=facts,
    )


def _with_template(card: ModelCard, base: str, template: str) -> ModelCard:
    """Of a model that lacks a chat template, with the one that was chosen.

    Raises:
        InvalidInput: it has one of its own.
    """
    if card.facts is not None and card.facts.has_chat_template:
        raise InvalidInput(f'"{base}" has a chat template of its own, which is used; leave #{template} out.')
    chosen = f"It has no chat template of its own, so turns are written as {template} has them."
    note = card.note.replace(_NO_TEMPLATE, chosen)
    return card.model_copy(update={"base": base, "note": note})


def _to_convert(base: str, file: Path, facts: GgufFacts) -> ModelCard:
    needed = in_megabytes(2 * facts.parameters)
    notes = [
        f"It is a GGUF file ({facts.quantisation}): before its first run it is converted, once, which takes {needed} of "
        "the home folder and about a minute for each billion numbers, never less than one."
    ]
    return ModelCard(
        base=base,
        title=file.name.removesuffix(".gguf"),
        parameters=facts.parameters,
        context=facts.context,
        architecture=f"{facts.architecture} (GGUF)",
        note=" ".join(notes if facts.has_chat_template else [*notes, _NO_TEMPLATE]),
        folder=None,
        facts=facts,
    )


def _to_download(name: str) -> ModelCard:
    return ModelCard(
        base=name, title=name, parameters=None, context=None, architecture="", note=_NOT_HERE, folder=None
    )


def _folder(base: str) -> Path | None:
    """Where the base lies; None for a Hub model that is to be downloaded; raises NotFound."""
    if base == LANTERN:
        return assets_dir() / LANTERN
    if (path := _local_path(base)) is not None:
        if path.is_file():
            raise InvalidInput(
                f'"{base}" is a file that is no GGUF model; name the folder that save_pretrained wrote, or a .gguf file.'
            )
        return path
    if base == SMOLLM2:
        raise NotFound(
            f'"{base}" is not on this machine yet; get it with `rlft model add {base}`, or in the wizard\'s first step.'
        )
    if not HUB_NAME.fullmatch(base):
        raise NotFound(
            f'There is no model "{base}"; name "lantern", a folder, a GGUF file, a Hub model as org/name, or one of '
            "`rlft model list`."
        )
    if (folder := _cached(base)) is None and _offline():
        raise NotFound(
            f'"{base}" is neither a folder nor in the Hub cache of this machine, and the Hub is switched off '
            "(HF_HUB_OFFLINE is set); download it first, or choose another model."
        )
    return folder


def _local_path(base: str) -> Path | None:
    """The folder or file that the text names; None if there is none."""
    try:
        path = Path(base).expanduser()
        return path.resolve() if base and (path.is_dir() or path.is_file()) else None
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
