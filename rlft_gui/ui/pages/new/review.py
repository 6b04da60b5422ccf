"""The wizard's last step: what will run, word for word, and the button that starts it."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import UPLOADED
from rlft_gui.domain.errors import InvalidPipeline, Problem, RlftError
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue, specs
from rlft_gui.ui.components.fields import judging
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import Serve, part
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.data import data_problem
from rlft_gui.ui.pages.new.draft import (
    Draft,
    Group,
    changes_of,
    dataset_of,
    effective_settings,
    groups_of,
    spec_of,
)
from rlft_gui.ui.pages.new.method import NOTHING_CHOSEN
from rlft_gui.ui.pages.new.model import describe_model, model_problem
from rlft_gui.ui.pages.new.plan import option_facts, stages_view

MODEL, METHOD, DATA, SETTINGS, REVIEW = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class ReviewStep:
    summary: gr.HTML
    recipe: gr.Code
    command: gr.Code

    @property
    def outputs(self) -> list[Any]:
        return [self.summary, self.recipe, self.command]


class AskedAudit(Frozen):
    """What the part asks about the chat template: the base, and the datasets whose rows to try."""

    base: str
    datasets: tuple[str, ...]


def build_review_step(services: Services) -> ReviewStep:
    serves = [Serve("audit", AskedAudit, lambda asked, _user: _audited(services, asked))]
    with gr.Row(elem_classes="rl-halves"):
        with gr.Column():
            summary = part("review", module="pages/new/review.js", serves=serves, elem_id="review")
        with gr.Column():
            with gr.Column(elem_classes="rl-card-box rl-code"):
                recipe = gr.Code(
                    language="yaml",
                    interactive=False,
                    label="Recipe",
                    elem_id="recipe",
                    show_line_numbers=False,
                    wrap_lines=True,
                )
            with gr.Column(elem_classes="rl-card-box rl-code"):
                command = gr.Code(
                    language="shell",
                    interactive=False,
                    label="The same from a terminal",
                    elem_id="command",
                    show_line_numbers=False,
                    wrap_lines=True,
                    lines=1,
                )
    return ReviewStep(summary, recipe, command)


def show_review(services: Services, draft: Draft, refused: tuple[Problem, ...] = ()) -> list[Update]:
    """What would run. `refused` is what a launch was just refused for, beside what is wrong anyway."""
    problems = tuple(dict.fromkeys((*refused, *problems_of(services, draft))))
    spec = _spec_or_none(services, draft)
    return [
        json_text(_summary(services, draft, spec, problems)),
        gr.update(value=_yaml(services, spec) if spec else ""),
        gr.update(value=specs.command(spec) if spec else ""),
    ]


def show_launched(address: str) -> Update:
    """The summary part leads to the page of what was started."""
    return json_text({"go": address})


def problems_of(services: Services, draft: Draft) -> tuple[Problem, ...]:
    """Everything that stands in the way of a launch, each at its field."""
    if not draft.method:
        return (Problem("method", NOTHING_CHOSEN),)
    if problem := model_problem(services, draft):
        return (Problem("base", problem),)
    data = _data_problems(services, draft)
    try:
        others = services.launching.check(spec_of(services, draft))
    except InvalidPipeline as refusal:
        others = refusal.problems
    told = {problem.field for problem in data}
    return (*data, *(problem for problem in others if problem.field not in told))


def step_of(problem: Problem) -> int:
    """The step where that problem can be put right."""
    if problem.field in ("base", "start_from"):
        return MODEL
    if problem.field == "method" or problem.field.startswith("options"):
        return METHOD
    return DATA if problem.field.endswith(".data") else SETTINGS


def _data_problems(services: Services, draft: Draft) -> tuple[Problem, ...]:
    judged = (
        (group.name, data_problem(services, group.kind, dataset_of(services, draft, group.name)))
        for group in groups_of(draft)
        if group.takes_data
    )
    return tuple(Problem(f"stages.{name}.data", problem) for name, problem in judged if problem)


def _spec_or_none(services: Services, draft: Draft) -> PipelineSpec | None:
    try:
        return spec_of(services, draft)
    except InvalidPipeline:
        return None


def _summary(
    services: Services, draft: Draft, spec: PipelineSpec | None, problems: tuple[Problem, ...]
) -> dict[str, Any]:
    method = catalogue.method(draft.method) if draft.method else None
    return {
        "title": spec.title if spec else draft.title,
        "problems": [{"message": problem.message, "step": step_of(problem)} for problem in problems],
        "model": describe_model(services, draft),
        "method": {"title": method.title, "palette": method.palette} if method else None,
        "options": option_facts(draft) if method else [],
        "review": draft.review and any(group.kind.makes_data for group in groups_of(draft)),
        "stages": stages_view(draft),
        "data": [_dataset(services, draft, group) for group in groups_of(draft) if group.takes_data],
        "judged": [fact for group in groups_of(draft) for fact in _judged(services, draft, group)],
        "file": {"name": specs.file_name(spec), "text": _yaml(services, spec)} if spec else None,
        "changes": [vars(change) for change in changes_of(services, draft)],
        "audit": _to_audit(spec) if spec and not problems else None,
    }


def _to_audit(spec: PipelineSpec) -> dict[str, Any]:
    """What can be tried on the chat template now: rows that are there already."""
    named = (str(settings.get("data", "")) for settings in spec.stages.values())
    return {"base": spec.base, "datasets": list(dict.fromkeys(data for data in named if data))}


def _audited(services: Services, asked: AskedAudit) -> dict[str, Any]:
    found = services.auditing.audit(asked.base, asked.datasets)
    return found.model_dump() if found else {}


def _yaml(services: Services, spec: PipelineSpec) -> str:
    return specs.to_yaml(spec, specs.dataset_names(spec, services.datasets))


def _judged(services: Services, draft: Draft, group: Group) -> list[tuple[str, str, str]]:
    """By what a stage tells good from bad: its rewards, judge, rubric or principles, as far as it uses them."""
    values = effective_settings(services, draft, group.name)
    used = judging(group.kind.settings, values)
    return [(group.title, field.title.lower(), field.written(values[field.name])) for field in used]


def _dataset(services: Services, draft: Draft, group: Group) -> dict[str, Any]:
    chosen = dataset_of(services, draft, group.name)
    try:
        info = services.datasets.get(chosen) if chosen else None
    except RlftError:
        info = None
    if info is None:
        return {"stage": group.title, "name": "nothing chosen", "rows": None, "dropped": 0, "reasons": {}}
    return {
        "stage": group.title,
        "name": f"{info.name} ({info.id})" if info.id.startswith(UPLOADED) else info.name,
        "rows": info.rows,
        "dropped": info.dropped,
        "reasons": dict(info.drop_reasons),
    }
