"""Shows what the chat template makes of a few rows, before anything is launched.

Runs as a short process (`python -m rlft_gui.training.chat.audit`, see services.short_work), because the app renders no
template and imports no torch. A run looks at all its rows again when it starts.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from rlft_gui.answering import answer
from rlft_gui.training.chat import Refusal, Turn, chat

_ANSWERS = ("completion", "chosen", "rejected")


def audit(request: dict[str, Any]) -> dict[str, Any]:
    """What is learnt of rows.

    Args:
        request: {"base": a base model, "rows": [row as messages, …]}.

    Returns:
        {"notes": sentences on what is unusual, "refused": {reason: rows}, "past_template": {reason: rows},
        "example": {"prompt", "answer"}, as text with every special token, of the first row that has an answer, or None}.

    Raises:
        NotFound, InvalidInput: the base or its template cannot be used.
    """
    from rlft_gui.training.models.loading import load_tokenizer

    tokenizer = load_tokenizer(request["base"])
    spoken = chat(tokenizer)
    rows: Sequence[Mapping[str, Any]] = request["rows"]
    asked = [pair for row in rows for pair in _pairs(row)]
    turns = spoken.turns(asked)
    refused = [turn.reason for turn in turns if isinstance(turn, Refusal)]
    learnt = [turn for turn in turns if isinstance(turn, Turn)]
    return {
        "notes": list(spoken.habits.notes()),
        "refused": {reason: refused.count(reason) for reason in dict.fromkeys(refused)},
        "past_template": sorted({turn.past_template for turn in learnt if turn.past_template}),
        "example": _example(tokenizer, learnt),
    }


def _pairs(row: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [(row["prompt"], row[name][-1]["content"]) for name in _ANSWERS if name in row]


def _example(tokenizer: Any, learnt: Sequence[Turn]) -> dict[str, str] | None:
    for turn in islice(learnt, 1):
        return {"prompt": tokenizer.decode(turn.prompt), "answer": tokenizer.decode(turn.answer)}
    return None


if __name__ == "__main__":
    answer(audit)
