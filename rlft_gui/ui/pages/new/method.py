"""The wizard's second step: method cards, the table "Which one should I use?", the chosen method's options and the
stages that it unfolds into.
"""

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from rlft_gui.domain._base import Frozen
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import Serve, part
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.plan import option_sentences, plan_view

NOTHING_CHOSEN = "No method is chosen. Pick one of the cards; if unsure, take DPO."


class Choice(Frozen):
    """What the part holds: the method with its options, and what is left out."""

    method: str = ""
    options: Mapping[str, Any] = {}
    skip: tuple[str, ...] = ()
    review: bool = False
    continued: bool = False  #: whether a run is continued


def build_method_step() -> gr.HTML:
    """One part: the cards and options change what stands below them at once; Python says what they unfold into."""
    return part(
        "method",
        show_method(Draft()),
        module="pages/new/method.js",
        serves=[Serve("unfold", Choice, lambda choice, _user: _unfold(choice))],
        elem_id="method",
    )


def show_method(draft: Draft) -> Update:
    """The part's value for this draft.

    The cards travel in the value: a skipped update of a gr.HTML loses its further keywords.
    """
    chosen = _choice(draft).model_dump(mode="json")
    return json_text(
        {"methods": [_card(method) for method in catalogue.offered()], "plan": plan_view(draft), **chosen}
    )


def read_method(draft: Draft, shown: str | None) -> Draft:
    """The draft with the choice that the part holds; what it does not know is no choice."""
    value: dict[str, Any] = json.loads(shown or "{}")
    known = {name: value[name] for name in Choice.model_fields if name in value}
    return draft.model_copy(update=_accepted(Choice.model_validate(known)))


def method_problem(draft: Draft) -> str | None:
    """Why the choice cannot be gone on with, as a sentence."""
    if not draft.method:
        return NOTHING_CHOSEN
    return next(iter(option_sentences(draft).values()), None)


def _unfold(choice: Choice) -> dict[str, Any]:
    """What a choice unfolds into, and the choice as far as it makes sense."""
    accepted = _accepted(choice)
    draft = Draft(start="run" if choice.continued else "lantern", **accepted)
    return {**accepted, "plan": plan_view(draft)}


def _accepted(choice: Choice) -> dict[str, Any]:
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


def _choice(draft: Draft) -> Choice:
    return Choice(
        method=draft.method,
        options=draft.options,
        skip=draft.skip,
        review=draft.review,
        continued=draft.start == "run",
    )


def _card(method: catalogue.Method) -> dict[str, Any]:
    return {
        "name": method.name,
        "title": method.title,
        "palette": method.palette,
        "learns_from": method.learns_from,
        "needs": method.needs,
        "costs": method.costs,
        "tag": method.tag,
        "you_have": method.you_have,
        "warm_ups": catalogue.warm_ups(method, {}),
    }
