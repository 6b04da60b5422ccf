"""The wizard's first step: which model to start from, and what is known about it before anything is launched."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.services import Services
from rlft_gui.services.models.smollm2 import SMOLLM2
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.contract import Served, serve
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.payloads import (
    GET_SMALL_MODEL,
    SMALL_MODEL,
    ContinuedRun,
    KnownModel,
    PresetGroup,
    PresetLink,
    PresetList,
    SmallModelShown,
)
from rlft_gui.ui.pages.new.resolved import ResolvedDraft

STARTS = (
    ("Lantern, the built-in model. Trains in seconds on any machine", "lantern"),
    ("A model in a folder on this machine, a GGUF file, or one that was added", "folder"),
    ("A model from the Hugging Face Hub", "hub"),
    ("A finished run of mine: its adapter is continued", "run"),
)
MISSING = {
    "folder": "No model is given. Name a folder or a GGUF file, for example /models/SmolLM2-360M-Instruct.",
    "hub": "No model is named. Write owner and name, for example HuggingFaceTB/SmolLM2-360M-Instruct.",
    "run": "No run is chosen. Pick one that has a complete checkpoint, or start from Lantern.",
}


@dataclass(frozen=True)
class ModelStep:
    """The components of the step; `inputs` are what a person answers, `card` says what that model is, `presets` lists
    pipelines with all steps answered."""

    start: gr.Radio
    folder: gr.Textbox
    hub: gr.Textbox
    run: gr.Dropdown
    card: gr.HTML
    presets: gr.HTML

    @property
    def inputs(self) -> list[Any]:
        return [self.start, self.folder, self.hub, self.run]

    @property
    def outputs(self) -> list[Any]:
        return [*self.inputs, self.card]


def build_model_step(services: Services) -> ModelStep:
    with gr.Row(elem_classes="rl-cols"):
        with gr.Column(elem_classes="rl-card-box rl-fields"):
            start = gr.Radio(
                list(STARTS),
                value="lantern",
                label="What do you start from?",
                elem_id="start",
                elem_classes="rl-options",
            )
            folder = gr.Textbox(
                label="Folder, GGUF file or name",
                info="A path to a folder with safetensors weights or to a .gguf file, or a name of `rlft model list`.",
                elem_id="folder",
                visible=False,
            )
            hub = gr.Textbox(
                label="Name on the Hub",
                info="As owner/name. It is used from this machine's cache, or downloaded when the run starts.",
                elem_id="hub",
                visible=False,
            )
            run = gr.Dropdown(
                [],
                label="Run",
                info="The new stages go on from its last complete checkpoint. The shape of its adapter stays.",
                elem_id="run",
                visible=False,
                allow_custom_value=True,  # Gradio judges by the choices of the start; what is none gets a sentence
                interactive=True,
            )
        with gr.Column():
            card = part(
                "model-card",
                module="pages/new/model.js",
                serves=_small_model(services),
                elem_id="model-card",
            )
    presets = part("preset-list", module="pages/new/presets.js")
    step = ModelStep(start, folder, hub, run, card, presets)
    card.click(  # on the small model; every event takes an input, by which the border knows a stranger's
        lambda _shown: show_model(_on_small_model(services)),
        card,
        step.outputs,
        api_visibility="private",
        show_progress="hidden",
    )
    return step


def _small_model(services: Services) -> list[Served]:
    """What the part asks: how far it is, and to begin."""
    return [
        serve(SMALL_MODEL, lambda _asked, _user: SmallModelShown(state=services.small_model.state())),
        serve(
            GET_SMALL_MODEL, lambda _asked, user: SmallModelShown(state=services.small_model.start(user=user))
        ),
    ]


def _on_small_model(services: Services) -> ResolvedDraft:
    return ResolvedDraft(services, Draft(start="folder", folder=SMOLLM2))


def show_model(resolved: ResolvedDraft) -> list[Update]:
    """What every component of the step shows for this draft."""
    draft = resolved.draft
    runs = [
        (f"{run.title} · {run.stage.upper()}, step {run.step}", run.id)
        for run in resolved.services.comparing.choices()
    ]
    known = draft.run in {value for _, value in runs}
    return [
        gr.update(value=draft.start),
        gr.update(value=draft.folder, visible=draft.start == "folder"),
        gr.update(value=draft.hub, visible=draft.start == "hub"),
        gr.update(choices=runs, value=draft.run if known else None, visible=draft.start == "run"),
        json_text(known_model(resolved)),
    ]


def _plain(path: str | None) -> str:
    """A path without the quotes in which file managers copy it, and with the home folder named."""
    bare = (path or "").strip().strip("\"'")
    return os.path.expanduser(bare) if bare.startswith("~") else bare


def read_model(draft: Draft, shown: Sequence[Any]) -> Draft:
    """The draft with what the components hold. A run that is continued needs no warm-up."""
    start, folder, hub, run = shown
    changed = (start, run or "") != (draft.start, draft.run)
    skip = draft.skip
    if changed and draft.method:
        chosen = catalogue.method(draft.method)
        skip = catalogue.warm_ups(chosen, draft.options) if start == "run" else ()
    update = {"start": start, "folder": _plain(folder), "hub": hub or "", "run": run or "", "skip": skip}
    return draft.model_copy(update=update)


def model_problem(resolved: ResolvedDraft) -> str | None:
    """Why the model cannot be used, as a sentence."""
    draft = resolved.draft
    if draft.start == "run" and draft.run and not resolved.base:
        return f"Run {draft.run} does not exist any more. Pick another one."
    return resolved.base_problem if resolved.base else MISSING.get(draft.start)


def validate_model(resolved: ResolvedDraft) -> list[Update]:
    """One verdict per input, the sentence at the one it is about."""
    problem, start = model_problem(resolved), resolved.draft.start
    names = ("lantern", "folder", "hub", "run")
    return [gr.validate(not (problem and name == start), problem or "") for name in names]


def known_model(resolved: ResolvedDraft) -> KnownModel | None:
    """The card beside the question: facts read from the model's files, or nothing while there is a problem."""
    if model_problem(resolved) or resolved.card is None:
        return None
    card = resolved.card
    return KnownModel(
        title=card.title,
        parameters=card.parameters,
        context=card.context,
        architecture=card.architecture,
        note=card.note,
        run=_continued(resolved),
    )


def short_name(resolved: ResolvedDraft) -> str:
    """The value under the done step."""
    model = known_model(resolved)
    if model is None:
        return ""
    return f"{model.title}, {_millions(model.parameters)}" if model.parameters else model.title


def offered_presets() -> tuple[catalogue.Preset, ...]:
    """The shipped pipelines whose method can be chosen; those that were run by us first."""
    known = {method.name for method in catalogue.offered()}
    fitting = (preset for preset in catalogue.presets() if preset.spec.method in known)
    return tuple(sorted(fitting, key=lambda preset: (not preset.tried, preset.spec.title)))


def model_title(resolved: ResolvedDraft) -> str:
    """What sentences call the model."""
    model = known_model(resolved)
    return model.title if model else "this model"


def _continued(resolved: ResolvedDraft) -> ContinuedRun | None:
    run = resolved.continued
    if run is None:
        return None
    return ContinuedRun(
        title=f"{run.title} · {run.stage.upper()}",
        step=run.step,
        palette=catalogue.palette(run.method, run.stage),
        address=f"/run?run={run.id}",
    )


def _millions(parameters: int) -> str:
    if parameters >= 10**9:
        return f"{parameters / 10**9:.1f} B"
    return f"{parameters / 10**6:.{1 if parameters < 10**7 else 0}f} M"


def preset_list() -> PresetList:
    """Pipelines that are ready to run, by method."""
    groups = ((method, _links_of(method.name)) for method in catalogue.offered())
    return PresetList(
        groups=tuple(
            PresetGroup(
                method=method.name,
                title=method.title,
                palette=method.palette,
                learns_from=method.learns_from,
                presets=presets,
            )
            for method, presets in groups
            if presets
        )
    )


def _links_of(method: str) -> tuple[PresetLink, ...]:
    return tuple(
        PresetLink(
            name=preset.name,
            title=preset.spec.title,
            about=preset.spec.about,
            source=preset.source,
            tried=preset.tried,
        )
        for preset in offered_presets()
        if preset.spec.method == method
    )
