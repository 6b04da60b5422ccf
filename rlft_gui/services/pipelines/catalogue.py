"""What can be chosen from: methods with their stages, presets, the values they propose, and the prompt suite.

The screens read the vocabulary of methods and stages through this file alone.
"""

import itertools
from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.domain.suite import PromptItem
from rlft_gui.domain.yaml_text import read_yaml
from rlft_gui.lantern import gold
from rlft_gui.lantern.suite import suite as lantern_suite
from rlft_gui.methods import METHODS, Method, StageLink, method
from rlft_gui.methods._look import BASE
from rlft_gui.services.pipelines import sizes
from rlft_gui.services.pipelines.settings import choices
from rlft_gui.services.pipelines.specs import Preset, presets
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.stages import STAGES, Stage, stage
from rlft_gui.stages._shared.measure import MeasureSettings as MeasureSettings
from rlft_gui.stages._shared.texts import shipped, shipped_text

BASE_PALETTE = BASE.key
MOST_RUNS_SEARCHED = 1_000  #: of the newest, when something among them is offered


class Proposal(Frozen):
    """Settings to start from: what a preset has for one stage, and how far it can be trusted."""

    preset: str  #: its name
    values: dict[str, Any]
    source: str = ""  #: where they come from, as a phrase after "from"
    tried: bool = True  #: False: not run by us


def proposal(
    method_name: str,
    stage_name: str,
    base: str,
    *,
    options: Mapping[str, Any] | None = None,
    parameters: int | None = None,
    tuning: sizes.Tuning = "lora",
) -> Proposal | None:
    """What a shipped preset sets for a stage, by its name in the pipeline; None if there is no such preset.

    First choice is a pipeline of that method, options and tuning on that very base, then one with other options, then
    the same stage of another method's pipeline on that base, then the values for models of that size.
    """
    found = _of_pipelines(method_name, stage_name, base, options or {}, tuning)
    if found is not None:
        return found
    by_size = None if parameters is None else sizes.size_preset(parameters)
    if by_size is None or not (values := by_size.values(_kind(method_name, stage_name, options), tuning)):
        return None
    return Proposal(preset=by_size.name, values=values, source=by_size.source, tried=by_size.tried)


def proposed_values(
    method_name: str,
    stage_name: str,
    base: str,
    *,
    options: Mapping[str, Any] | None = None,
    parameters: int | None = None,
    tuning: sizes.Tuning = "lora",
) -> dict[str, Any]:
    """Values to start from, with what `proposal` has for the stage."""
    found = proposal(method_name, stage_name, base, options=options, parameters=parameters, tuning=tuning)
    return starting_values(method_name, stage_name, options, found)


def starting_values(
    method_name: str, stage_name: str, options: Mapping[str, Any] | None, found: Proposal | None
) -> dict[str, Any]:
    """The stage's defaults, then the method's and the proposal's laid over; settings without any are left out."""
    fields = stage(_kind(method_name, stage_name, options)).settings.model_fields
    values = {
        name: info.get_default(call_default_factory=True)
        for name, info in fields.items()
        if not info.is_required()
    }
    values |= _link_defaults(method_name, stage_name, options)
    return values | found.values if found else values


def _of_pipelines(
    method_name: str, stage_name: str, base: str, options: Mapping[str, Any], tuning: sizes.Tuning
) -> Proposal | None:
    wanted = _whole_options(method_name, options)
    rewarded = _rewarded(PipelineSpec(method=method_name, options=dict(wanted)), stage_name)
    fitting = [
        preset
        for preset in presets()
        if preset.spec.base == base
        and stage_name in preset.spec.stages
        and _tuning(preset.spec) == tuning
        # Values that were found with one reward are none for another.
        and (_is_same(preset.spec, method_name, wanted) or _rewarded(preset.spec, stage_name) == rewarded)
    ]

    def distance(preset: Preset) -> tuple[bool, bool, bool]:
        spec = preset.spec
        same = spec.method == method_name
        return (
            not same,
            same and _whole_options(method_name, spec.options) != wanted,
            spec.method != stage_name,
        )

    chosen = min(fitting, key=distance, default=None)
    if chosen is None:
        return None
    values = chosen.spec.stages[stage_name]
    if chosen.spec.method != method_name:  # what the method itself asks for stays
        own = _link_defaults(method_name, stage_name, options)
        values = {name: value for name, value in values.items() if name not in own}
    return Proposal(preset=chosen.name, values=values, source=chosen.source, tried=chosen.tried)


def _is_same(spec: PipelineSpec, method_name: str, wanted: Mapping[str, Any]) -> bool:
    return spec.method == method_name and _whole_options(method_name, spec.options) == wanted


def _rewarded(spec: PipelineSpec, stage_name: str) -> Any:
    """The rewards that a stage of this pipeline asks for; None where it keeps to its default, or has none."""
    own = _link_defaults(spec.method, stage_name, spec.options).get("rewards")
    return spec.stages.get(stage_name, {}).get("rewards", own)


def _tuning(spec: PipelineSpec) -> sizes.Tuning:
    """What later stages continue is tuned as it was."""
    return "full" if any(stage.get("tuning") == "full" for stage in spec.stages.values()) else "lora"


def _kind(method_name: str, stage_name: str, options: Mapping[str, Any] | None) -> str:
    """The stage behind a name in a pipeline of that method."""
    links = method(method_name).plan(options or {})
    return next((link.stage for link in links if link.name == stage_name), stage_name)


def _link_defaults(method_name: str, stage_name: str, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
    links = method(method_name).plan(options or {})
    return next((link.defaults for link in links if link.name == stage_name), {})


def _whole_options(method_name: str, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """With those left out at their defaults."""
    fields = method(method_name).options.model_fields
    return {name: info.get_default() for name, info in fields.items()} | dict(options)


def offered() -> tuple[Method, ...]:
    """The methods all of whose stages are there, whatever is chosen for them."""
    known = {kind.name for kind in STAGES}
    return tuple(one for one in METHODS if {link.stage for plan in every_plan(one) for link in plan} <= known)


def every_plan(chosen: Method) -> tuple[tuple[StageLink, ...], ...]:
    """The plans that the method's options allow; of numbers, only the default is tried."""
    fields = chosen.options.model_fields
    values = {name: _values(info) for name, info in fields.items()}
    picked = itertools.product(*values.values())
    return tuple(chosen.plan(dict(zip(values, one, strict=True))) for one in picked)


def _values(info: FieldInfo) -> tuple[Any, ...]:
    return (True, False) if info.annotation is bool else choices(info) or (info.default,)


def optional_stages(chosen: Method, options: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the stages that may be left out."""
    return tuple(link.name for link in chosen.plan(options) if link.optional)


def warm_ups(chosen: Method, options: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the stages that a run which is continued stands for: optional ones that train a policy."""
    known = {kind.name: kind for kind in STAGES}
    return tuple(
        link.name
        for link in chosen.plan(options)
        if link.optional and link.stage in known and known[link.stage].produces == "policy"
    )


def reward_models(runs: Runs, base: str) -> tuple[Run, ...]:
    """Finished runs whose reward model can score answers of that base, newest first; others do not share its tokens."""
    finished = runs.list(status=RunStatus.SUCCEEDED, limit=MOST_RUNS_SEARCHED)
    return tuple(run for run in finished if run.base == base and output_of(run) == "reward_model")


def texts(kind: str) -> list[dict[str, str]]:
    """The shipped "rubrics" or "constitutions": name, title, about, and the text itself."""
    found = []
    for name in shipped(kind):
        text = shipped_text(kind, name)
        facts = read_yaml(text)
        found.append({"name": name, "title": facts["name"], "about": facts.get("about", ""), "text": text})
    return found


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
    "Preset",
    "Proposal",
    "Stage",
    "StageLink",
    "criteria",
    "every_plan",
    "method",
    "offered",
    "optional_stages",
    "palette",
    "presets",
    "proposal",
    "proposed_values",
    "reward_models",
    "stage",
    "starting_values",
    "suite",
    "texts",
    "warm_ups",
]
