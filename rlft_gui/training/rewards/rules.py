"""Rewards by rule: verifiers, keyword rules, and the random control. Nothing is learned and nothing is loaded."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.reward_terms import Term, bounds, words
from rlft_gui.training.rewards._base import Reward
from rlft_gui.training.rewards.numbers import answered, right_answer
from rlft_gui.training.rewards.patterns import is_found
from rlft_gui.training.rows import Row, prompt_key

_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)")
_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")
_MARKDOWN = re.compile(r"(?<!\w)[*_`]{1,3}\w|^\s*(?:[-*]|#{1,6})\s|```", re.MULTILINE)


def rule(term: Term) -> Reward:
    """The reward of a rule's term; kinds as in `terms`."""
    judged = _judged(term)
    return lambda prompts, completions: [
        judged(row, text) for row, text in zip(prompts, completions, strict=True)
    ]


def _judged(term: Term) -> Callable[[Row, str], float]:
    """Scores one answer to one row."""
    if term.kind == "number":
        return _exact_number
    if term.kind == "exact":
        return _exact
    if term.kind == "json":
        return _same_json
    if term.kind == "random":
        return _random
    if term.kind == "regex":
        pattern = re.compile(term.argument)
        return lambda _, text: float(is_found(pattern, text))
    if term.kind == "length":
        fewest, most = bounds(term.argument)
        return lambda _, text: float(fewest <= len(text.split()) <= most)
    if term.kind == "format":
        return lambda _, text: float(_has_format(term.argument, text))
    good, bad = words(term.argument)
    return lambda _, text: _keywords(text, good, bad)


def _exact_number(row: Row, text: str) -> float:
    """1 if the answer ends in the row's number, however both are written, else 0."""
    right = right_answer(_right("number", row))
    return float(right is not None and right == answered(text))


def _exact(row: Row, text: str) -> float:
    """1 if the answer is the row's, but for case, spaces and the marks at its ends, else 0."""
    return float(_bare(text) == _bare(_right("exact", row)))


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(".!?\"' ").casefold()


def _same_json(row: Row, text: str) -> float:
    """Share of the row's keys that the answer, one JSON object and nothing else, gives the right value; others count as
    wrong ones."""
    right, found = json_object(_right("json", row)), json_object(text)
    if not right or found is None:
        return 0.0
    same = sum(key in found and _is_same(found[key], value) for key, value in right.items())
    return same / len(right | found)


def _is_same(one: Any, other: Any) -> bool:
    # In Python 1 equals true.
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _right(term: str, row: Row) -> str:
    if "answer" not in row:
        raise InvalidInput(
            f'The reward "{term}" compares with a column "answer", which these rows do not have. Choose data with '
            "answers, or another reward."
        )
    return str(row["answer"])


def _random(row: Row, text: str) -> float:
    """A number in [0, 1) that depends on nothing but prompt and answer: a control that means nothing."""
    # Not random.random(): the same answer must always get the same score, also after a resume.
    digest = hashlib.sha256((prompt_key(row) + text).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def _has_format(kind: str, text: str) -> bool:
    if kind == "json":
        return _is_json(text)
    if kind == "one sentence":
        ends = list(_SENTENCE_END.finditer(text.strip()))
        return len(ends) == 1 and ends[0].end() == len(text.strip())
    if kind == "list":
        lines = [line for line in text.splitlines() if line.strip()]
        return len(lines) > 1 and all(_LIST_ITEM.match(line) for line in lines)
    return _MARKDOWN.search(text) is None


def _is_json(text: str) -> bool:
    return _read_json(text)[0]


def json_object(text: str) -> dict[str, Any] | None:
    """The object that a text is; None if it is anything else."""
    found = _read_json(text)[1]
    return found if isinstance(found, dict) else None


def _read_json(text: str) -> tuple[bool, Any]:
    """Whether a text is JSON, and what it says."""
    try:
        return True, json.loads(text)
    except (ValueError, RecursionError):  # the latter for thousands of open brackets
        return False, None


def _keywords(text: str, good: tuple[str, ...], bad: tuple[str, ...]) -> float:
    """+1 with a good word, −1 with a bad one (which outweighs), 0 with neither. Only whole words count."""
    if any(_contains(text, word) for word in bad):
        return -1.0
    return float(any(_contains(text, word) for word in good))


def _contains(text: str, word: str) -> bool:
    # Not \b, which finds no edge beside a keyword such as "C++" that ends in a mark.
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
