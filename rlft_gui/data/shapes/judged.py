"""A conversation with a verdict on its answer: whoever imitates must not learn from it."""

from dataclasses import replace
from functools import partial
from typing import Any

from rlft_gui.data.shapes.answering import NOT_LEARNT
from rlft_gui.data.shapes.conversations import CONVERSATIONS
from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.data.shapes.form import Format
from rlft_gui.data.shapes.messages import is_answer, is_to_learn
from rlft_gui.data.shapes.verdicts import ATTRIBUTES, scores, verdict
from rlft_gui.domain.dataset import DataType

Row = dict[str, Any]

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


JUDGED = tuple(_judged(said, field) for field in (*THUMBS, *POINTS) for said in CONVERSATIONS)
