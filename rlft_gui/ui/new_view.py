"""What the wizard shows for a draft, and which draft and step an address asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.domain.errors import NotFound, RlftError
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services, catalogue
from rlft_gui.ui.form import Update
from rlft_gui.ui.json_text import json_text
from rlft_gui.ui.new_data import StageData, data_problem, show_data
from rlft_gui.ui.new_draft import Draft, changes_of, dataset_of, draft_of, stages_of
from rlft_gui.ui.new_method import show_method
from rlft_gui.ui.new_model import ModelStep, model_problem, short_name, show_model
from rlft_gui.ui.new_review import DATA, METHOD, MODEL, REVIEW, SETTINGS, ReviewStep, show_review
from rlft_gui.ui.new_settings import SettingsStep, show_settings

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
    data: tuple[StageData, ...]
    settings: SettingsStep
    review: ReviewStep

    @property
    def data_outputs(self) -> list[Any]:
        return [output for group in self.data for output in group.outputs]

    @property
    def everything(self) -> list[Any]:
        """All that `show` sets, in its order."""
        return [
            self.draft,
            self.state,
            self.walk,
            *self.model.outputs,
            self.method,
            *self.data_outputs,
            *self.settings.outputs,
            *self.review.outputs,
            self.forwards[REVIEW],
        ]


def show(services: Services, wizard: Wizard, draft: Draft, step: int, notice: str = "") -> list[Any]:
    """Updates for `wizard.everything` that open this step; components of other steps are left alone."""
    return [
        draft.model_dump(mode="json"),
        json_text(
            {"notice": notice, "step": step, "method": draft.method, "labels": _labels(services, draft, step)}
        ),
        gr.Walkthrough(selected=step),
        *_at(step, MODEL, wizard.model.outputs, lambda: show_model(services, draft)),
        *_at(step, METHOD, [wizard.method], lambda: [show_method(draft)]),
        *_at(step, DATA, wizard.data_outputs, lambda: show_data(services, draft, wizard.data)),
        *_at(
            step, SETTINGS, wizard.settings.outputs, lambda: show_settings(services, draft, wizard.settings)
        ),
        *_at(step, REVIEW, wizard.review.outputs, lambda: show_review(services, draft)),
        _launch_label(draft),
    ]


def from_address(services: Services, query: Mapping[str, str], draft: Draft) -> tuple[Draft, int, str]:
    """The draft and the step that a link asks for, and a sentence if it asks for what is not there."""
    step = int(query["step"]) if query.get("step") in ("1", "2", "3", "4", "5") else MODEL
    if "fresh" in query:
        return Draft(), MODEL, ""
    try:
        if "clone" in query:
            return draft_of(services.runs.clone(query["clone"])), SETTINGS, ""
        if "preset" in query:
            return draft_of(_preset(query["preset"])), REVIEW, ""
    except RlftError as refusal:
        return draft, MODEL, str(refusal)
    wanted = query.get("method")
    if wanted in {method.name for method in catalogue.METHODS} and wanted != draft.method:
        return draft.model_copy(update={"method": wanted, "skip": ()}), step, ""
    return draft, step, ""


def furthest(services: Services, draft: Draft) -> int:
    """The first step that still lacks an answer; later ones cannot be opened."""
    if model_problem(services, draft):
        return MODEL
    if not draft.method:
        return METHOD
    taking = [stage for stage in stages_of(draft) if stage.data is not None]
    if any(data_problem(services, stage, dataset_of(services, draft, stage.name)) for stage in taking):
        return DATA
    return REVIEW


def _preset(name: str) -> PipelineSpec:
    """The shipped pipeline of that name; a link never names a file."""
    for preset in catalogue.presets():
        if preset.name == name:
            return preset.spec
    known = ", ".join(preset.name for preset in catalogue.presets())
    raise NotFound(f'There is no preset "{name}". Presets: {known}.')


def _at(step: int, mine: int, outputs: Sequence[Any], show: Callable[[], list[Update]]) -> list[Any]:
    return show() if step == mine else [gr.skip() for _ in outputs]


def _labels(services: Services, draft: Draft, step: int) -> list[list[str]]:
    """Name and value of every step; only done ones have a value. Gradio's own labels miss updates of closed steps."""
    stages = stages_of(draft)
    changed = len(changes_of(services, draft))
    values = [
        short_name(services, draft),
        catalogue.method(draft.method).title if draft.method else "",
        "1 dataset" if len(stages) == 1 else f"{len(stages)} datasets",
        f"{changed} changed" if changed else "as proposed",
        "",
    ]
    done = (value if number < step else "" for number, value in enumerate(values, start=1))
    return [[name, value] for name, value in zip(NAMES, done, strict=True)]


def _launch_label(draft: Draft) -> Update:
    count = len(stages_of(draft))
    return gr.update(value=f"Launch {count} stage{'' if count == 1 else 's'}" if count else "Launch")
