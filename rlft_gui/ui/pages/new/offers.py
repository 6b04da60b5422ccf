"""What the wizard offers for settings that are names or texts: reward terms, judges, reward models, rubrics and
constitutions."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.reward_terms import KINDS
from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.fields import DOCUMENTS, Kind

#: Value, words, and whether the rest is typed.
JUDGES = (
    ["base", "The pipeline's base model", False],
    ["biased", "The scripted judge, for lessons on bias", True],
    ["endpoint:", "A model behind an OpenAI-compatible address", True],
    ["", "Another model: its folder or Hub name", True],
)


@dataclass(frozen=True)
class Offers:
    """Offers for pipelines on one base: reward models of other bases do not fit and are left out, and so is what only
    Lantern has."""

    services: Services
    base: str

    def of(self, kind: Kind) -> list[Any]:
        """The offers for a field of that kind; none for one that is typed or has choices of its own."""
        if kind in ("rewards", "reward"):
            return [term for term in KINDS if term.kind != "gold" or self.base == LANTERN]
        if kind == "reward_model":
            return [[run.id, _named(run)] for run in self._reward_models]
        if kind == "judge":
            scoring = [
                [f"reward_model:{run.id}", f"Reward model {_named(run)}", False]
                for run in self._reward_models
            ]
            return [*JUDGES[:2], *scoring, *JUDGES[2:]]
        return catalogue.texts(f"{kind}s") if kind in DOCUMENTS else []

    @cached_property
    def _reward_models(self) -> tuple[Run, ...]:
        return catalogue.reward_models(self.services.runs, self.base)


def _named(run: Run) -> str:
    return f"{run.title}, step {run.step} ({run.id})"
