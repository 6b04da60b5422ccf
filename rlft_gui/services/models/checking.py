"""All that can be known of a base model before anything is launched: what its files say, and whether they fit together."""

from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.services.models.converting import made_model
from rlft_gui.services.models.folder import ModelFacts
from rlft_gui.services.models.gguf_file import GgufFacts
from rlft_gui.services.models.service import ModelCard, Models
from rlft_gui.services.short_work import run_short

_SECONDS, _MEGABYTES = 60, 2_000  #: it takes three seconds, nearly all of them to load the libraries

Kind = Literal["lantern", "folder", "gguf", "hub"]


class ModelCheck(Frozen):
    """A base model as `rlft model check` tells it.

    Attributes:
        problem: why it cannot be used; None if it can.
        kind: None where nothing is known of it.
        folder: None for what is to be converted or downloaded first.
    """

    model: str
    problem: str | None = None
    kind: Kind | None = None
    title: str | None = None
    folder: str | None = None
    note: str = ""
    facts: ModelFacts | GgufFacts | None = None


def check_model(models: Models, base: str) -> ModelCheck:
    try:
        card = models.describe(base)
        found = ModelCheck(
            model=base,
            kind=_kind(card),
            title=card.title,
            folder=str(card.folder) if card.folder else None,
            note=card.note,
            facts=card.facts,
        )
    except (InvalidInput, NotFound) as error:
        return ModelCheck(model=base, problem=str(error))
    return found.model_copy(update={"problem": shapes_problem(card)})


def shapes_problem(card: ModelCard) -> str | None:
    """Where its weights are not those that its config asks for, as the loader compares them; some seconds."""
    if (
        card.folder is None or card.base == LANTERN or made_model(card.folder)
    ):  # which were compared when they were made
        return None
    try:
        run_short(
            "rlft_gui.training.models.shapes",
            {"base": str(card.folder), "called": f'"{card.base}"'},
            seconds=_SECONDS,
            megabytes=_MEGABYTES,
            what=f'The check of "{card.base}"',
        )
    except InvalidInput as error:
        return str(error)
    return None


def _kind(card: ModelCard) -> Kind:
    if card.base == LANTERN:
        return "lantern"
    if isinstance(card.facts, GgufFacts):
        return "gguf"
    return "folder" if card.folder else "hub"
