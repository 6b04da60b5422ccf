"""Columns that change what a row means. One that is there and not read must not be passed over.

A shape reads some columns. Of the others most say nothing about the answer (an id, a topic) and are told as not read.
These do: a verdict nobody reads would have bad answers imitated, a second answer or a tool call would be lost. Names differ
from file to file, so they are judged by their words: what a name ends with says what the column is, `user_rating` a
rating and `rating_source` a source.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from rlft_gui.data.shapes.faults import OtherShape, RowFault, shortened

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def _words(name: str) -> tuple[str, ...]:
    """ "qualityScore", "quality-score" and "quality_score" are the same two words."""
    return tuple(word.lower() for word in _WORD.findall(name))


def _set(names: str) -> frozenset[str]:
    return frozenset(_words(names))


#: Say how good the answer is, where a name ends with one.
_VERDICTS = _set(
    "label labels thumb thumbs vote votes upvotes downvotes like likes liked dislikes disliked rating ratings rated score "
    "scores scored reward rewards verdict feedback preference preferences quality grade grades stars rank ranking winner "
    "selected pairwise accepted desirable undesirable good bad better best worse correct incorrect helpful harmful harmless "
    "lable verified valid usable passed success outcome decision status wrong hallucinated reject star points "
    "approved approval rejection judgement judgment evaluation ok keep flag flagged spam hate hateful offensive "
    "toxic safe unsafe helpfulness correctness coherence complexity verbosity accuracy honesty harmlessness safety toxicity"
)
#: Say so wherever in a name they stand: is_correct_answer, bad_response.
_VERDICTS_ANYWHERE = _set("correct incorrect good bad helpful harmful toxic unsafe wrong")
#: Say of a turn that it is not to be learnt, or that some of it is.
_SKIPS = _set("mask masked ignore ignored deleted skip skipped")
_ANSWERS = _set("answer response completion output reply generation")
_SEVERAL = _set("answers responses completions outputs replies generations candidates")
_SIDES = _set("chosen rejected preferred dispreferred winning losing")
_WHOLE = _set("message messages conversation conversations text")
_TOOLS = _set("tool tools function functions call calls")
_REASONING = _set("reasoning thinking thought thoughts rationale cot")
_MEDIA = _set("image images picture pictures video videos audio audios")
_CONTEXT = _set("input context history passage document documents system")
#: Beside nothing but a prompt, these look like the answer to it.
_ANSWERS_ALONE = _ANSWERS | _set("solution target result text assistant bot expected reference truth")

VERDICT = "a verdict on the answer"
SECOND_ANSWER = "another answer"
CONTENT = "a part of what is said"
CONTEXT = "a part of what is asked"
WEIGHT = "how much the row counts"
SKIP = "whether it is to be learnt"
LONE_ANSWER = "an answer"

_FIXES = {
    VERDICT: "Call it label (good or bad), rating (a number) or scores and have one such column, or leave it out if it is no "
    "verdict or nothing is to be learnt from it.",
    SECOND_ANSWER: "For preferences call the two answers chosen and rejected; else leave the column out.",
    CONTENT: "Leave such rows out; reasoning may stand in the answer itself, as <think>…</think>.",
    CONTEXT: "Write it into the question, or into a column system.",
    SKIP: "Leave out the rows that are not to be learnt, and then the mark; of a turn, weight: 0 says so.",
    WEIGHT: "Leave out the rows that are not to be learnt, and then the column.",
    LONE_ANSWER: "Call it completion where it is to be imitated, answer where a verifier compares with it, or leave it out.",
}


def check_columns(row: Mapping[str, Any], read: Collection[str], *, asks_only: bool) -> None:
    """Refuse a row in which a telling column has a value and is not among those `read`.

    Args:
        asks_only: the shape reads a prompt and nothing that answers it.

    Raises:
        RowFault: names the column, what it seems to hold, and what to do.
    """
    for name, value in row.items():
        if name in read or is_empty(value):
            continue
        what = _told_by(name)
        if what is None and asks_only and _words(name)[-1:] and _words(name)[-1] in _ANSWERS_ALONE:
            what = LONE_ANSWER
        if what == WEIGHT and is_learnt(value):
            continue
        if what == SKIP and value in (False, 0):
            continue
        if what is not None:
            _refuse(name, what)


def verdicts_among(names: Collection[str]) -> list[str]:
    """The columns that seem to say how good an answer is."""
    return [name for name in names if _told_by(name) == VERDICT]


def parts_among(names: Collection[str]) -> list[str]:
    """The columns that seem to hold a part of what is asked or said."""
    return [name for name in names if _told_by(name) in (CONTEXT, CONTENT)]


def answers_among(names: Collection[str]) -> list[str]:
    """The columns that seem to hold an answer beside another one."""
    return [name for name in names if _told_by(name) == SECOND_ANSWER]


def check_turn(turn: Mapping[str, Any]) -> None:
    """The same for one turn of a conversation."""
    for name, value in turn.items():
        what = _told_by(name)
        if what in (VERDICT, CONTENT) and not is_empty(value):
            _refuse(name, what)
        if what == SKIP and not is_empty(value) and value not in (False, 0):
            _refuse(name, what)


def is_weight(name: str) -> bool:
    """Whether a value of that name says how much something counts."""
    return _told_by(name) == WEIGHT


def is_learnt(weight: object) -> bool:
    """What a weight of an answer says: 0 and false that it is context, 1 and true that it is learnt, as is what has none.

    Raises:
        RowFault: it is another number, and answers are learnt wholly or not at all.
    """
    said = weight.strip().lower() if isinstance(weight, str) else weight
    if said is None or said in (1, "1", "1.0", "true"):
        return True
    if said in (0, "0", "0.0", "false"):
        return False
    raise RowFault("a weight is neither 0 nor 1, and others are not read", str(weight)[:20], _FIXES[WEIGHT])


def is_empty(value: Any) -> bool:
    """Whether a column says nothing. Tables write empty lists as text."""
    return (
        value is None or value in ([], {}) or (isinstance(value, str) and value.strip() in ("", "[]", "{}"))
    )


def _refuse(name: str, what: str) -> None:
    fault = OtherShape if what in (SECOND_ANSWER, LONE_ANSWER) else RowFault
    raise fault(f"a column seems to hold {what} and is not read", f'"{shortened(name)}"', _FIXES[what])


@lru_cache(maxsize=4096)
def _told_by(name: str) -> str | None:
    """What a column of that name seems to hold, if it changes what a row means."""
    words = _words(name)
    if not words:
        return None
    first, last = words[0], words[-1]
    if last in ("weight", "weights"):
        return WEIGHT
    if last in _SKIPS:
        return SKIP
    if first in ("thumb", "thumbs", "kto") or _is_verdict(words):
        return VERDICT
    if _is_second_answer(words):
        return SECOND_ANSWER
    if _is_content(words):
        return CONTENT
    return CONTEXT if name.lower() in _CONTEXT or (first == "system" and len(words) > 1) else None


def _is_verdict(words: tuple[str, ...]) -> bool:
    """ "label", "score_1" and "label_text" alike."""
    named = tuple(word for word in words if not word.isdigit() and word not in ("id", "text"))
    return named[-1:] != () and (named[-1] in _VERDICTS or not _VERDICTS_ANYWHERE.isdisjoint(named))


def _is_second_answer(words: tuple[str, ...]) -> bool:
    last = words[-1]
    if not _SIDES.isdisjoint(words):
        return last in _SIDES | _ANSWERS | _SEVERAL | _WHOLE
    if last in _SEVERAL or words in (("completion",), ("response",), ("output",)):
        return True
    is_numbered = last.isdigit() or (len(last) == 1 and len(words) > 1)
    return is_numbered and words[-2:-1] != () and words[-2] in _ANSWERS


def _is_content(words: tuple[str, ...]) -> bool:
    if words[-1] in _TOOLS | _REASONING | _MEDIA:
        return True
    return words[0] in _MEDIA | _REASONING or words in (("reasoning", "content"), ("tool", "choice"))
