"""Where the rows of a dataset come from in the end: built in, or a file of somebody's own."""

from collections.abc import Callable

from rlft_gui.domain.dataset import UPLOADED
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import GENERATED_BY, Recipe


def is_own(data: str, recipe_of: Callable[[str], Recipe | None]) -> bool:
    """Whether the rows come from an upload, be it by way of runs that made them.

    Args:
        data: what a recipe names: "d-…", "run:RUN", or built-in data.
        recipe_of: a run's recipe, None if it is gone.
    """
    return root_of(data, recipe_of).startswith(UPLOADED)


def root_of(data: str, recipe_of: Callable[[str], Recipe | None]) -> str:
    """The data that no run made; "" where a run is gone. Arguments are those of `is_own`."""
    while data.startswith(GENERATED_BY):
        recipe = recipe_of(data.removeprefix(GENERATED_BY))
        data = str(recipe.settings.get("data", "")) if recipe else ""
    return data


def recipe_in(home: Home, run_id: str) -> Recipe | None:
    """The recipe in a run's folder."""
    file = home.run(run_id).recipe
    return Recipe.model_validate_json(file.read_bytes()) if file.is_file() else None
