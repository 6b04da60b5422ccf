"""What the files of the contract suite share: the stages that train, and their cases' recipes."""

from typing import Any

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages import STAGES, Stage
from tests.stages.attempts import recipe, small_dataset
from tests.stages.cases import case_of

TRAINED = tuple(stage for stage in STAGES if stage.trains)


def stage_or_word(value: Any) -> str:
    """Names a parametrised test."""
    return value.name if isinstance(value, Stage) else value or "plain"


def case_recipe(tested: Stage, run_id: str, home: Home, **settings: Any) -> Recipe:
    """A tiny attempt at this stage, as its case has it."""
    case = case_of(tested.name)
    data = settings.pop("data", None) or small_dataset(home, case.data)
    return recipe(tested, run_id, data, **{**case.settings, **settings})
