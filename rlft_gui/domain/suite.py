"""A prompt suite: the fixed, held-out prompts that methods are compared on."""

from collections.abc import Mapping

from pydantic import JsonValue

from rlft_gui.domain._base import Frozen


class PromptItem(Frozen):
    """One prompt of a suite, with what a scorer must know about it.

    Attributes:
        id: unique within the suite and stable, e.g. "known-07".
        suite: the suite's name, e.g. "lantern".
        kind: the stratum, e.g. "unknown"; results are shown by kind.
        prompt: the user's message.
        subject: what the prompt is about, e.g. the country.
        meta: further facts for the scorer.
        note: a short sentence for people: what makes this prompt telling, and what a good answer does.
    """

    id: str
    suite: str
    kind: str
    prompt: str
    subject: str
    meta: Mapping[str, JsonValue] = {}
    note: str = ""
