"""What the wizard shows for a draft, and which draft and step an address asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.domain.errors import NotFound, RlftError
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.runs.labels import copy_of
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.data import Place, data_problem, show_data
from rlft_gui.ui.pages.new.draft import Draft, draft_of, with_method
from rlft_gui.ui.pages.new.measure import show_measure
from rlft_gui.ui.pages.new.method import method_problem, show_method
from rlft_gui.ui.pages.new.model import (
    ModelStep,
    model_problem,
    offered_presets,
    preset_list,
    short_name,
    show_model,
)
from rlft_gui.ui.pages.new.payloads import Sentences, WizardState
from rlft_gui.ui.pages.new.resolved import ResolvedDraft, draft_of_launched
from rlft_gui.ui.pages.new.review import DATA, METHOD, MODEL, REVIEW, SETTINGS, ReviewParts, show_review
from rlft_gui.ui.pages.new.settings import show_settings
from rlft_gui.ui.pages.new.votes import draft_of_votes

NAMES = ("Model", "Method", "Data", "Settings", "Review")


@dataclass(frozen=True)
class Wizard:
    """All components of the page. `state` is the part that keeps address and step names true and shows notices."""

    draft: gr.BrowserState
    state: gr.HTML
    walk: gr.Walkthrough
    backs: Mapping[int, gr.Button]
    forwards: Mapping[int, gr.Button]
    model: ModelStep
    method: gr.HTML
    data: tuple[Place, ...]
    measure: gr.HTML
    settings: gr.HTML
    review: ReviewParts

    @property
    def data_outputs(self) -> list[Any]:
        return [*(output for place in self.data for output in place.outputs), self.measure]

    @property
    def everything(self) -> list[Any]:
        """All that `show` sets, in its order."""
        return [
            self.draft,
            self.state,
            self.walk,
            *self.model.outputs,
            self.model.presets,
            self.method,
            *self.data_outputs,
            self.settings,
            *self.review.outputs,
            self.forwards[REVIEW],
        ]


def show(
    resolved: ResolvedDraft,
    wizard: Wizard,
    step: int,
    notice: str = "",
    told: Sentences | None = None,
    *,
    is_fine: bool = False,
) -> list[Any]:
    """Updates for `wizard.everything` that open this step; components of other steps are left alone. `told` are
    sentences for the fields of the settings; `is_fine`: the notice tells of nothing that went wrong."""
    draft = resolved.draft
    state = WizardState(
        notice=notice, is_fine=is_fine, step=step, method=draft.method, labels=_labels(resolved, step)
    )
    return [
        draft.model_dump(mode="json"),
        json_text(state),
        gr.Walkthrough(selected=step),
        *_at(step, MODEL, wizard.model.outputs, lambda: show_model(resolved)),
        # Not in the page's configuration, for it is as much as a fifth of the rest.
        *_at(step, MODEL, [wizard.model.presets], lambda: [json_text(preset_list())]),
        *_at(step, METHOD, [wizard.method], lambda: [show_method(draft)]),
        *_at(
            step,
            DATA,
            wizard.data_outputs,
            lambda: [*show_data(resolved, wizard.data), show_measure(resolved)],
        ),
        *_at(step, SETTINGS, [wizard.settings], lambda: [show_settings(resolved, told)]),
        *_at(step, REVIEW, wizard.review.outputs, lambda: show_review(resolved)),
        launch_label(resolved),
    ]


def from_address(
    services: Services, query: Mapping[str, str], draft: Draft, user: str = "local"
) -> tuple[Draft, int, str]:
    """The draft and the step that a link asks for, and a sentence if it asks for what is not there."""
    step = int(query["step"]) if query.get("step") in ("1", "2", "3", "4", "5") else MODEL
    if "fresh" in query:
        return Draft(), MODEL, ""
    try:
        if "clone" in query:
            return _clone(services, query["clone"]), DATA if "judge" in query else SETTINGS, ""
        if "preset" in query:
            return draft_of(_preset(query["preset"])), REVIEW, ""
        if "votes" in query:
            return _on_votes(services, query["votes"], query.get("method", ""), user)
    except RlftError as refusal:
        return draft, MODEL, str(refusal)
    wanted = query.get("method")
    if wanted in {method.name for method in catalogue.offered()} and wanted != draft.method:
        return with_method(draft, wanted), step, ""
    return draft, step, ""


def furthest(resolved: ResolvedDraft) -> int:
    """The first step that still lacks an answer; later ones cannot be opened."""
    if model_problem(resolved):
        return MODEL
    if method_problem(resolved.draft):
        return METHOD
    lacking = (
        data_problem(resolved.services, group.kind, resolved.dataset(group.name)) for group in resolved.takers
    )
    return DATA if any(lacking) else REVIEW


def _clone(services: Services, run_id: str) -> Draft:
    """What the run's pipeline ran with, under a title of its own, so that the two can be told apart."""
    spec = services.runs.clone(run_id)
    title = copy_of(spec.title or catalogue.method(spec.method).title, services.runs.titles())
    return draft_of_launched(services, draft_of(spec)).model_copy(update={"title": title})


def _on_votes(services: Services, name: str, method: str, user: str) -> tuple[Draft, int, str]:
    draft, found = draft_of_votes(services, name, method, user)
    if found.base:
        return draft, DATA, "\n".join(found.told)
    unknown = "Nobody here knows which model wrote the answers, so choose the one to train."
    return draft, MODEL, "\n".join((*found.told, unknown))


def _preset(name: str) -> PipelineSpec:
    """The shipped pipeline of that name; a link never names a file."""
    for preset in offered_presets():
        if preset.name == name:
            return preset.spec
    known = ", ".join(preset.name for preset in offered_presets())
    raise NotFound(f'There is no preset "{name}". Presets: {known}.')


def _at(step: int, mine: int, outputs: Sequence[Any], show: Callable[[], list[Update]]) -> list[Any]:
    return show() if step == mine else [gr.skip() for _ in outputs]


def _labels(resolved: ResolvedDraft, step: int) -> tuple[tuple[str, str], ...]:
    """Name and value of every step; only done ones have a value. Gradio's own labels miss updates of closed steps."""
    done = [value if number < step else "" for number, value in enumerate(_values(resolved, step), start=1)]
    return tuple(zip(NAMES, done, strict=True))


def _values(resolved: ResolvedDraft, step: int) -> list[str]:
    """What each step is answered with, as far as steps before this one are."""
    model = short_name(resolved) if step > MODEL else ""
    if not resolved.draft.method:
        return [model, "", "", "", ""]
    taking = len(resolved.takers)
    changed = len(resolved.changes) if step > SETTINGS else 0
    return [
        model,
        catalogue.method(resolved.draft.method).title,
        "1 dataset" if taking == 1 else f"{taking} datasets",
        f"{changed} changed" if changed else "as proposed",
        "",
    ]


def launch_label(resolved: ResolvedDraft) -> Update:
    """The last button as it can be pressed."""
    count = len(resolved.links)
    words = f"Launch {count} stage{'' if count == 1 else 's'}" if count else "Launch"
    return gr.update(value=words, interactive=True)
