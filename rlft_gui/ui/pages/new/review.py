"""The wizard's last step: what will run, word for word, and the button that starts it."""

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.domain.dataset import UPLOADED
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, Problem, RlftError
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services
from rlft_gui.services.models.auditing import AuditedData
from rlft_gui.services.pipelines import catalogue, specs
from rlft_gui.ui.components.fields import judging
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.data import data_problem
from rlft_gui.ui.pages.new.draft import MEASURE, Group
from rlft_gui.ui.pages.new.measure import judged_by
from rlft_gui.ui.pages.new.method import NOTHING_CHOSEN
from rlft_gui.ui.pages.new.model import known_model, model_problem
from rlft_gui.ui.pages.new.payloads import (
    AUDIT,
    ESTIMATE,
    AuditAsked,
    ChosenMethod,
    EstimateAsked,
    EstimateShown,
    JudgingSetting,
    Obstacle,
    RecipeFile,
    ReviewShown,
    ReviewStep,
    StageDataset,
    TemplateAudit,
)
from rlft_gui.ui.pages.new.plan import option_facts, planned_stages
from rlft_gui.ui.pages.new.resolved import ResolvedDraft

MODEL, METHOD, DATA, SETTINGS, REVIEW = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class ReviewParts:
    summary: gr.HTML
    recipe: gr.Code
    command: gr.Code

    @property
    def outputs(self) -> list[Any]:
        return [self.summary, self.recipe, self.command]


def build_review_step(services: Services) -> ReviewParts:
    def audit(asked: AuditAsked, user: str) -> TemplateAudit:
        return TemplateAudit(found=services.auditing.audit(asked.base, asked.data, user=user))

    def estimate(asked: EstimateAsked, _user: str) -> EstimateShown:
        spec = specs.parse(_data_of(asked.spec))
        return EstimateShown(found=services.estimating.estimate(spec, measures=asked.measures))

    with gr.Row(elem_classes="rl-halves"):
        with gr.Column():
            summary = part(
                "review",
                module="pages/new/review.js",
                serves=[serve(AUDIT, audit), serve(ESTIMATE, estimate)],
                elem_id="review",
            )
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
    return ReviewParts(summary, recipe, command)


def _data_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:  # also for a number of 5,000 digits
        raise InvalidInput(f"What is to be estimated is no JSON: {error}. Reload the page.") from None


def show_review(resolved: ResolvedDraft, refused: tuple[Problem, ...] = ()) -> list[Update]:
    """What would run. `refused` is what a launch was just refused for, beside what is wrong anyway."""
    problems = tuple(dict.fromkeys((*refused, *problems_of(resolved))))
    spec = resolved.spec_or_none
    return [
        json_text(ReviewShown(review=_review(resolved, problems))),
        gr.update(value=_yaml(resolved.services, spec) if spec else ""),
        gr.update(value=specs.command(spec) if spec else ""),
    ]


def show_launched(address: str) -> Update:
    """The summary part leads to the page of what was started."""
    return json_text(ReviewShown(go=address))


def problems_of(resolved: ResolvedDraft) -> tuple[Problem, ...]:
    """Everything that stands in the way of a launch, each at its field."""
    if not resolved.draft.method:
        return (Problem("method", NOTHING_CHOSEN),)
    if problem := model_problem(resolved):
        return (Problem("base", problem),)
    data = _data_problems(resolved)
    try:
        others = resolved.services.launching.check(resolved.spec)
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
    return DATA if problem.field.endswith(".data") or problem.field.startswith(MEASURE) else SETTINGS


def _data_problems(resolved: ResolvedDraft) -> tuple[Problem, ...]:
    judged = (
        (group.name, data_problem(resolved.services, group.kind, resolved.dataset(group.name)))
        for group in resolved.takers
    )
    return tuple(Problem(f"stages.{name}.data", problem) for name, problem in judged if problem)


def _review(resolved: ResolvedDraft, problems: tuple[Problem, ...]) -> ReviewStep:
    draft, spec = resolved.draft, resolved.spec_or_none
    method = catalogue.method(draft.method) if draft.method else None
    return ReviewStep(
        title=spec.title if spec else draft.title,
        problems=tuple(Obstacle(message=problem.message, step=step_of(problem)) for problem in problems),
        model=known_model(resolved),
        method=ChosenMethod(title=method.title, palette=method.palette) if method else None,
        options=tuple(option_facts(draft)) if method else (),
        review=draft.review and any(group.kind.generates_rows for group in resolved.groups),
        stages=planned_stages(resolved.links),
        data=tuple(_dataset(resolved, group) for group in resolved.takers),
        judged=(
            *(fact for group in resolved.groups for fact in _judged(resolved, group)),
            *judged_by(resolved),
        ),
        kept_out=resolved.services.launching.kept_out(spec) if spec else (),
        few_pairs=resolved.services.launching.few_pairs(spec) if spec else (),
        probing=_probing(resolved, spec) if spec else None,
        room=resolved.services.launching.room(spec) if spec else None,
        file=_file(resolved.services, spec) if spec else None,
        changes=resolved.changes,
        audit=_to_audit(resolved, spec) if spec and not problems else None,
        estimated=spec.model_dump_json() if spec and not problems else "",
    )


def _probing(resolved: ResolvedDraft, spec: PipelineSpec) -> float | None:
    probed = [
        link.stage
        for link in resolved.links
        if "probe_every" in catalogue.stage(link.stage).settings.model_fields
    ]
    return resolved.services.runs.probing_share(list(dict.fromkeys(probed)), spec.base)


def _file(services: Services, spec: PipelineSpec) -> RecipeFile:
    return RecipeFile(name=specs.file_name(spec), text=_yaml(services, spec))


def _to_audit(resolved: ResolvedDraft, spec: PipelineSpec) -> AuditAsked:
    """What can be tried on the chat template now: rows that are there already, under the limit of their stage."""
    context = resolved.card.context if resolved.card else None
    found: dict[str, AuditedData] = {}
    for name, settings in spec.stages.items():
        limit = resolved.effective(name).get("max_length")
        if (data := str(settings.get("data", ""))) and isinstance(limit, int):
            found.setdefault(data, AuditedData(dataset=data, longest=min(limit, context or limit)))
    return AuditAsked(base=spec.base, data=tuple(found.values()))


def _yaml(services: Services, spec: PipelineSpec) -> str:
    return specs.to_yaml(spec, specs.dataset_names(spec, services.datasets))


def _judged(resolved: ResolvedDraft, group: Group) -> list[JudgingSetting]:
    """By what a stage tells good from bad: its rewards, judge, rubric or principles, as far as it uses them."""
    values = resolved.effective(group.name)
    used = judging(group.kind.settings, values)
    return [
        JudgingSetting(stage=group.title, title=field.title.lower(), value=field.written(values[field.name]))
        for field in used
    ]


def _dataset(resolved: ResolvedDraft, group: Group) -> StageDataset:
    chosen = resolved.dataset(group.name)
    try:
        info = resolved.services.datasets.get(chosen) if chosen else None
    except RlftError:
        info = None
    if info is None:
        return StageDataset(stage=group.title, name="nothing chosen", rows=None, dropped=0, reasons={})
    return StageDataset(
        stage=group.title,
        name=f"{info.name} ({info.id})" if info.id.startswith(UPLOADED) else info.name,
        rows=info.rows,
        dropped=info.dropped,
        reasons=info.drop_reasons,
    )
