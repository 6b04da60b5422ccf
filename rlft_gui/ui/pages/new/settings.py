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
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.planning import ADAPTER_SHAPE
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.ui.components.fields import Field, matters, read_fields
from rlft_gui.ui.components.form import CONTINUED, form_view
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import Serve, part
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import (
    Draft,
    Group,
    base_of,
    edited,
    groups_of,
    inherited,
    links_of,
    proposal_for,
    proposed_title,
    proposed_values,
    source_of,
    spec_of,
    tidy,
)
from rlft_gui.ui.pages.new.model import model_title
from rlft_gui.ui.pages.new.offers import Offers

PIPELINE = "pipeline"
PIPELINE_FIELDS = tuple(field for field in read_fields(PipelineSpec) if field.name in ("title", "seed"))
#: Stage → field → sentence.
Sentences = dict[str, dict[str, str]]


def build_settings_step(services: Services) -> gr.HTML:
    return part(
        "settings",
        module="pages/new/settings.js",
        serves=[
            Serve("validate_settings", Draft, lambda draft, _user: validate_settings(services, draft)),
            Serve("fill_settings", Draft, lambda draft, _user: _view(services, tidy(services, draft), {})),
        ],
        elem_id="settings",
    )


def show_settings(services: Services, draft: Draft, told: Sentences | None = None) -> Update:
    """The part's value; `told` are sentences to put beside fields, the first of which takes the focus."""
    return json_text(_view(services, draft, told or {}))


def read_settings(draft: Draft, shown: str | None) -> Draft:
    """The draft with what the part holds."""
    held: dict[str, Any] = json.loads(shown or "null") or {}
    typed = held.get("draft", {})
    update = {name: typed[name] for name in ("title", "seed", "settings") if name in typed}
    return Draft.model_validate({**draft.model_dump(), **update})


def validate_settings(services: Services, draft: Draft) -> Sentences:
    """What is wrong with each field, in sentences that say what was found and what to take instead."""
    told = {PIPELINE: _pipeline_sentences(draft)}
    told |= {group.name: _sentences(services, draft, group) for group in groups_of(draft)}
    for problem in _problems_of_the_whole(services, draft):
        _, _, where = problem.field.partition("stages.")
        name, _, field = where.partition(".")
        if name in told and field != "data" and not told[name]:
            told[name][field] = problem.message
    return {name: sentences for name, sentences in told.items() if sentences}


def _view(services: Services, draft: Draft, told: Sentences) -> dict[str, Any]:
    offers = Offers(services, base_of(services, draft))
    groups = [_group_view(services, draft, group, offers) for group in groups_of(draft)]
    return {
        "draft": draft.model_dump(mode="json"),
        "groups": [_pipeline_view(services, draft), *groups],
        "problems": told,
        "reshaping": list(ADAPTER_SHAPE),
    }


def _pipeline_view(services: Services, draft: Draft) -> dict[str, Any]:
    title, seed = form_view(PIPELINE_FIELDS, {"title": draft.title, "seed": draft.seed}, {})
    called = proposed_title(services, draft)
    return {
        "name": PIPELINE,
        "title": "This pipeline",
        "sub": "",
        "fields": [title | {"help": f"{title['help']} Left empty, it is called {called}."}, seed],
        "matters": {},
    }


def _group_view(services: Services, draft: Draft, group: Group, offers: Offers) -> dict[str, Any]:
    fields = read_fields(group.kind.settings)
    found = proposal_for(services, draft, group.name)
    return {
        "name": group.name,
        "title": group.title,
        "sub": _sub(draft, group, found),
        "fields": form_view(
            fields,
            edited(draft, group),
            proposed_values(services, draft, group.name),
            {field.name: source_of(found, field.name) for field in fields},
            {field.name: offers.of(field.kind) for field in fields},
            _locked(services, draft, group),
        ),
        "matters": matters(group.kind.settings),
    }


def _sub(draft: Draft, group: Group, found: catalogue.Proposal | None) -> str:
    """Where the proposed values come from, and whether anybody here ran them."""
    said = ["proposed values are the defaults"]
    if found:
        source = f", from {found.source}" if found.source else ""
        said = [
            f"proposed values from preset {found.preset}{source}{'' if found.tried else ', not run by us'}"
        ]
    if sum(link.name == group.name for link in links_of(draft)) > 1:
        said.append("the same in every round")
    return "; ".join(said)


def _locked(services: Services, draft: Draft, group: Group) -> dict[str, tuple[Any, str]]:
    kept = inherited(services, draft, group.link)
    locked: dict[str, tuple[Any, str]] = {name: (value, CONTINUED) for name, value in kept.items()}
    if group.link.reward is not None:
        locked["reward_model"] = ("", "This pipeline trains its own.")
    return locked


def _pipeline_sentences(draft: Draft) -> dict[str, str]:
    values = {"method": "any", "title": draft.title, "seed": draft.seed}
    problems = settings_problems(PipelineSpec, values, path=PIPELINE, title="most pipelines")
    return {problem.field.rpartition(".")[2]: problem.message for problem in problems}


def _sentences(services: Services, draft: Draft, group: Group) -> dict[str, str]:
    found = proposal_for(services, draft, group.name)
    values = proposed_values(services, draft, group.name) | edited(draft, group)
    problems = settings_problems(
        group.kind.settings,
        {**values, "data": "chosen in the step before"} | inherited(services, draft, group.link),
        path=group.name,
        title=f"{group.title} on {model_title(services, draft)}",
        proposed=found.values if found else None,
        source="the preset",
    )
    fields = read_fields(group.kind.settings)
    # Of several sentences for one field the first stays.
    return {_field_of(problem, fields): problem.message for problem in reversed(problems)}


def _problems_of_the_whole(services: Services, draft: Draft) -> tuple[Problem, ...]:
    """What only shows once all stages stand together, such as a reward model that does not fit."""
    try:
        return services.launching.check(spec_of(services, draft))
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
