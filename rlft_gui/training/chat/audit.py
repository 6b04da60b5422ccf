"""Shows what the chat template makes of a few rows, before anything is launched.

Runs as a short process (`python -m rlft_gui.training.chat.audit`, see services.short_work), because the app renders no
template and imports no torch. A run looks at all its rows again when it starts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from rlft_gui.answering import answer
from rlft_gui.training.chat import Chat, Document, Refusal, Turn, chat
from rlft_gui.training.chat.renderer import Message
from rlft_gui.training.windows import windows

_ANSWERS = ("completion", "chosen", "rejected")
SHOWN = 6  #: conversations: six answers, or three pairs
PIECES = 2  #: of a document, and of all documents where there are conversations too


def audit(request: dict[str, Any]) -> dict[str, Any]:
    """What is learnt of rows.

    Args:
        request: {"base": a base model, "rows": [row as messages, with "longest": its limit in tokens, …]}.

    Returns:
        {"notes": sentences on what is unusual, "refused": {reason: rows}, "past_template": [reason, …], "conversations":
        [{"answer": column, "pieces": [{"text", "is_learnt", "is_special", "is_cut"}, …], "cut": tokens}, …] of the first rows}.

    Raises:
        NotFound, InvalidInput: the base or its template cannot be used.
    """
    from rlft_gui.training.models.loading import load_tokenizer

    tokenizer = load_tokenizer(request["base"])
    spoken = chat(tokenizer)
    texts = [row for row in request["rows"] if "text" in row]
    documents = spoken.documents([row["text"] for row in texts])
    asked = [one for row in request["rows"] for one in _asked(row)]
    turns = _turns(spoken, asked)
    refused = [one.reason for one in (*documents, *turns) if isinstance(one, Refusal)]
    pieces = [
        piece for row, one in zip(texts, documents, strict=True) for piece in _pieces(one, row["longest"])
    ]
    learnt = [(one, turn) for one, turn in zip(asked, turns, strict=True) if isinstance(turn, Turn)]
    special = _special(tokenizer, spoken)
    return {
        "notes": list(spoken.habits.notes()) if asked else [],
        "refused": {reason: refused.count(reason) for reason in dict.fromkeys(refused)},
        "past_template": sorted({turn.past_template for _, turn in learnt if turn.past_template}),
        "conversations": [
            _conversation(tokenizer, special, *one)
            for one in [*pieces[: SHOWN if not learnt else PIECES], *learnt][:SHOWN]
        ],
    }


@dataclass(frozen=True)
class _Asked:
    """A prompt with one of its answers; None where only the prompt is read."""

    prompt: Sequence[Message]
    column: str
    answer: Message | None
    longest: int


def _asked(row: Mapping[str, Any]) -> list[_Asked]:
    if "prompt" not in row:
        return []
    answers = [(name, row[name][-1]) for name in _ANSWERS if name in row] or [("", None)]
    return [_Asked(row["prompt"], name, answer, row["longest"]) for name, answer in answers]


def _pieces(document: Document | Refusal, longest: int) -> Iterator[tuple[_Asked, Turn]]:
    """The first rows that a document becomes; no chat template is applied to it."""
    pieces = windows(document, longest) if isinstance(document, Document) else ()
    for place, (read, learnt) in enumerate(islice(pieces, PIECES)):
        yield _Asked((), "goes_on" if place else "text", None, longest), Turn(read, learnt, "")


def _turns(spoken: Chat, asked: Sequence[_Asked]) -> list[Turn | Refusal]:
    """Prompts alone are written as turns without an answer."""
    answered = iter(spoken.turns([(one.prompt, one.answer) for one in asked if one.answer is not None]))
    prompts = iter(spoken.asked([one.prompt for one in asked if one.answer is None]))
    found: list[Turn | Refusal] = []
    for one in asked:
        if one.answer is not None:
            found.append(next(answered))
            continue
        prompt = next(prompts)
        found.append(prompt if isinstance(prompt, Refusal) else Turn(prompt, [], ""))
    return found


def _special(tokenizer: Any, spoken: Chat) -> frozenset[int]:
    """Tokens that stand for no words: beginnings, ends and marks of turns."""
    added = tokenizer.added_tokens_decoder
    marks = tokenizer.convert_tokens_to_ids(sorted(spoken.habits.marks))
    own = {number for number, token in added.items() if token.special}
    return frozenset({*tokenizer.all_special_ids, *own, *marks})


def _conversation(tokenizer: Any, special: frozenset[int], asked: _Asked, turn: Turn) -> dict[str, Any]:
    """The tokens as text in pieces: a piece changes where words become marks, the prompt the answer, or the limit cuts."""
    ids = [*turn.prompt, *turn.answer]
    kinds = [
        (place >= len(turn.prompt), token in special, place >= asked.longest)
        for place, token in enumerate(ids)
    ]
    pieces = []
    for kind, group in groupby(range(len(ids)), key=lambda place: (kinds[place], place * kinds[place][1])):
        (is_learnt, is_special, is_cut), _ = kind
        text = tokenizer.decode([ids[place] for place in group])
        pieces.append({"text": text, "is_learnt": is_learnt, "is_special": is_special, "is_cut": is_cut})
    return {"answer": asked.column, "pieces": pieces, "cut": max(0, len(ids) - asked.longest)}


if __name__ == "__main__":
    answer(audit)
