"""The shapes of rows that are understood, and how each becomes messages.

How a conversation is written and what is said about its answer are told apart, and each way of writing goes with each
kind of verdict. Which shape a file has is decided by its columns; where two fit, the one with more columns is taken, or
else the earlier in FORMATS. A multi-turn conversation gives one row: its last answer is what is learnt, all turns before
are the prompt. Plain text without a question, and tool calls, are not understood.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from rlft_gui.data.shapes.answering import (
    CHANGES,
    NOT_LEARNT,
    answer,
    check_asks,
    demonstration,
    last_answer,
    pair,
)
from rlft_gui.data.shapes.asking import (
    SYSTEM,
    from_instruction,
    from_prompt,
    from_question,
    from_turns,
    shared,
)
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.data.shapes.messages import Message, is_answer, is_to_learn, users_follow_each_other
from rlft_gui.data.shapes.nearest import nearest
from rlft_gui.data.shapes.telling import check_columns, is_empty
from rlft_gui.data.shapes.verdicts import ATTRIBUTES, SCORES_OF_SIDES, final_answer, scores, verdict
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

Row = dict[str, Any]

#: Columns that hold answers. A row with a prompt and one of them that fits no shape is not meant as a prompt alone.
_ANSWERS = ("completion", "response", "output", "chosen", "rejected")
JOINED = "turns of the user that follow each other are joined"


@dataclass(frozen=True)
class Format:
    """One shape of rows."""

    name: str
    columns: tuple[str, ...]  #: those that every row must have
    type: DataType
    normalised: Callable[[Row], Row]  #: raises RowFault
    also_read: tuple[str, ...] = ()  #: further columns that are read where they are there
    not_beside: tuple[str, ...] = ()  #: columns with which rows have another shape

    def fits(self, row: Row) -> bool:
        return all(name in row for name in self.columns) and not any(name in row for name in self.not_beside)

    @cached_property
    def reads(self) -> frozenset[str]:
        return frozenset((*self.columns, *self.also_read))

    def read(self, row: Row) -> Row:
        """The row as messages.

        Raises:
            RowFault: it cannot be used, or has a column that changes its meaning and is not read.
        """
        asks_only = self.columns == ("prompt",) and is_empty(row.get("answer"))
        check_columns(row, self.reads, asks_only=asks_only)
        found = self.normalised(row)
        is_joined = any(users_follow_each_other(row.get(name)) for name in self.reads)
        return found | {CHANGES: [*found.get(CHANGES, ()), *([JOINED] if is_joined else ())]}


def _question(row: Row) -> Row:
    return {"prompt": from_question(row), "answer": final_answer(row)}


def _only_prompt(row: Row) -> Row:
    prompt = from_prompt(row)
    check_asks(prompt)
    return {"prompt": prompt, **({"answer": final_answer(row)} if row.get("answer") is not None else {})}


_PAIR_TOO = ("margin", "source", "preference", *SCORES_OF_SIDES)
_ONE_ANSWER = ("completion", "response", "output")


@dataclass(frozen=True)
class _Question:
    """A way to write what is asked: its column, how it is read, and columns that belong to it."""

    column: str
    prompt: Callable[[Row], list[Message]]
    also_read: tuple[str, ...] = SYSTEM

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


_INSTRUCTION = _Question("instruction", from_instruction, (*SYSTEM, "input", "context", "history"))
_PROMPT = _Question("prompt", from_prompt)
_ASKED = _Question("question", from_question)
_SPOKEN = tuple(
    _Question(column, partial(from_turns, field=column)) for column in ("conversations", "messages")
)

#: How a conversation with one answer may be written.
CONVERSATIONS = (
    *(asked.answered(field) for asked in (_INSTRUCTION, _PROMPT, _ASKED) for field in _ONE_ANSWER),
    Format(
        "messages", ("messages",), DataType.DEMONSTRATIONS, partial(last_answer, field="messages"), SYSTEM
    ),
    Format(
        "sharegpt",
        ("conversations",),
        DataType.DEMONSTRATIONS,
        partial(last_answer, field="conversations"),
        SYSTEM,
    ),
)
THUMBS = ("label", "kto_tag", "thumbs")
POINTS = ("scores", "rating", "score", *ATTRIBUTES)


def _read_judged(said: Format, row: Row) -> Row:
    """The answer that the verdict is on, which is the last one."""
    written = row.get(said.columns[0])
    answers = [turn for turn in written if is_answer(turn)] if isinstance(written, list) else []
    if len(said.columns) == 1 and answers and not is_to_learn(answers[-1]):
        raise RowFault(NOT_LEARNT)
    return said.normalised(row)


def _judged(said: Format, field: str) -> Format:
    """A conversation with a verdict on its answer: good or bad, or points. Whoever imitates must not learn from it."""
    reads = partial(_read_judged, said)
    if field in THUMBS:
        return replace(
            said,
            name=f"{said.name}, {field}",
            columns=(*said.columns, field),
            type=DataType.THUMBS,
            normalised=lambda row: {**reads(row), "label": verdict(row, field)},
        )
    return replace(
        said,
        name=f"{said.name}, {field}",
        columns=(*said.columns, field),
        type=DataType.RATINGS,
        normalised=lambda row: {**reads(row), "scores": scores(row, field)},
        also_read=(*said.also_read, *(ATTRIBUTES if field in ATTRIBUTES else ())),
    )


FORMATS = (
    *(asked.paired() for asked in (_INSTRUCTION, _PROMPT, _ASKED, *_SPOKEN)),
    Format(
        "chosen, rejected",
        ("chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: pair(shared(row), row),
        (*SYSTEM, *_PAIR_TOO),
    ),
    *(_judged(said, field) for field in (*THUMBS, *POINTS) for said in CONVERSATIONS),
    *CONVERSATIONS,
    Format("question, answer", ("question", "answer"), DataType.PROMPTS, _question, SYSTEM),
    Format("prompt", ("prompt",), DataType.PROMPTS, _only_prompt, (*SYSTEM, "answer"), not_beside=_ANSWERS),
)


def detect(name: str, rows: Sequence[Row]) -> Format:
    """The shape that most of these rows have; a shape with further columns, if half of those have them too.

    So a few rows without an answer do not make prompts of demonstrations, and labels are not overlooked.

    Raises:
        InvalidInput: no row has all columns of any shape; names the columns found and the nearest shape.
    """
    found: Counter[str] = Counter()
    fitting: Counter[str] = Counter()
    for row in rows:
        found.update(row.keys())
        fitting.update(form.name for form in FORMATS if form.fits(row))
    best = max(FORMATS, key=lambda f: fitting[f.name])
    if not fitting[best.name]:
        columns = ", ".join(shortened(column, 30) for column, _ in found.most_common(12))
        raise InvalidInput(f"{name}: its columns ({columns or 'none'}) fit no known shape; {nearest(found)}.")
    return _fuller(best, fitting)


def _fuller(best: Format, fitting: Counter[str]) -> Format:
    fuller = [
        form
        for form in FORMATS
        if set(form.columns) > set(best.columns) and 2 * fitting[form.name] >= fitting[best.name]
    ]
    if not fuller:
        return best
    return _fuller(max(fuller, key=lambda form: fitting[form.name]), fitting)
