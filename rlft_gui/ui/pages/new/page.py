"""New: the wizard from a base model to a launched pipeline, in five steps.

The draft is the state: it lives in the browser (`gr.BrowserState`), every input writes itself into it without
asking Python, and Python turns it into what a step shows. The open step and the method stand in the address, so a
refresh or a shared link opens the same view. Nothing is stored on the server before the launch.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, Problem, RlftError
from rlft_gui.services import Services
from rlft_gui.ui.assets import address
from rlft_gui.ui.components.adding.place import dropped, taken
from rlft_gui.ui.components.part import frame, head, part
from rlft_gui.ui.identity import current_user
from rlft_gui.ui.page import Page, Update
from rlft_gui.ui.pages.new.data import (
    build_data_step,
    read_data,
    show_preview,
    store_upload,
    take_data,
    validate_data,
)
from rlft_gui.ui.pages.new.draft import Group, read_draft
from rlft_gui.ui.pages.new.measure import build_measure, show_measure
from rlft_gui.ui.pages.new.method import build_method_step, method_problem, read_method
from rlft_gui.ui.pages.new.model import build_model_step, read_model, show_model, validate_model
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from rlft_gui.ui.pages.new.review import (
    DATA,
    METHOD,
    MODEL,
    REVIEW,
    SETTINGS,
    build_review_step,
    show_launched,
    show_review,
)
from rlft_gui.ui.pages.new.settings import build_settings_step, read_settings, validate_settings
from rlft_gui.ui.pages.new.view import NAMES, Wizard, from_address, furthest, launch_label, show

#: The draft's field behind each input of the first step.
MODEL_KEYS = ("start", "folder", "hub", "run")
#: Changes the draft in the browser.
DRAFT = address("rlft_gui/ui/pages/new/draft.js")
EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    head(
        "New pipeline",
        "Your answers are kept in this browser until you launch.",
        ("Start over", "/new?fresh=1", ""),
    )
    wizard = _lay_out(services)
    _keep_answers(wizard)
    _wire_walk(services, wizard)
    _wire_model(services, wizard)
    _wire_method(services, wizard)
    _wire_data(services, wizard)
    _wire_settings(services, wizard)
    _wire_leaving_a_field(services, wizard)
    _wire_launch(services, wizard)
    _wire_opening(services, wizard, demo)


def _lay_out(services: Services) -> Wizard:
    builders: dict[int, Callable[[], Any]] = {
        MODEL: lambda: build_model_step(services),
        METHOD: build_method_step,
        DATA: lambda: (build_data_step(services), build_measure(services)),
        SETTINGS: lambda: build_settings_step(services),
        REVIEW: lambda: build_review_step(services),
    }
    draft = gr.BrowserState({}, storage_key="rlft-draft", secret="rlft-draft")  # noqa: S106 (it hides nothing)
    state = part("wizard", module="pages/new/wizard.js", elem_id="wizard")
    steps: list[Any] = []
    backs: dict[int, gr.Button] = {}
    forwards: dict[int, gr.Button] = {}
    with gr.Walkthrough(selected=MODEL, elem_classes="rl-wz", elem_id="steps") as walk:
        for number, name in enumerate(NAMES, start=1):
            with gr.Step(name, id=number):
                steps.append(builders[number]())
                with gr.Row(elem_classes="rl-bottom"):
                    _lay_out_buttons(number, backs, forwards)
    model, method, (data, measure), settings, review = steps
    return Wizard(draft, state, walk, backs, forwards, model, method, data, measure, settings, review)


def _lay_out_buttons(number: int, backs: dict[int, gr.Button], forwards: dict[int, gr.Button]) -> None:
    if number > MODEL:
        backs[number] = gr.Button(f"Back to {NAMES[number - 2]}", elem_id=f"back-{number}")
    if number < REVIEW:
        forwards[number] = gr.Button(
            f"Continue to {NAMES[number]}", variant="primary", elem_id=f"next-{number}"
        )
    else:
        gr.HTML("Goes on when you close this page", elem_classes="rl-goes-on")
        forwards[number] = gr.Button("Launch", variant="primary", elem_id="launch")


def _keep_answers(wizard: Wizard) -> None:
    """Every input writes itself into the draft as it is typed, in the browser alone."""
    for component, key in zip(wizard.model.inputs, MODEL_KEYS, strict=True):
        _keep(wizard, component, [key])
    places = [*(place.title for place in wizard.data), *(place.dataset for place in wizard.data)]
    js = f"async (...all) => (await import('{DRAFT}')).keepData(...all)"
    chosen = [place.dataset.input for place in wizard.data]
    gr.on(chosen, None, [wizard.draft, *places], wizard.draft, js=js, **EVENT)
    for drawn, keep in ((wizard.method, "choose"), (wizard.settings, "settle"), (wizard.measure, "settle")):
        js = f"async (draft, shown) => (await import('{DRAFT}')).{keep}(draft, shown)"
        drawn.change(None, [wizard.draft, drawn], wizard.draft, js=js, **EVENT)


def _keep(wizard: Wizard, component: Any, path: list[str]) -> None:
    js = f"async (draft, value) => (await import('{DRAFT}')).keep(draft, {path}, value)"
    # A text box tells its last letter only when its value has changed.
    event = component.change if isinstance(component, gr.Textbox) else component.input
    event(None, [wizard.draft, component], wizard.draft, js=js, **EVENT)


def _wire_walk(services: Services, wizard: Wizard) -> None:
    """Back, and a click on the name of a done step."""

    def select(stored: Any, event: gr.SelectData) -> list[Any]:
        return show(_resolved(services, stored), wizard, int(event.index) + 1)

    wizard.walk.select(select, wizard.draft, wizard.everything, **EVENT)
    for number, button in wizard.backs.items():
        button.click(_goes_to(services, wizard, number - 1), wizard.draft, wizard.everything, **EVENT)


def _goes_to(services: Services, wizard: Wizard, step: int) -> Callable[[Any], list[Any]]:
    return lambda stored: show(_resolved(services, stored), wizard, step)


def _resolved(services: Services, stored: Any) -> ResolvedDraft:
    return ResolvedDraft(services, read_draft(stored))


def _wire_model(services: Services, wizard: Wizard) -> None:
    inputs = [wizard.draft, *wizard.model.inputs]

    def leave(stored: Any, *shown: Any) -> list[Any]:
        return show(_with_model(services, stored, shown), wizard, METHOD)

    judge, describe = _judging_model(services), _describing_model(services)

    gr.on([wizard.model.start.input, wizard.model.run.input], describe, inputs, wizard.model.outputs, **EVENT)
    wizard.forwards[MODEL].click(leave, inputs, wizard.everything, validator=judge, **EVENT)


def _with_model(services: Services, stored: Any, shown: Sequence[Any]) -> ResolvedDraft:
    """With what the inputs of the first step hold."""
    return ResolvedDraft(services, read_model(read_draft(stored), shown))


def _judging_model(services: Services) -> Callable[..., list[Update]]:
    return lambda stored, *shown: [
        gr.validate(True, ""),
        *validate_model(_with_model(services, stored, shown)),
    ]


def _describing_model(services: Services) -> Callable[..., list[Update]]:
    return lambda stored, *shown: show_model(_with_model(services, stored, shown))


def _wire_method(services: Services, wizard: Wizard) -> None:
    def leave(stored: Any, shown: str) -> list[Any]:
        draft = read_method(read_draft(stored), shown)
        problem = method_problem(draft)
        return show(ResolvedDraft(services, draft), wizard, METHOD if problem else DATA, problem or "")

    wizard.forwards[METHOD].click(leave, [wizard.draft, wizard.method], wizard.everything, **EVENT)


def _wire_data(services: Services, wizard: Wizard) -> None:
    """One event for all places of a kind: each would be described to the browser anew."""
    datasets = [place.dataset for place in wizard.data]
    previews = [place.preview for place in wizard.data]
    files = [place.file for place in wizard.data]
    inputs = [wizard.draft, *datasets, *previews]

    def judge(stored: Any, *shown: Any) -> list[Update]:
        return [
            gr.validate(True, ""),
            *validate_data(_resolved(services, stored), *_halves(shown)),
            *(gr.validate(True, "") for _ in previews),
        ]

    def leave(stored: Any, *shown: Any) -> list[Any]:
        draft = read_data(_resolved(services, stored), _halves(shown)[0])
        return show(ResolvedDraft(services, draft), wizard, SETTINGS)

    wizard.forwards[DATA].click(leave, inputs, wizard.everything, validator=judge, **EVENT)
    chosen = [each.input for each in datasets]
    gr.on(
        chosen,
        _previewer(services, wizard),
        [wizard.draft, *datasets],
        [*previews, wizard.measure],
        **EVENT,
    )
    stored, changed = [each.click for each in previews], [wizard.draft, *datasets, *previews, wizard.measure]
    gr.on(stored, _taker_of_data(services, wizard), [wizard.draft, *previews], changed, **EVENT)
    added = [each.upload for each in files]
    gr.on(added, _uploader(services, wizard), [wizard.draft, *files, *datasets], [*changed, *files], **EVENT)


def _halves(shown: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """What two kinds of component hold, one of each a place."""
    return shown[: len(shown) // 2], shown[len(shown) // 2 :]


def _taker_of_data(services: Services, wizard: Wizard) -> Callable[..., list[Any]]:
    """Chooses what the preview of a place has had stored: rows under columns that were named, or made of others."""

    def take(event: gr.EventData, stored: Any, *previews: str) -> list[Any]:
        resolved, number = _resolved(services, stored), _place(wizard, event)
        draft, dataset, preview = take_data(resolved, _taker(resolved, number), taken(previews[number]))
        measure = show_measure(ResolvedDraft(services, draft))
        return [draft.model_dump(mode="json"), *_only(wizard, number, dataset, preview), measure]

    return take


def _previewer(services: Services, wizard: Wizard) -> Callable[..., list[Update]]:
    def preview(event: gr.EventData, stored: Any, *datasets: str | None) -> list[Update]:
        resolved, number = _resolved(services, stored), _place(wizard, event)
        group = _taker(resolved, number)
        # The browser may not have kept the choice yet.
        data = {**resolved.draft.data, group.name: datasets[number] or ""}
        chosen = ResolvedDraft(services, resolved.draft.model_copy(update={"data": data}))
        shown = show_preview(resolved, group, datasets[number])
        return [*_only(wizard, number, shown), show_measure(chosen)]

    return preview


def _place(wizard: Wizard, event: gr.EventData) -> int:
    """Which place, from 0, somebody did something in. By the name that the browser knows the component by, for once it
    was updated Gradio has a copy of it under another id."""
    named = getattr(event.target, "elem_id", None)
    for number, place in enumerate(wizard.data):
        if named in (place.dataset.elem_id, place.file.elem_id, place.preview.elem_id):
            return number
    raise InvalidInput("The page did not say where that was done. Reload the page.")


def _only(wizard: Wizard, number: int, *updates: Update) -> list[Update]:
    """The updates of one place, for components of all: all of the first kind, then all of the next."""
    places = range(len(wizard.data))
    return [update if place == number else gr.skip() for update in updates for place in places]


def _taker(resolved: ResolvedDraft, number: int) -> Group:
    """The stage that a place is for.

    Raises:
        InvalidInput: no stage of this pipeline takes data there. The place is hidden, so no page of ours asks.
    """
    if number >= len(resolved.takers):
        raise InvalidInput(
            f"This pipeline takes data in {len(resolved.takers)} places, and there is no {number + 1}. Reload the page."
        )
    return resolved.takers[number]


def _uploader(services: Services, wizard: Wizard) -> Callable[..., list[Any]]:
    def upload(request: gr.Request, event: gr.EventData, stored: Any, *shown: str | None) -> list[Any]:
        user, resolved, number = current_user(request), _resolved(services, stored), _place(wizard, event)
        files, datasets = _halves(shown)
        with dropped(files[number]) as path:
            draft, *updates = store_upload(resolved, _taker(resolved, number), path, user, datasets[number])
        told, measure = _only(wizard, number, *updates), show_measure(ResolvedDraft(services, draft))
        # The place is free for another file.
        return [draft.model_dump(mode="json"), *told, measure, *_only(wizard, number, None)]

    return upload


def _wire_settings(services: Services, wizard: Wizard) -> None:
    def leave(stored: Any, shown: str) -> list[Any]:
        held = ResolvedDraft(services, read_settings(read_draft(stored), shown))
        resolved = ResolvedDraft(services, held.tidy())
        told = validate_settings(resolved)
        return show(resolved, wizard, SETTINGS if told else REVIEW, told=told)

    wizard.forwards[SETTINGS].click(leave, [wizard.draft, wizard.settings], wizard.everything, **EVENT)


def _wire_leaving_a_field(services: Services, wizard: Wizard) -> None:
    """Judge the first step when a field of it is left. The part tells when: not while a button is being pressed,
    because a sentence that goes away would move the button from under the pointer."""

    judge, describe = _judging_model(services), _describing_model(services)
    inputs = [wizard.draft, *wizard.model.inputs]
    wizard.state.click(describe, inputs, wizard.model.outputs, validator=judge, **EVENT)


def _wire_launch(services: Services, wizard: Wizard) -> None:
    def launch(stored: Any, request: gr.Request) -> list[Any]:
        resolved = _resolved(services, stored)
        user = current_user(request)
        try:
            pipeline = services.launching.launch(resolved.spec, launch_id=_launch_id(resolved), user=user)
        except InvalidPipeline as refusal:
            return [gr.skip(), *show_review(resolved, refusal.problems), launch_label(resolved)]
        except RlftError as refusal:
            problems = (Problem("launch", str(refusal)),)
            return [gr.skip(), *show_review(resolved, problems), launch_label(resolved)]
        shown = show_launched(f"/run?run={pipeline.runs[0].id}")
        return [{}, shown, gr.skip(), gr.skip(), gr.skip()]

    # A model may be converted first, which takes a minute: the button says that it was pressed.
    pressed = "() => ({__type__: 'update', value: 'Launching…', interactive: false})"
    button = wizard.forwards[REVIEW]
    button.click(None, wizard.draft, button, js=pressed, **EVENT)

    # Not queued, so that the answer comes as a plain response: a queued one comes over a stream that Gradio may still be
    # reading when the browser leaves for the run's page, and it complains of a stream that is cut off.
    outputs = [wizard.draft, *wizard.review.outputs, button]
    button.click(launch, wizard.draft, outputs, queue=False, **EVENT)


def _launch_id(resolved: ResolvedDraft) -> str:
    """Of this draft with what it holds: launching it twice is launching once, but two tabs that share a draft and then
    change it are two launches."""
    held = f"{resolved.draft.launch_id} {resolved.spec.model_dump_json()}"
    return hashlib.sha256(held.encode()).hexdigest()[:32]


def _wire_opening(services: Services, wizard: Wizard, demo: gr.Blocks) -> None:
    def open_page(stored: Any, request: gr.Request) -> list[Any]:
        services.launching.prepare()
        draft, step, notice = from_address(services, dict(request.query_params), read_draft(stored))
        resolved = ResolvedDraft(services, draft)
        return show(resolved, wizard, min(step, furthest(resolved)), notice)

    demo.load(open_page, wizard.draft, wizard.everything, **EVENT)


PAGE = Page("New", "new", build, styles=("pages/new/page.css",))
