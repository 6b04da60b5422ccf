"""The wizard's second step: method cards, the table "Which one should I use?", and the stages of the choice."""

import json
from typing import Any

import gradio as gr

from rlft_gui.services import catalogue
from rlft_gui.ui.form import Update
from rlft_gui.ui.json_text import json_text
from rlft_gui.ui.new_draft import Draft
from rlft_gui.ui.parts import part

NOTHING_CHOSEN = "No method is chosen. Pick one of the cards; if unsure, take DPO."


def build_method_step() -> gr.HTML:
    """One part: the cards change the stages below them at once, without asking Python."""
    return part("method", show_method(Draft()), scripts=("js/new_method.js",), elem_id="method")


def show_method(draft: Draft) -> Update:
    """The part's value for this draft. A run that is continued has had its warm-up, so the cards propose none.

    The cards travel in the value: a skipped update of a gr.HTML loses its further keywords.
    """
    return json_text(
        {
            "methods": [_card(method) for method in catalogue.offered()],
            "method": draft.method,
            "skip": list(draft.skip),
            "continued": draft.start == "run",
        }
    )


def read_method(draft: Draft, shown: str | None) -> Draft:
    """The draft with the choice that the part holds; what it does not know is no choice."""
    value: dict[str, Any] = json.loads(shown or "{}")
    known = {method.name: method for method in catalogue.METHODS}
    chosen = known.get(str(value.get("method", "")))
    if chosen is None:
        return draft.model_copy(update={"method": "", "skip": ()})
    skip = tuple(name for name in catalogue.warm_ups(chosen, {}) if name in value.get("skip", []))
    return draft.model_copy(update={"method": chosen.name, "skip": skip})


def _card(method: catalogue.Method) -> dict[str, Any]:
    warm_ups = catalogue.warm_ups(method, {})
    stages = [catalogue.stage(link.stage) for link in method.plan({})]
    return {
        "name": method.name,
        "title": method.title,
        "palette": method.palette,
        "learns_from": method.learns_from,
        "needs": method.needs,
        "costs": method.costs,
        "tag": method.tag,
        "you_have": method.you_have,
        "stages": [
            {
                "name": stage.name,
                "title": stage.title,
                "about": stage.about,
                "optional": stage.name in warm_ups,
            }
            for stage in stages
        ],
    }
