"""What a person has answered so far in the wizard. It lives in the browser and becomes a pipeline at the end.

A draft keeps only what differs from what is proposed, so a proposal that gets better reaches drafts that were
begun before. Nothing here is stored on the server. What follows from a draft is worked out in resolved.py.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.services.pipelines import catalogue

#: The group of settings that stand for the pipeline's measure; no stage is called so.
MEASURE = "measure"

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

    @field_validator("seed", "options", "settings", mode="before")
    @classmethod
    def _number_beyond_browsers_is_text(cls, value: Any) -> Any:
        return _held_exactly(value)

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


#: The largest whole number that a browser holds exactly. Gradio answers with nothing at all where one has over 64 bits.
_LARGEST = 2**53


def _held_exactly(value: Any) -> Any:
    """With whole numbers that browsers cannot hold as their digits, which a sentence can still name."""
    if isinstance(value, Mapping):
        return {name: _held_exactly(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_held_exactly(one) for one in value]
    return str(value) if isinstance(value, int) and abs(value) > _LARGEST else value


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
    start: StartKind = "run" if spec.start_from else start_of(spec.base)
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
        settings={
            **{name: {k: v for k, v in values.items() if k != "data"} for name, values in named.items()},
            **({MEASURE: spec.measure} if spec.measure else {}),
        },
    )


def with_method(draft: Draft, name: str) -> Draft:
    """The draft with another method as it is proposed: a run that is continued needs no warm-up."""
    skip = catalogue.warm_ups(catalogue.method(name), {}) if draft.start == "run" else ()
    return draft.model_copy(update={"method": name, "skip": skip, "options": {}, "review": False})


def links_of(draft: Draft) -> tuple[catalogue.StageLink, ...]:
    """The stages that will run, in order, with what each takes from earlier ones; none without a method."""
    if not draft.method:
        return ()
    chosen, options = catalogue.method(draft.method), dict(draft.options)
    kept: dict[str, dict[str, Any]] = {
        link.name: {} for link in chosen.plan(options) if link.name not in draft.skip
    }
    return chosen.unfold(PipelineSpec(method=draft.method, options=options, stages=kept))


def groups_of(links: tuple[catalogue.StageLink, ...]) -> tuple[Group, ...]:
    """The stages that settings and data are given for, in order."""
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


def start_of(base: str) -> StartKind:
    """What a person chooses who means this base; Lantern where none is named."""
    if base in (LANTERN, ""):
        return "lantern"
    is_path = base.startswith(("/", "~", ".")) or "\\" in base
    return "folder" if is_path else "hub"
