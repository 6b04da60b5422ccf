"""Bringing a base model: give it a short name, fetch or convert it where that is needed, list and remove what was brought."""

from pathlib import Path
from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.base_names import split_base
from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.named_files import named_file
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.durable import put_away
from rlft_gui.services.models import smollm2
from rlft_gui.services.models.checking import shapes_problem
from rlft_gui.services.models.converting import MADE, Converting, Say, in_megabytes, made_model
from rlft_gui.services.models.gguf_file import NEEDS_PACKAGE, gguf_file, has_package
from rlft_gui.services.models.names import AddedModel, Names, check_name, name_for
from rlft_gui.services.models.service import HUB_NAME, Models
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

_Kind = Literal["folder", "made", "hub"]


class ListedModel(Frozen):
    """One line of the list. A model that was made of a GGUF file and given no name is called by its id."""

    name: str
    title: str
    base: str
    kind: _Kind
    parameters: int | None
    licence: str | None
    bytes: int | None  #: what it takes below the home
    problem: str | None
    used_by: tuple[str, ...]


class Adding:
    def __init__(self, home: Home, storage: Storage, models: Models) -> None:
        self._home = home
        self._storage = storage
        self._models = models
        self._names = Names(home)
        self._rights = Rights(storage)

    def add(self, asked: str, *, name: str | None = None, say: Say = lambda _: None, user: str) -> AddedModel:
        """Check it, fetch or convert it where that is needed, and give it a name.

        Args:
            asked: a folder, a GGUF file, a Hub name, or "smollm2".
            say: is told sentences on the way.

        Raises:
            NotFound, InvalidInput, NotPossibleNow: it cannot be used, or had; one sentence.
        """
        self._rights.check_change(user)
        if name is not None:
            check_name(name)
            _check_meaning(name, asked)
        if asked == LANTERN:
            raise InvalidInput("Lantern comes with the app; name it as it is: base: lantern.")
        if asked == smollm2.SMOLLM2:
            return self._add_smollm2(name or smollm2.SMOLLM2, say)
        path = named_file(asked)
        file = gguf_file(path, f'"{asked}"') if path else None
        if file is not None:
            base = self._models.make_ready(asked, say)
            return self._named(name, file.stem if file.suffix else Path(base).name, base, "made", asked)
        self._models.describe(asked)
        if path and path.is_dir():
            self._check_shapes(asked, say)
            return self._named(name, path.resolve().name, str(path.resolve()), "folder", asked)
        if not HUB_NAME.fullmatch(asked):
            raise InvalidInput(f'"{asked}" was added already; see `rlft model list`.')
        self._fetch(asked, say)
        return self._named(name, asked.split("/")[1], asked, "hub", asked)

    def list(self) -> tuple[ListedModel, ...]:
        """Models that were added by their names, then those that were made on the way to a run."""
        added = self._names.list()
        named = {one.base for one in added}
        made = (folder for folder in sorted(self._home.models.glob("m-*")) if made_model(folder))
        unnamed = (folder for folder in made if str(folder) not in named)
        runs = self._storage.runs.list()
        return (
            *(self._listed(one.name, one.base, one.kind, runs) for one in added),
            *(self._listed(folder.name, str(folder), "made", runs) for folder in unnamed),
        )

    def remove(self, name: str, *, user: str) -> str:
        """Forget a name, and delete the model if it was made below the home. Returns a sentence on what was done.

        Args:
            name: or the id of a model that was made below the home.

        Raises:
            NotFound: there is no such name.
            InvalidInput: it is the id of a model with several names.
            NotPossibleNow: runs were trained on the model that would be deleted.
            NotAllowed: `user` is no admin, for models are everybody's.
        """
        self._rights.check_admin(user)
        added = self._names.find(name) or self._only_name_of(name)
        name = added.name if added else name
        folder = Path(added.base) if added else self._home.model(name)
        if added is None and not (MADE.fullmatch(name) and made_model(folder)):
            raise NotFound(f'No model of the name "{name}" was added; see `rlft model list`.')
        if added is not None and (added.kind != "made" or self._has_other_name(added)):
            self._names.forget(name)
            return f'"{name}" is forgotten. Nothing was deleted: {added.base} stays.'
        if users := _users(str(folder), self._storage.runs.list()):
            some = ", ".join(users[:5]) + (f" and {len(users) - 5} more" if len(users) > 5 else "")
            raise NotPossibleNow(
                f'"{name}" is the base of {some}, which could neither resume nor be compared without it; delete them first.'
            )
        freed = self._delete(folder)
        if added is not None:
            self._names.forget(name)
        return f'"{name}" is deleted, {in_megabytes(freed)} are free again.'

    def _add_smollm2(self, name: str, say: Say) -> AddedModel:
        if (added := self._names.find(name)) is not None and self._models.check(name) is None:
            say(f'"{name}" is here already.')
            return added
        if not has_package():  # told before 93 MB are fetched
            raise InvalidInput(NEEDS_PACKAGE)
        self._home.models.mkdir(parents=True, exist_ok=True)
        with smollm2.fetched(self._home.models, say) as file:
            base = str(Converting(self._home).convert(file, smollm2.SMOLLM2, say))
        return self._named(name, name, base, "made", smollm2.WHEEL)

    def _named(self, name: str | None, otherwise: str, base: str, kind: _Kind, came_from: str) -> AddedModel:
        name = name or name_for(otherwise)
        _check_meaning(name, came_from)
        return self._names.add(name, base, kind, came_from)

    def _check_shapes(self, asked: str, say: Say) -> None:
        say("Comparing the weights with config.json.")
        if problem := shapes_problem(self._models.describe(asked)):
            raise InvalidInput(problem)

    def _fetch(self, asked: str, say: Say) -> None:
        from rlft_gui.training.models.loading import base_folder

        if self._models.describe(asked).folder is None:
            say(f"Fetching {asked} from the Hub.")
            base_folder(asked)
            self._models.describe(asked)
        self._check_shapes(asked, say)

    def _listed(self, name: str, base: str, kind: _Kind, runs: tuple[Run, ...]) -> ListedModel:
        title, parameters, licence, problem = name, None, None, None
        try:
            card = self._models.describe(name if self._names.find(name) else base)
            title, parameters = card.title, card.parameters
            licence = card.facts.licence if card.facts else None
        except RlftError as error:
            problem = str(error)
        made = made_model(Path(base)) if kind == "made" else None
        return ListedModel(
            name=name,
            title=title,
            base=base,
            kind=kind,
            parameters=parameters,
            licence=licence,
            bytes=made.bytes if made else None,
            problem=problem,
            used_by=_users(base, runs),
        )

    def _only_name_of(self, model_id: str) -> AddedModel | None:
        """A name that stayed behind would mean a model that is gone."""
        found = [one for one in self._names.list() if one.base == str(self._home.model(model_id))]
        if len(found) > 1:
            names = " and ".join(f'"{one.name}"' for one in found)
            raise InvalidInput(f'"{model_id}" is called {names}. Remove it by its names, one by one.')
        return found[0] if found else None

    def _has_other_name(self, added: AddedModel) -> bool:
        return any(one.base == added.base and one.name != added.name for one in self._names.list())

    def _delete(self, folder: Path) -> int:
        """Only what was made here, and in one step for whoever looks."""
        made = made_model(folder)
        if folder.parent != self._home.models or not MADE.fullmatch(folder.name):
            raise NotPossibleNow(f"{folder} does not lie in {self._home.models}, so it is not deleted.")
        if folder.is_dir():
            put_away(folder)
        return made.bytes if made else 0


def _check_meaning(name: str, asked: str) -> None:
    """Raises InvalidInput for a name that means something else already: presets would train on another model."""
    if name == smollm2.SMOLLM2 and asked not in (smollm2.SMOLLM2, smollm2.WHEEL):
        raise InvalidInput(
            f'"{name}" is the small model that `rlft model add {name}` brings and that presets name; give this one another '
            "name with --name."
        )
    if MADE.fullmatch(name):
        raise InvalidInput(
            f'"{name}" is how models are called that were made of a GGUF file; give this one another name with --name.'
        )


def _users(base: str, runs: tuple[Run, ...]) -> tuple[str, ...]:
    """The runs that need this base: trained on it, or judged by it."""
    return tuple(run.id for run in runs if base in {split_base(name)[0] for name in _models_of(run)})


def _models_of(run: Run) -> tuple[str, str]:
    return run.base, str(run.recipe.settings.get("judge") or "")
