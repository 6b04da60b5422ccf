"""The shapes of rows that are understood, and which of them a file has.

How a conversation is written and what is said about its answer are told apart, and each way of writing goes with each
kind of verdict. Which shape a file has is decided by its columns; where two fit, the one with more columns is taken, or
else the earlier in FORMATS: shapes under other names come first, for their rows often have the columns of plain ones too.
A multi-turn conversation gives one row: its last answer is what is learnt, all turns before are the prompt.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rlft_gui.data.shapes.answering import check_asks
from rlft_gui.data.shapes.asking import SYSTEM, from_prompt, from_text
from rlft_gui.data.shapes.conversations import CONVERSATIONS, PAIRS
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.data.shapes.form import Format
from rlft_gui.data.shapes.judged import JUDGED
from rlft_gui.data.shapes.messages import text
from rlft_gui.data.shapes.nearest import nearest
from rlft_gui.data.shapes.rewritten import REWRITTEN
from rlft_gui.data.shapes.verdicts import final_answer
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

Row = dict[str, Any]

#: Columns that hold answers. A row with a prompt and one of them that fits no shape is not meant as a prompt alone.
_ANSWERS = ("completion", "response", "output", "chosen", "rejected")


def _question(row: Row) -> Row:
    return {"prompt": from_text(row, "question"), "answer": final_answer(row)}


def _only_prompt(row: Row) -> Row:
    prompt = from_prompt(row)
    check_asks(prompt)
    return {"prompt": prompt, **({"answer": final_answer(row)} if row.get("answer") is not None else {})}


TEXT = Format(
    "text",
    ("text",),
    DataType.TEXT,
    lambda row: {"text": text(row, "text")},
    not_beside=(*_ANSWERS, "prompt", "instruction", "question", "query", "messages", "conversations"),
)

FORMATS = (
    *REWRITTEN,
    *PAIRS,
    *JUDGED,
    *CONVERSATIONS,
    Format("question, answer", ("question", "answer"), DataType.PROMPTS, _question, (*SYSTEM, "history")),
    Format(
        "prompt",
        ("prompt",),
        DataType.PROMPTS,
        _only_prompt,
        (*SYSTEM, "history", "answer"),
        not_beside=_ANSWERS,
    ),
    TEXT,
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
