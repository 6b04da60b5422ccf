"""The wizard's second step: method cards, the table "Which one should I use?", the chosen method's options and the
stages that it unfolds into.
"""

import json
from typing import Any

import gradio as gr

from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.payloads import UNFOLD, MethodCard, MethodChoice, MethodStep, Unfolded
from rlft_gui.ui.pages.new.plan import method_plan, option_sentences

NOTHING_CHOSEN = "No method is chosen. Pick one of the cards; if unsure, begin with SFT."


def build_method_step() -> gr.HTML:
    """One part: the cards and options change what stands below them at once; Python says what they unfold into."""
    return part(
        "method",
        json_text(_step(Draft(), ())),  # cards come as the step is opened
        module="pages/new/method.js",
        serves=[serve(UNFOLD, lambda choice, _user: _unfold(choice))],
        elem_id="method",
    )


def show_method(draft: Draft) -> Update:
    """The part's value for this draft.

    The cards travel in the value: a skipped update of a gr.HTML loses its further keywords.
    """
    return json_text(_step(draft, tuple(_card(method) for method in catalogue.offered())))


def _step(draft: Draft, cards: tuple[MethodCard, ...]) -> MethodStep:
    return MethodStep(
        method=draft.method,
        options=draft.options,
        skip=draft.skip,
        review=draft.review,
        continued=draft.start == "run",
        methods=cards,
        plan=method_plan(draft),
    )


def read_method(draft: Draft, shown: str | None) -> Draft:
    """The draft with the choice that the part holds; what it does not know is no choice."""
    value: dict[str, Any] = json.loads(shown or "{}")
    known = {name: value[name] for name in MethodChoice.model_fields if name in value}
    return draft.model_copy(update=_accepted(MethodChoice.model_validate(known)))


def method_problem(draft: Draft) -> str | None:
    """Why the choice cannot be gone on with, as a sentence."""
    if not draft.method:
        return NOTHING_CHOSEN
    return next(iter(option_sentences(draft).values()), None)


def _unfold(choice: MethodChoice) -> Unfolded:
    accepted = _accepted(choice)
    draft = Draft(start="run" if choice.continued else "lantern", **accepted)
    return Unfolded(**accepted, plan=method_plan(draft))


def _accepted(choice: MethodChoice) -> dict[str, Any]:
    """Without options and stages that the method does not have."""
    known = {method.name: method for method in catalogue.offered()}
    chosen = known.get(choice.method)
    if chosen is None:
        return {"method": "", "options": {}, "skip": (), "review": False}
    fields = chosen.options.model_fields
    options = {name: value for name, value in choice.options.items() if name in fields}
    optional = catalogue.optional_stages(chosen, options)
    skip = tuple(name for name in optional if name in choice.skip)
    return {"method": chosen.name, "options": options, "skip": skip, "review": choice.review}


def _card(method: catalogue.Method) -> MethodCard:
    return MethodCard(
        name=method.name,
        title=method.title,
        palette=method.palette,
        learns_from=method.learns_from,
        needs=method.needs,
        costs=method.costs,
        tag=method.tag,
        you_have=method.you_have,
        warm_ups=catalogue.warm_ups(method, {}),
    )
