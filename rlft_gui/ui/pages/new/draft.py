"""What a person has answered so far in the wizard. It lives in the browser and becomes a pipeline at the end.

A draft keeps only what differs from what is proposed, so a proposal that gets better reaches drafts that were
begun before. Nothing here is stored on the server.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from pydantic import Field, ValidationError, field_validator

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidPipeline, NotFound, RlftError
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue, specs
from rlft_gui.services.pipelines.planning import ADAPTER_SHAPE
from rlft_gui.services.pipelines.sizes import Tuning
from rlft_gui.ui.components.fields import read_fields

StartKind = Literal["lantern", "folder", "hub", "run"]


class Draft(Frozen):
    """The answers, step by step. `launch_id` is made once, so that launching twice is launching once."""

    launch_id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    title: str = ""
    about: str = ""
    seed: Any = 0  #: as typed; judged with the settings
    start: StartKind = "lantern"
    folder: str = ""
    hub: str = ""
    run: str = ""  #: RUN or RUN@step, when `start` is "run"
    method: str = ""
    options: Mapping[str, Any] = {}  #: of the method, where they differ from its defaults
    skip: tuple[str, ...] = ()  #: optional stages left out
    review: bool = False
    data: Mapping[str, str] = {}  #: stage → dataset
    #: stage → setting → what its control shows, where it differs from the proposal
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


class Circumstances(TypedDict):
    """What proposals depend on beside method, stage and base."""

    options: Mapping[str, Any]
    parameters: int | None
    tuning: Tuning


@dataclass(frozen=True)
class Group:
    """A stage of the pipeline as settings and data are given for it: once, even where rounds repeat it."""

    link: catalogue.StageLink
    kind: catalogue.Stage
    title: str

    @property
    def name(self) -> str:
        return self.link.name

    @property
    def takes_data(self) -> bool:
        """Whether a person chooses its rows; otherwise an earlier stage makes them."""
        return self.link.data is None


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
    known = {method.name for method in catalogue.offered()}
    if draft.method in known:
        return draft
    return draft.model_copy(update={"method": "", "skip": (), "options": {}})


def draft_of(spec: PipelineSpec) -> Draft:
    """The draft that would lead to this pipeline: for clones and presets."""
    chosen = catalogue.method(spec.method)
    named = spec.stages or {link.name: {} for link in chosen.plan(spec.options)}
    start: StartKind = "run" if spec.start_from else _start_of(spec.base)
    return Draft(
        title=spec.title,
        about=spec.about,
        seed=spec.seed,
        start=start,
        folder=spec.base if start == "folder" else "",
        hub=spec.base if start == "hub" else "",
        run=spec.start_from or "",
        method=spec.method,
        options=spec.options,
        skip=tuple(name for name in catalogue.optional_stages(chosen, spec.options) if name not in named),
        review=spec.review,
        data={name: str(values["data"]) for name, values in named.items() if values.get("data")},
        settings={name: {k: v for k, v in values.items() if k != "data"} for name, values in named.items()},
    )


def with_method(draft: Draft, name: str) -> Draft:
    """The draft with another method as it is proposed: a run that is continued needs no warm-up."""
    skip = catalogue.warm_ups(catalogue.method(name), {}) if draft.start == "run" else ()
    return draft.model_copy(update={"method": name, "skip": skip, "options": {}, "review": False})


def draft_of_launched(services: Services, spec: PipelineSpec) -> Draft:
    """The draft that leads to what this pipeline ran with: a setting that it left at its default stays there, whatever
    is proposed by now."""
    draft = draft_of(spec)
    kept = dict(draft.settings)
    for group in groups_of(draft):
        found = proposal_for(services, draft, group.name)
        named, fields = kept.get(group.name, {}), group.kind.settings.model_fields
        left = [name for name in (found.values if found else {}) if name in fields and name not in named]
        defaults = {
            name: fields[name].get_default(call_default_factory=True) for name in left if name != "data"
        }
        kept[group.name] = {
            **defaults,
            **{name: group.link.defaults[name] for name in left if name in group.link.defaults},
            **named,
        }
    return draft.model_copy(update={"settings": kept})


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


def links_of(draft: Draft) -> tuple[catalogue.StageLink, ...]:
    """The stages that will run, in order, with what each takes from earlier ones; none without a method."""
    if not draft.method:
        return ()
    chosen, options = catalogue.method(draft.method), dict(draft.options)
    kept: dict[str, dict[str, Any]] = {
        link.name: {} for link in chosen.plan(options) if link.name not in draft.skip
    }
    return chosen.unfold(PipelineSpec(method=draft.method, options=options, stages=kept))


def groups_of(draft: Draft) -> tuple[Group, ...]:
    """The stages that settings and data are given for, in order."""
    links = links_of(draft)
    first = {link.name: link for link in reversed(links)}
    order = dict.fromkeys(link.name for link in links)
    return tuple(
        Group(first[name], catalogue.stage(first[name].stage), title_of(first[name], links)) for name in order
    )


def title_of(link: catalogue.StageLink, links: tuple[catalogue.StageLink, ...]) -> str:
    """What the screen calls a stage; one that a method runs for an end of its own is told by its rows."""
    title = catalogue.stage(link.stage).title
    if link.key and link.data is not None:
        return f"{title} on rows of {catalogue.stage(links[link.data].stage).title}"
    return title


def inherited(services: Services, draft: Draft, link: catalogue.StageLink) -> dict[str, Any]:
    """The shape of the weights that this stage goes on with: that of an earlier stage, or of the run it starts from.
    Empty for a stage that makes new ones."""
    links = links_of(draft)
    if link.parent is not None and links[link.parent].name != link.name:
        parent = links[link.parent]
        own = effective_settings(services, draft, parent.name)
        return _shape(inherited(services, draft, parent) or own, link)
    if link.parent is not None or draft.start != "run" or not draft.run:
        return {}
    try:
        return _shape(services.runs.get(draft.run.partition("@")[0]).recipe.settings, link)
    except NotFound:
        return {}


def proposal_for(services: Services, draft: Draft, stage_name: str) -> catalogue.Proposal | None:
    """What a preset has for this stage on the base that was chosen, or on models of its size."""
    return catalogue.proposal(
        draft.method, stage_name, base_of(services, draft), **_how(services, draft, stage_name)
    )


def proposed_values(services: Services, draft: Draft, stage_name: str) -> dict[str, Any]:
    """Every value that a stage would start with."""
    base = base_of(services, draft)
    return catalogue.proposed_values(draft.method, stage_name, base, **_how(services, draft, stage_name))


def edited(draft: Draft, group: Group) -> dict[str, Any]:
    """The settings that were touched, as values."""
    kept = draft.settings.get(group.name, {})
    fields = {field.name: field for field in read_fields(group.kind.settings)}
    return {name: fields[name].read(value) if name in fields else value for name, value in kept.items()}


def dataset_of(services: Services, draft: Draft, stage_name: str) -> str:
    """The dataset chosen for a stage, else the preset's, else empty."""
    found = proposal_for(services, draft, stage_name)
    return draft.data.get(stage_name) or str(found.values.get("data", "") if found else "")


def effective_settings(services: Services, draft: Draft, stage_name: str) -> dict[str, Any]:
    """The settings that a stage would run with: defaults, the preset's, and what was changed."""
    group = next(group for group in groups_of(draft) if group.name == stage_name)
    return proposed_values(services, draft, stage_name) | edited(draft, group)


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
            "options": dict(draft.options),
            "review": draft.review,
            "stages": {group.name: _settings_of(services, draft, group) for group in groups_of(draft)},
        }
    )
    return spec if spec.title else spec.model_copy(update=_proposed_title(services, spec))


def proposed_title(services: Services, draft: Draft) -> str:
    """What the pipeline is called if nobody names it."""
    try:
        return spec_of(services, draft.model_copy(update={"title": "", "seed": 0})).title
    except InvalidPipeline:
        return catalogue.method(draft.method).title


def tidy(services: Services, draft: Draft) -> Draft:
    """Without settings that are as proposed, or that come with weights that are continued."""
    kept = dict(draft.settings)
    for group in groups_of(draft):
        proposed = proposed_values(services, draft, group.name)
        locked = inherited(services, draft, group.link)
        kept[group.name] = {
            name: draft.settings[group.name][name]
            for name, value in edited(draft, group).items()
            if name not in locked
            and (name not in proposed or value != proposed[name] or _chooses(name, value))
        }
    return draft.model_copy(update={"settings": kept})


def changes_of(services: Services, draft: Draft) -> tuple[Change, ...]:
    """Every setting that is not as proposed."""
    return tuple(change for group in groups_of(draft) for change in _changes(services, draft, group))


def source_of(found: catalogue.Proposal | None, name: str) -> str:
    """Where a proposed value comes from: "preset lantern-dpo", or empty for a default."""
    return f"preset {found.preset}" if found and name in found.values else ""


def _how(services: Services, draft: Draft, stage_name: str) -> Circumstances:
    return {
        "options": draft.options,
        "parameters": _parameters(services, draft),
        "tuning": _tuning(draft, stage_name),
    }


def _parameters(services: Services, draft: Draft) -> int | None:
    try:
        return services.models.describe(base_of(services, draft)).parameters
    except RlftError:
        return None


def _tuning(draft: Draft, stage_name: str) -> Tuning:
    """How a stage's weights are trained: as it says, or as those that it continues. A stage that trains none goes with
    the pipeline's others."""
    links = links_of(draft)
    full = {link.name for link in links if draft.settings.get(link.name, {}).get("tuning") == "full"}
    link = next((link for link in links if link.name == stage_name), None)
    if link is not None and "tuning" not in catalogue.stage(link.stage).settings.model_fields:
        return "full" if full else "lora"
    while link is not None:
        if link.name in full:
            return "full"
        link = None if link.parent is None else links[link.parent]
    return "lora"


def _chooses(name: str, value: Any) -> bool:
    """The choice that proposals depend on; it is never taken for one of them."""
    return name == "tuning" and value == "full"


def _shape(values: Mapping[str, Any], link: catalogue.StageLink) -> dict[str, Any]:
    """The shape of weights as far as the stage has settings for it."""
    own = catalogue.stage(link.stage).settings.model_fields
    return {name: value for name, value in values.items() if name in ADAPTER_SHAPE and name in own}


def _settings_of(services: Services, draft: Draft, group: Group) -> dict[str, Any]:
    found = proposal_for(services, draft, group.name)
    values = {**(found.values if found else {}), **edited(draft, group)}
    elsewhere = {"data", *inherited(services, draft, group.link)}
    if group.link.reward is not None:
        elsewhere.add("reward_model")
    values = {name: value for name, value in values.items() if name not in elsewhere}
    data = {"data": dataset_of(services, draft, group.name)} if group.takes_data else {}
    return data | values


def _changes(services: Services, draft: Draft, group: Group) -> list[Change]:
    found, values = proposal_for(services, draft, group.name), edited(draft, group)
    proposed = proposed_values(services, draft, group.name)
    return [
        Change(
            stage=group.title,
            title=field.title,
            value=field.written(values[field.name]),
            proposed=field.written(proposed.get(field.name, field.default)),
            source=source_of(found, field.name) or "the default",
        )
        for field in read_fields(group.kind.settings)
        if field.name in values and values[field.name] != proposed.get(field.name, field.default)
    ]


def _proposed_title(services: Services, spec: PipelineSpec) -> dict[str, str]:
    """A shipped preset's title for exactly that preset, else method and model."""
    for preset in catalogue.presets():
        if preset.spec.model_copy(update={"title": "", "about": ""}) == spec.model_copy(update={"about": ""}):
            return {"title": preset.spec.title, "about": preset.spec.about}
    return {"title": f"{catalogue.method(spec.method).title} on {_model_name(services, spec)}"[:80]}


def _model_name(services: Services, spec: PipelineSpec) -> str:
    if spec.start_from:
        return spec.start_from
    try:
        return services.models.describe(spec.base).title
    except RlftError:
        return spec.base or "an unnamed model"


def _start_of(base: str) -> StartKind:
    if base == LANTERN:
        return "lantern"
    is_path = base.startswith(("/", "~", ".")) or "\\" in base
    return "folder" if is_path else "hub"
