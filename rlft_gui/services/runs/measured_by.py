"""By what a policy is measured first. Run, Home and the command line all ask here.

Lantern's suite asks about Lantern's world. It is the measure of a run on the built-in data; of a run on somebody's own
data it only tells a side effect, and what counts are the rows of that data that were held out, or what a pipeline names.
Votes on what Lantern's models answered are about Lantern's world.
"""

from collections.abc import Collection
from typing import Literal, Protocol

from rlft_gui.data.origin import root_of
from rlft_gui.domain.dataset import UPLOADED
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.domain.run import Run
from rlft_gui.services.runs.outputs import is_policy

Measure = Literal["suite", "own"]


class Known(Protocol):
    """What the home knows, as `Runs` tells it."""

    def get(self, run_id: str, /) -> Run:
        """A run; raises NotFound for one that is gone."""

    def is_votes_on_lantern(self, dataset: str, /) -> bool:
        """Whether a dataset was made of votes on what Lantern's models answered."""


def measured_by(run: Run, runs: Known) -> Measure | None:
    """ "suite" or "own": Lantern's suite, or held-out rows of the run's own data. None for a run that trains no policy."""

    def recipe_of(run_id: str) -> Recipe | None:
        try:
            return runs.get(run_id).recipe
        except NotFound:
            return None

    if not is_policy(run):
        return None
    if run.base != LANTERN or run.recipe.measure:
        return "own"
    root = root_of(str(run.recipe.settings.get("data", "")), recipe_of)
    return "own" if root.startswith(UPLOADED) and not runs.is_votes_on_lantern(root) else "suite"


#: Metrics that tell right from wrong on own data; a stage that is rewarded learns from what it is told.
_TELLING = ("held/loss", "held/accuracy", "held/reward/", "eval/loss", "eval/pref/accuracy", "reward/mean")


def is_unjudged(measure: Measure | None, metrics: Collection[str]) -> bool:
    """Whether nothing says if the answers of a policy to prompts of own data are right: what is held out has no good answers
    and nothing scores them, or nothing is held out.

    Args:
        metrics: names of all that the run has reported. The first look is over once there is a loss.
    """
    return measure == "own" and "loss" in metrics and not any(name.startswith(_TELLING) for name in metrics)
