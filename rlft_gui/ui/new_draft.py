"""What a person has answered so far in the wizard. It lives in the browser and becomes a pipeline at the end.

A draft keeps only what differs from what is proposed, so a proposal that gets better reaches drafts that were
begun before. Nothing here is stored on the server.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import NotFound, RlftError
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services, catalogue, specs
from rlft_gui.ui.fields import read_fields

LANTERN = "lantern"
Start = Literal["lantern", "folder", "hub", "run"]


class Draft(Frozen):
    """The answers, step by step. `launch_id` is made once, so that launching twice is launching once."""

    launch_id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    title: str = ""
    about: str = ""
    seed: Any = 0  #: as typed; judged with the settings
    start: Start = "lantern"
    folder: str = ""
    hub: str = ""
    run: str = ""  #: RUN or RUN@step, when `start` is "run"
    method: str = ""
    skip: tuple[str, ...] = ()  #: warm-up stages left out
    data: Mapping[str, str] = {}  #: stage → dataset
    #: stage → setting → value, where it differs from the proposal
    settings: Mapping[str, Mapping[str, Any]] = {}

    @field_validator("title", "folder", "hub", "run", mode="before")
    @classmethod
    def _emptied_field_is_empty(cls, value: Any) -> Any:
        return "" if value is None else value

    @field_validator("data", mode="before")
    @classmethod
    def _emptied_choice_is_none(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {stage: chosen for stage, chosen in value.items() if chosen}


@dataclass(frozen=True)
class Change:
    """One setting that is not as proposed, in words."""

    stage: str
    title: str
    value: str
    proposed: str
    source: str  #: "preset lantern-dpo" or "the default"


def read_draft(stored: Any) -> Draft:
    """The draft that a browser kept; a fresh one if it kept none, or one that this version cannot read."""
    try:
        draft = Draft.model_validate(stored or {})
    except ValidationError:
        return Draft()
    known = {method.name for method in catalogue.METHODS}
    return draft if draft.method in known else draft.model_copy(update={"method": "", "skip": ()})


def draft_of(spec: PipelineSpec) -> Draft:
    """The draft that would lead to this pipeline: for clones and presets."""
    chosen = catalogue.method(spec.method)
    named = spec.stages or {link.name: {} for link in chosen.plan(spec.options)}
    start: Start = "run" if spec.start_from else _start_of(spec.base)
    return Draft(
        title=spec.title,
        about=spec.about,
        seed=spec.seed,
        start=start,
        folder=spec.base if start == "folder" else "",
        hub=spec.base if start == "hub" else "",
        run=spec.start_from or "",
        method=spec.method,
        skip=tuple(name for name in catalogue.warm_ups(chosen, spec.options) if name not in named),
        data={name: str(values["data"]) for name, values in named.items() if values.get("data")},
        settings={name: {k: v for k, v in values.items() if k != "data"} for name, values in named.items()},
    )


def base_of(services: Services, draft: Draft) -> str:
    """The base model as a pipeline names it; empty while nothing is given, or if the run is gone."""
    if draft.start == "lantern":
        return LANTERN
    if draft.start in ("folder", "hub"):
        return (draft.folder if draft.start == "folder" else draft.hub).strip()
    try:
        run_id = ModelRef.parse(draft.run).run_id if draft.run else None
        return services.runs.get(run_id).base if run_id else ""
    except NotFound:
        return ""


def stages_of(draft: Draft) -> tuple[catalogue.Stage, ...]:
    """The stages that will run, in order; none while no method is chosen."""
    if not draft.method:
        return ()
    links = catalogue.method(draft.method).plan({})
    return tuple(catalogue.stage(link.stage) for link in links if link.stage not in draft.skip)


def proposal_for(services: Services, draft: Draft, stage_name: str) -> catalogue.Proposal | None:
    """What a preset has for this stage on the base that was chosen."""
    return catalogue.proposal(draft.method, stage_name, base_of(services, draft))


def dataset_of(services: Services, draft: Draft, stage_name: str) -> str:
    """The dataset chosen for a stage, else the preset's, else empty."""
    found = proposal_for(services, draft, stage_name)
    return draft.data.get(stage_name) or str(found.values.get("data", "") if found else "")


def effective_settings(services: Services, draft: Draft, stage_name: str) -> dict[str, Any]:
    """The settings that a stage would run with: defaults, the preset's, and what was changed."""
    values = catalogue.proposed_values(draft.method, stage_name, base_of(services, draft))
    return values | dict(draft.settings.get(stage_name, {}))


def spec_of(services: Services, draft: Draft) -> PipelineSpec:
    """The pipeline that these answers describe.

    Raises:
        InvalidPipeline: no method is chosen, or a value does not have the shape that a pipeline needs.
    """
    spec = specs.parse(
        {
            "title": draft.title,
            "about": draft.about,
            "method": draft.method or None,
            "base": base_of(services, draft),
            "start_from": draft.run or None if draft.start == "run" else None,
            "seed": draft.seed,
            "stages": {stage.name: _settings_of(services, draft, stage.name) for stage in stages_of(draft)},
        }
    )
    return spec if spec.title else spec.model_copy(update=_proposed_title(services, spec))


def changes_of(services: Services, draft: Draft) -> tuple[Change, ...]:
    """Every setting that is not as proposed."""
    return tuple(change for stage in stages_of(draft) for change in _stage_changes(services, draft, stage))


def _settings_of(services: Services, draft: Draft, stage_name: str) -> dict[str, Any]:
    found = proposal_for(services, draft, stage_name)
    edited = dict(draft.settings.get(stage_name, {}))
    data = dataset_of(services, draft, stage_name)
    return {"data": data, **(found.values if found else {}), **edited} | {"data": data}


def _stage_changes(services: Services, draft: Draft, stage: catalogue.Stage) -> list[Change]:
    found = proposal_for(services, draft, stage.name)
    preset_values = found.values if found else {}
    edited = draft.settings.get(stage.name, {})
    return [
        Change(
            stage=stage.title,
            title=field.title,
            value=field.written(edited[field.name]),
            proposed=field.written(preset_values.get(field.name, field.default)),
            source=f"preset {found.preset}" if found and field.name in preset_values else "the default",
        )
        for field in read_fields(stage.settings)
        if field.name in edited and edited[field.name] != preset_values.get(field.name, field.default)
    ]


def _proposed_title(services: Services, spec: PipelineSpec) -> dict[str, str]:
    """A shipped preset's title for exactly that preset, else method and model."""
    for preset in catalogue.presets():
        if (preset.spec.method, preset.spec.base, preset.spec.stages) == (
            spec.method,
            spec.base,
            spec.stages,
        ):
            return {"title": preset.spec.title, "about": preset.spec.about}
    return {"title": f"{catalogue.method(spec.method).title} on {_model_name(services, spec)}"[:80]}


def _model_name(services: Services, spec: PipelineSpec) -> str:
    if spec.start_from:
        return spec.start_from
    try:
        return services.models.describe(spec.base).title
    except RlftError:
        return spec.base or "an unnamed model"


def _start_of(base: str) -> Start:
    if base == LANTERN:
        return "lantern"
    is_path = base.startswith(("/", "~", ".")) or "\\" in base
    return "folder" if is_path else "hub"
