"""Preferences under other names: each becomes a plain pair first (`renamed`, `ranked`)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from rlft_gui.data.shapes.conversations import PAIRS, SPOKEN, WRITTEN
from rlft_gui.data.shapes.form import Rewritten
from rlft_gui.data.shapes.ranked import (
    BEST_AND_WORST,
    FIRST_IS_BEST,
    LISTS,
    OF_THE_LIST,
    POINTS,
    RANKS,
    best_and_worst,
    is_ranked,
)
from rlft_gui.data.shapes.renamed import named, of_openai, with_last_chosen
from rlft_gui.data.shapes.telling import is_empty
from rlft_gui.data.shapes.two_sided import TWO_SIDED
from rlft_gui.domain.dataset import DataType

Row = dict[str, Any]

LAST_IS_CHOSEN = "the last turn of the conversation is taken as the better answer"
#: Other names for the two answers of a pair.
_SIDES = (
    ("chosen_messages", "rejected_messages"),
    ("chosen_response", "rejected_response"),
    ("response", "rejected_response"),
    ("completion", "rejected_response"),
    ("output", "rejected_response"),
    ("preferred", "dispreferred"),
    ("preferred_output", "non_preferred_output"),
)


def _pair(
    name: str,
    columns: tuple[str, ...],
    rewrite: Callable[[Row], Row],
    also_read: tuple[str, ...] = (),
    only_if: Callable[[Row], bool] = lambda row: True,
    told: str = "",
) -> Rewritten:
    """A pair under other names."""
    asked = (one for form in PAIRS for one in form.reads)
    return Rewritten(
        name,
        columns,
        DataType.PREFERENCES,
        rewrite,
        tuple(dict.fromkeys((*asked, *also_read))),
        only_if=only_if,
        then=PAIRS,
        told=told,
    )


def _listed(column: str, field: str) -> Rewritten:
    """A question with several answers, one of which is the best."""
    return _pair(
        f"{column}, ranked {field}",
        (column, field),
        partial(best_and_worst, column=field),
        (*POINTS, *RANKS, *OF_THE_LIST),
        partial(is_ranked, column=field),
        FIRST_IS_BEST if field == "output" else BEST_AND_WORST,
    )


def _is_openai(row: Row) -> bool:
    return isinstance(row["input"], dict)


def _has_both(row: Row, worse: str) -> bool:
    """Whether there is a worse answer, and a question that stands apart or in both answers."""
    is_asked = any(one.column in row for one in (*WRITTEN, *SPOKEN)) or worse == "rejected_messages"
    return is_asked and not is_empty(row[worse])


#: Shapes with other names for what the plain ones say.
REWRITTEN = (
    _pair(
        "OpenAI preferences",
        ("input", "preferred_output", "non_preferred_output"),
        of_openai,
        only_if=_is_openai,
    ),
    *(
        _pair(
            f"messages, {column}",
            ("messages", column),
            partial(with_last_chosen, rejected=column),
            only_if=partial(_has_both, worse=column),
            told=LAST_IS_CHOSEN,
        )
        for column in ("rejected_response", "rejected_messages")
    ),
    *(
        _pair(
            f"{better}, {worse}",
            (better, worse),
            partial(named, names={better: "chosen", worse: "rejected"}),
            only_if=partial(_has_both, worse=worse),
        )
        for better, worse in _SIDES
    ),
    *(_pair(one.name, one.columns, one.as_pair, one.beside) for one in TWO_SIDED),
    *(_listed(asked.column, field) for asked in WRITTEN for field in (*LISTS, "output")),
)
