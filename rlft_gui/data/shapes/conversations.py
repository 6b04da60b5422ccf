"""How a conversation is written, with one answer to its last question or with two: each way of asking goes with each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from rlft_gui.data.shapes.answering import answer, demonstration, last_answer, pair
from rlft_gui.data.shapes.asking import (
    BESIDE_TURNS,
    SYSTEM,
    from_instruction,
    from_prompt,
    from_text,
    from_turns,
    shared,
)
from rlft_gui.data.shapes.form import Format
from rlft_gui.data.shapes.verdicts import SCORES_OF_SIDES
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.turns import Message

Row = dict[str, Any]

_PAIR_TOO = ("margin", "source", "preference", *SCORES_OF_SIDES)
_ONE_ANSWER = ("completion", "response", "output")


@dataclass(frozen=True)
class Question:
    """A way to write what is asked: its column, how it is read, and columns that belong to it."""

    column: str
    prompt: Callable[[Row], list[Message]]
    also_read: tuple[str, ...] = (*SYSTEM, "history")

    def answered(self, field: str) -> Format:
        """With one answer beside it."""
        is_alpaca = (self.column, field) == ("instruction", "output")
        name = "alpaca" if is_alpaca else f"{self.column}, {field}"
        return Format(
            name,
            (self.column, field),
            DataType.DEMONSTRATIONS,
            lambda row: self._read(row, field),
            self.also_read,
        )

    def _read(self, row: Row, field: str) -> Row:
        prompt = self.prompt(row)
        return demonstration(prompt, answer(row, field, prompt))

    def paired(self) -> Format:
        """With two, the better of which is known."""
        names = {"instruction": "alpaca preferences", "conversations": "sharegpt preferences"}
        return Format(
            names.get(self.column, f"{self.column}, chosen, rejected"),
            (self.column, "chosen", "rejected"),
            DataType.PREFERENCES,
            lambda row: pair(self.prompt(row), row),
            (*self.also_read, *_PAIR_TOO),
        )


_INSTRUCTION = Question("instruction", from_instruction, (*SYSTEM, "input", "context", "history"))
_PROMPT = Question("prompt", from_prompt, (*BESIDE_TURNS, "history"))
_ASKED = Question("question", partial(from_text, field="question"))
_QUERY = Question("query", partial(from_text, field="query"))
_INPUT = Question("input", partial(from_text, field="input"))
SPOKEN = tuple(
    Question(column, partial(from_turns, field=column), BESIDE_TURNS)
    for column in ("conversations", "messages")
)
WRITTEN = (_INSTRUCTION, _PROMPT, _ASKED, _QUERY, _INPUT)

#: How a conversation with one answer may be written.
CONVERSATIONS = (
    *(asked.answered(field) for asked in WRITTEN for field in _ONE_ANSWER),
    Format(
        "messages",
        ("messages",),
        DataType.DEMONSTRATIONS,
        partial(last_answer, field="messages"),
        BESIDE_TURNS,
    ),
    Format(
        "sharegpt",
        ("conversations",),
        DataType.DEMONSTRATIONS,
        partial(last_answer, field="conversations"),
        BESIDE_TURNS,
    ),
)

PAIRS = (
    *(asked.paired() for asked in (*WRITTEN, *SPOKEN)),
    Format(
        "chosen, rejected",
        ("chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: pair(shared(row), row),
        (*BESIDE_TURNS, *_PAIR_TOO),
    ),
)
