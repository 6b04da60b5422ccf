"""The prompts of a suite: Lantern's own, or those of a dataset that is kept for judging. No torch here."""

from collections.abc import Mapping
from typing import Any

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.suite import PromptItem, SuitePrompt
from rlft_gui.domain.turns import said
from rlft_gui.lantern import facts
from rlft_gui.lantern.suite import NAME as LANTERN_SUITE
from rlft_gui.lantern.suite import suite
from rlft_gui.training.rows import prompt_key

HELD_OUT = "held out"  #: the kind of prompts of which nobody says one


def suite_prompts(home: Home, name: str) -> tuple[SuitePrompt, ...]:
    """Each prompt once, in the suite's order.

    Raises:
        NotFound: there is no such dataset.
        InvalidInput: its file was changed, or it asks nothing.
    """
    if name == LANTERN_SUITE:
        return tuple(_of_item(item) for item in suite())
    found: dict[str, SuitePrompt] = {}
    for row in load_rows(home, name):
        if "prompt" not in row:
            raise InvalidInput(
                f"The rows of {name} are documents, which ask nothing. Choose rows with prompts."
            )
        prompt = _of_row(row)
        found.setdefault(prompt.id, prompt)
    return tuple(found.values())


def items() -> Mapping[str, PromptItem]:
    """Lantern's prompts by their ids, with what its scorer must know."""
    return {item.id: item for item in suite()}


def _of_item(item: PromptItem) -> SuitePrompt:
    messages = ({"role": "user", "content": item.prompt},)
    known = facts.CAPITALS | facts.ADVICE
    right = item.meta.get("total") or known.get(item.subject, "")
    return SuitePrompt(id=item.id, kind=item.kind, messages=messages, right=str(right))


def _of_row(row: Mapping[str, Any]) -> SuitePrompt:
    good = row.get("completion") or row.get("chosen") or ()
    answer = None if row.get("answer") is None else str(row["answer"])
    return SuitePrompt(
        id=f"own-{prompt_key(dict(row))[:12]}",  # as a probe calls it that asks the same row
        kind=HELD_OUT,
        messages=tuple(row["prompt"]),
        right=answer or (said(good[-1]) if good and row.get("label", True) else ""),
        answer=answer,
    )
