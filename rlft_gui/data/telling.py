"""Columns that change what a row means. One that is there and not read must not be passed over.

A shape reads some columns. Of the others most say nothing about the answer (an id, a topic) and are told as not read.
These do: a verdict nobody reads would have bad answers imitated, a second answer or a tool call would be lost.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from rlft_gui.data.faults import RowFault

#: Say how good the answer is.
VERDICTS = frozenset(
    [
        "label",
        "labels",
        "kto_tag",
        "thumbs",
        "thumb",
        "thumbs_up",
        "thumbs_down",
        "rating",
        "ratings",
        "score",
        "scores",
        "verdict",
        "vote",
        "votes",
        "feedback",
        "preference",
        "preferred",
        "is_good",
        "is_bad",
        "is_correct",
        "is_preferred",
        "good",
        "bad",
        "liked",
        "like",
        "quality",
        "reward",
        "rewards",
        "desirable",
        "winner",
        "selected",
        "pairwise",
        "accepted",
        "grade",
        "stars",
        "overall_score",
        "helpfulness",
        "correctness",
        "coherence",
        "complexity",
        "verbosity",
        "accuracy",
        "honesty",
        "harmlessness",
        "safety",
    ]
)
#: Hold another answer to the same prompt.
SECOND_ANSWERS = frozenset(
    [
        "chosen",
        "rejected",
        "rejected_response",
        "rejected_messages",
        "chosen_messages",
        "chosen_response",
        "preferred_output",
        "non_preferred_output",
        "answer1",
        "answer2",
        "answer_1",
        "answer_2",
        "answer_a",
        "answer_b",
        "response1",
        "response2",
        "response_1",
        "response_2",
        "response_a",
        "response_b",
        "output1",
        "output2",
        "output_1",
        "output_2",
        "output_a",
        "output_b",
        "completion_a",
        "completion_b",
        "responses",
        "answers",
        "completions",
        "candidates",
    ]
)
#: Belong to what is said, and no shape reads them.
CONTENT = frozenset(
    [
        "tools",
        "functions",
        "tool_calls",
        "function_call",
        "reasoning_content",
        "reasoning",
        "thinking",
        "image",
        "images",
        "video",
        "videos",
        "audio",
        "audios",
        "documents",
    ]
)

_FIXES = {
    "a verdict on the answer": "Call it label (good or bad), rating (a number) or scores, or leave the column out to imitate "
    "all answers.",
    "another answer": "For preferences call the two answers chosen and rejected; else leave the column out.",
    "a part of what is said": "Leave such rows out; reasoning may stand in the answer itself, as <think>…</think>.",
}


def check_columns(row: Mapping[str, Any], read: Collection[str], *, has_verdict: bool) -> None:
    """Refuse a row in which a telling column has a value and is not among those `read`.

    Args:
        has_verdict: a verdict was read, so that another one beside it cannot make a demonstration of a bad answer.

    Raises:
        RowFault: names the column, what it seems to hold, and what to do.
    """
    _check(row, SECOND_ANSWERS - set(read), "another answer")
    _check(row, CONTENT - set(read), "a part of what is said")
    if not has_verdict:
        _check(row, VERDICTS - set(read), "a verdict on the answer")


def check_turn(turn: Mapping[str, Any]) -> None:
    """The same for one turn of a conversation."""
    _check(turn, CONTENT, "a part of what is said")


def _check(values: Mapping[str, Any], names: Iterable[str], what: str) -> None:
    for name in sorted(names):
        if not _is_empty(values.get(name)):
            raise RowFault(f'"{name}" seems to hold {what} and is not read', fix=_FIXES[what])


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
