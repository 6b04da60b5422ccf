"""What a method unfolds into: its stages in order with what each takes from earlier ones, and the method's own choices.

Data for components/plan.js, on the method step and on the review.
"""

from typing import Any

from rlft_gui.domain.dataset import DataType
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.ui.components.controls.payloads import FormField
from rlft_gui.ui.components.fields import Field, read_fields
from rlft_gui.ui.components.form import form_view
from rlft_gui.ui.components.rows.nouns import NOUNS
from rlft_gui.ui.pages.new.draft import Draft, links_of, title_of
from rlft_gui.ui.pages.new.payloads import MethodPlan, OptionalStage, PlannedStage

Links = tuple[catalogue.StageLink, ...]


def method_plan(draft: Draft) -> MethodPlan | None:
    """Options, stages and what can be left out, for the method of this draft."""
    if not draft.method:
        return None
    links = links_of(draft)
    return MethodPlan(
        options=_option_fields(draft),
        problems=option_sentences(draft),
        stages=planned_stages(links),
        optional=_optional(draft),
        generates_rows=any(catalogue.stage(link.stage).generates_rows for link in links),
    )


def planned_stages(links: Links) -> tuple[PlannedStage, ...]:
    """Every stage that will run."""
    repeated = {link.name for link in links if link.round}
    return tuple(
        PlannedStage.model_validate(
            {
                "title": title_of(link, links),
                "about": catalogue.stage(link.stage).about,
                "takes": _takes(link),
                "makes": _makes(link),
                "round": link.round + 1 if link.name in repeated else None,
            }
        )
        for link in links
    )


def option_sentences(draft: Draft) -> dict[str, str]:
    """What is wrong with the method's options, by field."""
    chosen = catalogue.method(draft.method)
    problems = settings_problems(chosen.options, draft.options, path="options", title=chosen.title)
    return {problem.field.rpartition(".")[2]: problem.message for problem in problems}


def option_facts(draft: Draft) -> list[tuple[str, str]]:
    """The method's options as names and values, for the review."""
    views = zip(read_fields(catalogue.method(draft.method).options), _option_fields(draft), strict=True)
    return [(field.title, _word(field, view.value)) for field, view in views]


def _option_fields(draft: Draft) -> tuple[FormField, ...]:
    fields = read_fields(catalogue.method(draft.method).options)
    offers = {field.name: [(choice, _word(field, choice)) for choice in field.choices] for field in fields}
    views = form_view(fields, draft.options, {}, offers=offers)
    return tuple(
        view.model_copy(update={"help": field.about}) for field, view in zip(fields, views, strict=True)
    )


def _word(field: Field, value: Any) -> str:
    """A choice as the screen calls it: by the stage of that name, if there is one."""
    titles = {kind.name: kind.title for kind in catalogue.STAGES}
    return titles.get(value, str(value).capitalize()) if field.kind == "choice" else field.written(value)


def _takes(link: catalogue.StageLink) -> list[tuple[str, int]]:
    found = {"weights": link.parent, "rows": link.data, "reward": link.reward}
    return [(role, position) for role, position in found.items() if position is not None]


def _makes(link: catalogue.StageLink) -> str:
    produces = catalogue.stage(link.stage).produces
    return NOUNS[produces][0] if isinstance(produces, DataType) else ""


def _optional(draft: Draft) -> tuple[OptionalStage, ...]:
    """Stages that may be left out, with what happens then."""
    chosen = catalogue.method(draft.method)
    warm_ups = catalogue.warm_ups(chosen, draft.options)
    start = "the run that is continued" if draft.start == "run" else "the base model as it is"
    links = chosen.plan(draft.options)
    other = "you name a finished reward model, or another reward, in the settings"
    return tuple(
        OptionalStage(
            name=link.name,
            title=title_of(link, links),
            without=f"training starts from {start}" if link.name in warm_ups else other,
        )
        for link in links
        if link.optional
    )
