"""The wizard's fourth step: every setting of every stage, with a proposed value and where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.domain.errors import NotFound, Problem
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services, catalogue
from rlft_gui.services.planning import ADAPTER_SHAPE
from rlft_gui.services.settings import settings_problems
from rlft_gui.ui.form import Form, Update, build_form
from rlft_gui.ui.json_text import json_text
from rlft_gui.ui.new_draft import Draft, base_of, effective_settings, proposal_for, stages_of
from rlft_gui.ui.new_model import model_title
from rlft_gui.ui.parts import part

PIPELINE_FIELDS = ("title", "seed")


@dataclass(frozen=True)
class StageSettings:
    """The fields of one stage, under a heading that says where the proposed values come from."""

    stage: catalogue.Stage
    box: gr.Column
    heading: gr.HTML
    form: Form


@dataclass(frozen=True)
class SettingsStep:
    """The fields of the pipeline itself, then one group per stage."""

    pipeline: Form
    groups: tuple[StageSettings, ...]

    @property
    def inputs(self) -> list[Any]:
        return [*self.pipeline.components, *(c for group in self.groups for c in group.form.components)]

    @property
    def outputs(self) -> list[Any]:
        frames = [piece for group in self.groups for piece in (group.box, group.heading)]
        return [*self.inputs, *frames]


def build_settings_step() -> SettingsStep:
    with gr.Column(elem_classes="rl-card-box rl-settings"):
        part("box-title", {"title": "This pipeline", "sub": ""}, scripts=("js/new.js",))
        with gr.Column(elem_classes="rl-fields"):
            pipeline = build_form("pipeline", PipelineSpec, only=PIPELINE_FIELDS)
    return SettingsStep(pipeline, tuple(_build_group(stage) for stage in catalogue.STAGES))


def show_settings(services: Services, draft: Draft, step: SettingsStep) -> list[Update]:
    used = {stage.name for stage in stages_of(draft)}
    fields = step.pipeline.fill({"title": draft.title, "seed": draft.seed})
    frames: list[Update] = []
    for group in step.groups:
        found = proposal_for(services, draft, group.stage.name)
        fields += group.form.fill(
            draft.settings.get(group.stage.name, {}),
            found.values if found else {},
            found.preset if found else "",
            locked=_inherited(services, draft, group.stage),
        )
        frames += [
            gr.update(visible=group.stage.name in used),
            json_text(_heading(group.stage, found)),
        ]
    return [*fields, *frames]


def judge_settings(
    services: Services, draft: Draft, step: SettingsStep, shown: Sequence[Any]
) -> list[Update]:
    """One verdict per field; the sentence says what was found and what to take instead."""
    pipeline, stages = _split(step, shown)
    verdicts = step.pipeline.judge(_pipeline_sentences(pipeline))
    used = {stage.name for stage in stages_of(draft)}
    for group, values in zip(step.groups, stages, strict=True):
        sentences = _sentences(services, draft, group, values) if group.stage.name in used else {}
        verdicts += group.form.judge(sentences)
    return verdicts


def read_settings(services: Services, draft: Draft, step: SettingsStep, shown: Sequence[Any]) -> Draft:
    """The draft with the settings that differ from what is proposed."""
    pipeline, stages = _split(step, shown)
    edited = dict(draft.settings)
    for group, values in zip(step.groups, stages, strict=True):
        if group.stage in stages_of(draft):
            edited[group.stage.name] = _edited(services, draft, group, values)
    return draft.model_copy(
        update={"title": pipeline["title"] or "", "seed": pipeline["seed"], "settings": edited}
    )


def _build_group(stage: catalogue.Stage) -> StageSettings:
    with gr.Column(visible=False, elem_classes="rl-card-box rl-settings") as box:
        heading = part("box-title", _heading(stage, None), scripts=("js/new.js",))
        with gr.Column(elem_classes="rl-fields"):
            form = build_form(stage.name, stage.settings)
    return StageSettings(stage, box, heading, form)


def _heading(stage: catalogue.Stage, found: catalogue.Proposal | None) -> dict[str, str]:
    source = f"proposed values from preset {found.preset}" if found else "proposed values are the defaults"
    return {"title": stage.title, "sub": source}


def _inherited(services: Services, draft: Draft, stage: catalogue.Stage) -> dict[str, Any]:
    """The shape of the adapter that this stage goes on with: that of an earlier stage, or of the run it starts from.
    Empty for a stage that makes a new adapter."""
    parent = _parent(draft, stage)
    if parent is not None:
        return _inherited(services, draft, parent) or _shape(effective_settings(services, draft, parent.name))
    if draft.start != "run" or not draft.run:
        return {}
    try:
        return _shape(services.runs.get(draft.run.partition("@")[0]).recipe.settings)
    except NotFound:
        return {}


def _parent(draft: Draft, stage: catalogue.Stage) -> catalogue.Stage | None:
    links = catalogue.method(draft.method).plan({}) if draft.method else ()
    parents = {link.stage: links[link.parent].stage for link in links if link.parent is not None}
    return next((used for used in stages_of(draft) if used.name == parents.get(stage.name)), None)


def _shape(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in ADAPTER_SHAPE}


def _split(step: SettingsStep, shown: Sequence[Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The flat list of component values as settings per form."""
    values, at = [], 0
    for form in (step.pipeline, *(group.form for group in step.groups)):
        values.append(form.read(shown[at : at + len(form.fields)]))
        at += len(form.fields)
    return values[0], values[1:]


def _pipeline_sentences(values: dict[str, Any]) -> dict[str, str]:
    problems = settings_problems(
        PipelineSpec, {"method": "any", **values}, path="pipeline", title="most pipelines"
    )
    return {problem.field.rpartition(".")[2]: problem.message for problem in problems}


def _sentences(
    services: Services, draft: Draft, group: StageSettings, values: dict[str, Any]
) -> dict[str, str]:
    found = proposal_for(services, draft, group.stage.name)
    problems = settings_problems(
        group.stage.settings,
        {"data": "chosen in the step before", **values},
        path=group.stage.name,
        title=f"{group.stage.title} on {model_title(services, draft)}",
        proposed=found.values if found else None,
        source="the preset",
    )
    return {_field_of(problem, group): problem.message for problem in problems}


def _field_of(problem: Problem, group: StageSettings) -> str:
    """The field beside which a sentence stands; a rule over several fields stands at the one that it names first."""
    name = problem.field.rpartition(".")[2]
    if name in {field.name for field in group.form.fields}:
        return name
    said = problem.message.lower()
    named = {said.find(field.title.lower()): field.name for field in group.form.fields}
    return min(
        ((at, field) for at, field in named.items() if at >= 0), default=(0, group.form.fields[0].name)
    )[1]


def _edited(services: Services, draft: Draft, group: StageSettings, values: dict[str, Any]) -> dict[str, Any]:
    proposed = catalogue.proposed_values(draft.method, group.stage.name, base_of(services, draft))
    kept = _inherited(services, draft, group.stage)
    return {
        field.name: values[field.name]
        for field in group.form.fields
        if field.name not in kept and values[field.name] != proposed.get(field.name, field.default)
    }
