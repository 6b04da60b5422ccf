"""A draft with all that follows from it, each worked out once: base, stages, proposals, values and the pipeline.

One is made per request; every step is shown from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotFound, RlftError
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.services.models.service import ModelCard
from rlft_gui.services.pipelines import catalogue, specs
from rlft_gui.services.pipelines.planning import ADAPTER_SHAPE
from rlft_gui.services.pipelines.sizes import Tuning
from rlft_gui.ui.components.fields import Field, read_fields
from rlft_gui.ui.pages.new.draft import MEASURE, Draft, Group, groups_of, links_of
from rlft_gui.ui.pages.new.payloads import ChangedSetting

Values = Mapping[str, Any]


@dataclass(frozen=True)
class ResolvedDraft:
    """Mappings are by the name of a stage in the pipeline."""

    services: Services
    draft: Draft

    @cached_property
    def continued(self) -> Run | None:
        """The run that is continued; None if none is, or if it is gone."""
        if self.draft.start != "run" or not self.draft.run:
            return None
        try:
            run_id = ModelRef.parse(self.draft.run).run_id
            return self.services.runs.get(run_id) if run_id else None
        except (InvalidInput, NotFound):
            return None

    @cached_property
    def base(self) -> str:
        """The base model as a pipeline names it; empty while nothing is given, or if the run is gone."""
        match self.draft.start:
            case "lantern":
                return LANTERN
            case "folder":
                return self.draft.folder.strip()
            case "hub":
                return self.draft.hub.strip()
        return self.continued.base if self.continued else ""

    @cached_property
    def base_problem(self) -> str | None:
        """Why the base that is given cannot be used, as a sentence."""
        return self.services.models.check(self.base) if self.base else None

    @cached_property
    def card(self) -> ModelCard | None:
        """What is known of the base."""
        try:
            return self.services.models.describe(self.base)
        except RlftError:
            return None

    @cached_property
    def links(self) -> tuple[catalogue.StageLink, ...]:
        """The stages that will run, in order, with what each takes from earlier ones; none without a method."""
        return links_of(self.draft)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The stages that settings and data are given for, in order."""
        return groups_of(self.links)

    @property
    def takers(self) -> tuple[Group, ...]:
        """Those of them that a person gives data."""
        return tuple(group for group in self.groups if group.takes_data)

    @cached_property
    def proposals(self) -> dict[str, catalogue.Proposal | None]:
        """What a preset has for each stage on the base that was chosen, or on models of its size."""
        parameters = self.card.parameters if self.card else None
        return {
            group.name: catalogue.proposal(
                self.draft.method,
                group.name,
                self.base,
                options=self.draft.options,
                parameters=parameters,
                tuning=self._tuning(group),
            )
            for group in self.groups
        }

    @cached_property
    def proposed(self) -> dict[str, Values]:
        """Every value that each stage would start with."""
        method, options = self.draft.method, self.draft.options
        return {
            name: catalogue.starting_values(method, name, options, found)
            for name, found in self.proposals.items()
        }

    @cached_property
    def fields(self) -> dict[str, tuple[Field, ...]]:
        return {group.name: read_fields(group.kind.settings) for group in self.groups}

    @cached_property
    def edited(self) -> dict[str, Values]:
        """The settings that were touched, as values."""
        return {group.name: self._edited(group.name) for group in self.groups}

    @cached_property
    def measure(self) -> Values:
        """By what the pipeline is judged, as far as it is not as it would be anyway."""
        fields = {field.name: field for field in read_fields(catalogue.MeasureSettings)}
        kept = {
            name: fields[name].read(value) if name in fields else value
            for name, value in self.draft.settings.get(MEASURE, {}).items()
        }
        return {
            name: value for name, value in kept.items() if name not in fields or value != fields[name].default
        }

    @cached_property
    def inherited(self) -> dict[str, Values]:
        """The shape of the weights that each stage goes on with: that of an earlier stage, or of the run that the
        pipeline starts from. Empty for a stage that makes new ones."""
        return {group.name: self._inherited(group.link) for group in self.groups}

    def effective(self, name: str) -> dict[str, Any]:
        """The settings that a stage would run with: defaults, the preset's, and what was changed."""
        return {**self.proposed[name], **self.edited[name]}

    def dataset(self, name: str) -> str:
        """The dataset chosen for a stage, else the preset's, else empty."""
        found = self.proposals.get(name)
        return self.draft.data.get(name) or str(found.values.get("data", "") if found else "")

    @cached_property
    def spec(self) -> PipelineSpec:
        """The pipeline that these answers describe.

        Raises:
            InvalidPipeline: no method is chosen, or a value does not have the shape that a pipeline needs.
        """
        return self._titled(self._spec(self.draft.title, self.draft.seed))

    @cached_property
    def spec_or_none(self) -> PipelineSpec | None:
        try:
            return self.spec
        except InvalidPipeline:
            return None

    @cached_property
    def proposed_title(self) -> str:
        """What the pipeline is called if nobody names it."""
        try:
            return self._titled(self._spec("", 0)).title
        except InvalidPipeline:
            return catalogue.method(self.draft.method).title

    @cached_property
    def changes(self) -> tuple[ChangedSetting, ...]:
        """Every setting that is not as proposed."""
        return tuple(change for group in self.groups for change in self._changes(group))

    def tidy(self) -> Draft:
        """Without settings that are as proposed, or that come with weights that are continued."""
        kept = dict(self.draft.settings)
        for name, values in self.edited.items():
            kept[name] = {
                setting: self.draft.settings[name][setting]
                for setting, value in values.items()
                if setting not in self.inherited[name] and self._differs(name, setting, value)
            }
        return self.draft.model_copy(update={"settings": kept})

    def _differs(self, name: str, setting: str, value: Any) -> bool:
        # The choice that proposals depend on is never taken for one of them.
        chooses = setting == "tuning" and value == "full"
        proposed = self.proposed[name]
        return chooses or setting not in proposed or value != proposed[setting]

    def _edited(self, name: str) -> Values:
        fields = {field.name: field for field in self.fields[name]}
        kept = self.draft.settings.get(name, {})
        return {key: fields[key].read(value) if key in fields else value for key, value in kept.items()}

    def _inherited(self, link: catalogue.StageLink) -> Values:
        if link.parent is not None:
            parent = self.links[link.parent]
            if parent.name == link.name:
                return {}
            return _shape(self._inherited(parent) or self.effective(parent.name), link)
        return _shape(self.continued.recipe.settings, link) if self.continued else {}

    def _tuning(self, group: Group) -> Tuning:
        """How a stage's weights are trained: as it says, or as those that it continues. A stage that trains none goes
        with the pipeline's others."""
        settings = self.draft.settings
        full = {link.name for link in self.links if settings.get(link.name, {}).get("tuning") == "full"}
        if "tuning" not in group.kind.settings.model_fields:
            return "full" if full else "lora"
        link: catalogue.StageLink | None = group.link
        while link is not None:
            if link.name in full:
                return "full"
            link = None if link.parent is None else self.links[link.parent]
        return "lora"

    def _spec(self, title: str, seed: Any) -> PipelineSpec:
        draft = self.draft
        return specs.parse(
            {
                "title": title,
                "about": draft.about,
                "method": draft.method or None,
                "base": self.base,
                "start_from": draft.run or None if draft.start == "run" else None,
                "seed": seed,
                "options": dict(draft.options),
                "review": draft.review,
                "measure": self.measure,
                "stages": {group.name: self._settings(group) for group in self.groups},
            }
        )

    def _settings(self, group: Group) -> dict[str, Any]:
        found = self.proposals[group.name]
        values = {**(found.values if found else {}), **self.edited[group.name]}
        elsewhere = {"data", *self.inherited[group.name]}
        if group.link.reward is not None:
            elsewhere.add("reward_model")
        data = {"data": self.dataset(group.name)} if group.takes_data else {}
        return data | {name: value for name, value in values.items() if name not in elsewhere}

    def _titled(self, spec: PipelineSpec) -> PipelineSpec:
        """A shipped preset's title for exactly that preset, else method and model."""
        if spec.title:
            return spec
        for preset in catalogue.presets():
            bare = preset.spec.model_copy(update={"title": "", "about": ""})
            if bare == spec.model_copy(update={"about": ""}):
                return spec.model_copy(update={"title": preset.spec.title, "about": preset.spec.about})
        title = f"{catalogue.method(spec.method).title} on {self._model_name(spec)}"[:80]
        return spec.model_copy(update={"title": title})

    def _model_name(self, spec: PipelineSpec) -> str:
        if spec.start_from:
            return spec.start_from
        return self.card.title if self.card else spec.base or "an unnamed model"

    def _changes(self, group: Group) -> list[ChangedSetting]:
        values, proposed = self.edited[group.name], self.proposed[group.name]
        return [
            ChangedSetting(
                stage=group.title,
                title=field.title,
                value=field.written(values[field.name]),
                proposed=field.written(proposed.get(field.name, field.default)),
                source=source_of(self.proposals[group.name], field.name) or "the default",
            )
            for field in self.fields[group.name]
            if field.name in values and values[field.name] != proposed.get(field.name, field.default)
        ]


def source_of(found: catalogue.Proposal | None, name: str) -> str:
    """Where a proposed value comes from: "preset lantern-dpo", or empty for a default."""
    return f"preset {found.preset}" if found and name in found.values else ""


def draft_of_launched(services: Services, draft: Draft) -> Draft:
    """The draft that leads to what a launched pipeline, whose `draft_of` it is, ran with: a setting that it left at its
    default stays there, whatever is proposed by now."""
    resolved = ResolvedDraft(services, draft)
    kept = {group.name: _as_it_ran(resolved, group) for group in resolved.groups}
    return draft.model_copy(update={"settings": {**draft.settings, **kept}})


def _as_it_ran(resolved: ResolvedDraft, group: Group) -> dict[str, Any]:
    found, fields = resolved.proposals[group.name], group.kind.settings.model_fields
    named = resolved.draft.settings.get(group.name, {})
    left = [name for name in (found.values if found else {}) if name in fields and name not in named]
    defaults = {name: fields[name].get_default(call_default_factory=True) for name in left if name != "data"}
    asked = {name: group.link.defaults[name] for name in left if name in group.link.defaults}
    return {**defaults, **asked, **named}


def _shape(values: Values, link: catalogue.StageLink) -> dict[str, Any]:
    """The shape of weights as far as the stage has settings for it."""
    own = catalogue.stage(link.stage).settings.model_fields
    return {name: value for name, value in values.items() if name in ADAPTER_SHAPE and name in own}
