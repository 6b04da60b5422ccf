"""A prompt suite: fixed, held-out prompts that models are compared on."""

from collections.abc import Mapping

from pydantic import JsonValue

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.turns import Message, said


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


class SuitePrompt(Frozen):
    """One prompt of any suite, as it is asked.

    Attributes:
        id: the same wherever the same prompt is asked: of Lantern's suite the item's, else made of what is asked. Probes call
            their prompts so too, so answers of several runs are joined by it.
        kind: the stratum; "held out" where a suite has none.
        right: the right or a good answer, where one is known, to be shown; "" else.
        answer: what a verifier compares with: the row's column "answer"; None where it has none.
    """

    id: str
    kind: str
    messages: tuple[Message, ...]
    right: str = ""
    answer: str | None = None

    @property
    def question(self) -> str:
        """What the user said last."""
        return said(self.messages[-1])


class SuiteInfo(Frozen):
    """A suite in a list. `name` is what a batch is told: "lantern", or the id of a dataset that is marked held out."""

    name: str
    title: str
    prompts: int
    origin: str  #: "built in", "uploaded" or "written here"
