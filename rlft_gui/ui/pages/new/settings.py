"""The wizard's fourth step: every setting of every stage, with a proposed value and where it comes from.

One part that the browser draws. What is typed goes into the draft; Python says what is wrong with it, and what is
proposed once a choice changes that.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from rlft_gui.domain.errors import InvalidPipeline, Problem
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services
from rlft_gui.services.pipelines.planning import ADAPTER_SHAPE
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.ui.components.fields import Field, matters, read_fields
from rlft_gui.ui.components.form import CONTINUED, form_view
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft, Group
from rlft_gui.ui.pages.new.model import model_title
from rlft_gui.ui.pages.new.offers import Offers
from rlft_gui.ui.pages.new.payloads import (
    FILL_SETTINGS,
    VALIDATE_SETTINGS,
    Sentences,
    SettingsGroup,
    SettingsProblems,
    SettingsStep,
)
from rlft_gui.ui.pages.new.resolved import ResolvedDraft, source_of

PIPELINE = "pipeline"
PIPELINE_FIELDS = tuple(field for field in read_fields(PipelineSpec) if field.name in ("title", "seed"))


def build_settings_step(services: Services) -> gr.HTML:
    def fill(draft: Draft, _user: str) -> SettingsStep:
        return settings_step(ResolvedDraft(services, ResolvedDraft(services, draft).tidy()))

    def validate(draft: Draft, _user: str) -> SettingsProblems:
        return SettingsProblems(problems=validate_settings(ResolvedDraft(services, draft)))

    return part(
        "settings",
        module="pages/new/settings.js",
        serves=[serve(FILL_SETTINGS, fill), serve(VALIDATE_SETTINGS, validate)],
        elem_id="settings",
    )


def show_settings(resolved: ResolvedDraft, told: Sentences | None = None) -> Update:
    """The part's value; `told` are sentences to put beside fields, the first of which takes the focus."""
    return json_text(settings_step(resolved, told or {}))


def read_settings(draft: Draft, shown: str | None) -> Draft:
    """The draft with what the part holds."""
    held: dict[str, Any] = json.loads(shown or "null") or {}
    typed = held.get("draft", {})
    update = {name: typed[name] for name in ("title", "seed", "settings") if name in typed}
    return Draft.model_validate({**draft.model_dump(), **update})


def validate_settings(resolved: ResolvedDraft) -> Sentences:
    """What is wrong with each field, in sentences that say what was found and what to take instead."""
    told = {PIPELINE: _pipeline_sentences(resolved.draft)}
    told |= {group.name: _sentences(resolved, group) for group in resolved.groups}
    for problem in _problems_of_the_whole(resolved):
        _, _, where = problem.field.partition("stages.")
        name, _, field = where.partition(".")
        if name in told and field != "data" and not told[name]:
            told[name][field] = problem.message
    return {name: sentences for name, sentences in told.items() if sentences}


def settings_step(resolved: ResolvedDraft, told: Sentences | None = None) -> SettingsStep:
    offers = Offers(resolved.services, resolved.base)
    groups = (_group_view(resolved, group, offers) for group in resolved.groups)
    return SettingsStep(
        draft=resolved.draft,
        groups=(_pipeline_view(resolved), *groups),
        problems=told or {},
        reshaping=ADAPTER_SHAPE,
    )


def _pipeline_view(resolved: ResolvedDraft) -> SettingsGroup:
    draft = resolved.draft
    title, seed = form_view(PIPELINE_FIELDS, {"title": draft.title, "seed": draft.seed}, {})
    called = f"{title.help} Left empty, it is called {resolved.proposed_title}."
    fields = (title.model_copy(update={"help": called}), seed)
    return SettingsGroup(name=PIPELINE, title="This pipeline", sub="", fields=fields, matters={})


def _group_view(resolved: ResolvedDraft, group: Group, offers: Offers) -> SettingsGroup:
    fields, found = resolved.fields[group.name], resolved.proposals[group.name]
    return SettingsGroup(
        name=group.name,
        title=group.title,
        sub=_sub(resolved, group),
        fields=form_view(
            fields,
            resolved.edited[group.name],
            resolved.proposed[group.name],
            {field.name: source_of(found, field.name) for field in fields},
            {field.name: offers.of(field.kind) for field in fields},
            _locked(resolved, group),
        ),
        matters=matters(group.kind.settings),
    )


def _sub(resolved: ResolvedDraft, group: Group) -> str:
    """Where the proposed values come from, and whether anybody here ran them."""
    found = resolved.proposals[group.name]
    said = ["proposed values are the defaults"]
    if found:
        source = f", from {found.source}" if found.source else ""
        said = [
            f"proposed values from preset {found.preset}{source}{'' if found.tried else ', not run by us'}"
        ]
    if sum(link.name == group.name for link in resolved.links) > 1:
        said.append("the same in every round")
    return "; ".join(said)


def _locked(resolved: ResolvedDraft, group: Group) -> dict[str, tuple[Any, str]]:
    kept = resolved.inherited[group.name]
    locked: dict[str, tuple[Any, str]] = {name: (value, CONTINUED) for name, value in kept.items()}
    if group.link.reward is not None:
        locked["reward_model"] = ("", "This pipeline trains its own.")
    return locked


def _pipeline_sentences(draft: Draft) -> dict[str, str]:
    values = {"method": "any", "title": draft.title, "seed": draft.seed}
    problems = settings_problems(PipelineSpec, values, path=PIPELINE, title="most pipelines")
    return {problem.field.rpartition(".")[2]: problem.message for problem in problems}


def _sentences(resolved: ResolvedDraft, group: Group) -> dict[str, str]:
    found = resolved.proposals[group.name]
    values = resolved.effective(group.name) | {"data": "chosen in the step before"}
    problems = settings_problems(
        group.kind.settings,
        values | dict(resolved.inherited[group.name]),
        path=group.name,
        title=f"{group.title} on {model_title(resolved)}",
        proposed=found.values if found else None,
        source="the preset",
    )
    fields = resolved.fields[group.name]
    # Of several sentences for one field the first stays.
    return {_field_of(problem, fields): problem.message for problem in reversed(problems)}


def _problems_of_the_whole(resolved: ResolvedDraft) -> tuple[Problem, ...]:
    """What only shows once all stages stand together, such as a reward model that does not fit."""
    try:
        return resolved.services.launching.check(resolved.spec)
    except InvalidPipeline:
        return ()


def _field_of(problem: Problem, fields: Sequence[Field]) -> str:
    """The field beside which a sentence stands; a rule over several fields stands at the one that it names first."""
    name = problem.field.rpartition(".")[2]
    if name in {field.name for field in fields}:
        return name
    said = problem.message.lower()
    named: Mapping[int, str] = {said.find(field.title.lower()): field.name for field in fields}
    return min(((at, field) for at, field in named.items() if at >= 0), default=(0, fields[0].name))[1]
