"""What can be chosen from: methods with their stages, presets, the values they propose, and the prompt suite.

The screens read the vocabulary of methods and stages through this file alone.
"""

from collections.abc import Mapping
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern import gold
from rlft_gui.lantern.suite import suite as lantern_suite
from rlft_gui.methods import METHODS, Method, method
from rlft_gui.services.specs import presets
from rlft_gui.stages import STAGES, Stage, stage

BASE_PALETTE = "base"


class Proposal(Frozen):
    """Settings that somebody tried: the preset's name, and what it sets for one stage."""

    preset: str
    values: dict[str, Any]


def proposal(method_name: str, stage_name: str, base: str) -> Proposal | None:
    """What a shipped preset of that method sets for the stage on that base; None if there is no such preset."""
    for preset in presets():
        spec = preset.spec
        if (spec.method, spec.base) == (method_name, base) and stage_name in spec.stages:
            return Proposal(preset=preset.name, values=spec.stages[stage_name])
    return None


def proposed_values(method_name: str, stage_name: str, base: str) -> dict[str, Any]:
    """Values to start from: the stage's defaults with the preset's laid over; settings without either are left out."""
    fields = stage(stage_name).settings.model_fields
    values = {name: info.default for name, info in fields.items() if not info.is_required()}
    found = proposal(method_name, stage_name, base)
    return values | found.values if found else values


def warm_ups(chosen: Method, options: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the stages that may be left out."""
    return tuple(link.name for link in chosen.plan(options) if link.optional)


def palette(method_name: str, stage_name: str) -> str:
    """Colour and shape of a run: those of the method called like its stage, else its pipeline's method's."""
    by_name = {candidate.name: candidate.palette for candidate in METHODS}
    return by_name.get(stage_name) or by_name.get(method_name) or BASE_PALETTE


def suite() -> tuple[PromptItem, ...]:
    """The embedded world's held-out prompts, by kind."""
    return lantern_suite()


def criteria(item: PromptItem) -> tuple[str, ...]:
    """The scores that an answer to this prompt gets, the gold score first."""
    return tuple(gold.score(item, ""))


__all__ = [
    "METHODS",
    "STAGES",
    "Method",
    "Proposal",
    "Stage",
    "criteria",
    "method",
    "palette",
    "presets",
    "proposal",
    "proposed_values",
    "stage",
    "suite",
    "warm_ups",
]
