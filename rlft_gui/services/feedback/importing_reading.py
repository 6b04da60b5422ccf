"""What readers of other tools' verdicts have in common: what one row comes to, and what is looked for in it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rlft_gui.data.shapes.faults import RowFault, kind, on_one_line, shortened_within
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import (
    LONGEST_NAME,
    Answer,
    Choice,
    JudgedPrompt,
    Rater,
    RaterKind,
    Verdict,
    Vote,
    VoteKind,
)

Row = Mapping[str, Any]
_TITLE = 80  #: characters of a model's name on screens


class Judged(NamedTuple):
    """One verdict with what it is about. The set in the vote is still empty."""

    prompt: JudgedPrompt
    answers: tuple[Answer, ...]
    vote: Vote


@dataclass(frozen=True)
class Format:
    """One way in which verdicts are written.

    Attributes:
        is_it: whether a row is written so; the first row of a file decides.
        read: the verdicts in a row. RowFault leaves the row out and counts it; InvalidInput refuses the file.
        expected: how such rows look, for people.
        together: verdicts that only several rows say together, from all of them that could be read.
        noted: what a person should know of how all rows were read, as sentences; InvalidInput refuses the file.
    """

    name: str
    is_it: Callable[[Row], bool]
    read: Callable[[Row], list[Judged]]
    expected: str
    together: Callable[[list[Row]], Iterator[Judged]] | None = None
    noted: Callable[[Sequence[Row]], tuple[str, ...]] | None = None


def pair(
    prompt: JudgedPrompt,
    models: tuple[str, str],
    texts: tuple[str, str],
    rater: Rater,
    verdict: Verdict,
    **others: Any,
) -> Judged:
    """A verdict on two answers; the first is A, and stood left."""
    answers = tuple(answer_of(prompt, model, text) for model, text in zip(models, texts, strict=True))
    vote = Vote(
        votes="", rater=rater, kind=VoteKind.PAIR, prompt_id=prompt.id, a=answers[0].id, b=answers[1].id, verdict=verdict,
        **others,
    )  # fmt: skip
    return Judged(prompt, answers, vote)


def answer_of(prompt: JudgedPrompt, model: str, text: str) -> Answer:
    """What a model that the file names has answered. Its whole name is kept, and only screens have it shortened."""
    return Answer(prompt_id=prompt.id, model=model, text=text, title=shortened_within(model, _TITLE))


def shared(to_first: float) -> Verdict:
    """A verdict of which a share, 0 to 1, goes to the first answer."""
    choice = Choice.TIE if to_first == 0.5 else Choice.A if to_first > 0.5 else Choice.B
    return Verdict(choice=choice, share=to_first)


def chosen(choice: Choice) -> Verdict:
    return Verdict(choice=choice)


def asked(value: Any, kind_of_prompt: str = "") -> JudgedPrompt:
    """What was asked, from text or from turns.

    Raises:
        RowFault: it is neither.
    """
    turns = value
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            turns = json.loads(value)
        except ValueError:
            turns = value
    if isinstance(turns, list) and turns and all(_is_turn(turn) for turn in turns):
        messages = tuple({"role": turn["role"], "content": turn["content"]} for turn in turns)
        return JudgedPrompt(messages=messages, kind=kind_of_prompt)
    if not isinstance(value, str) or not value.strip():
        raise RowFault("nothing was asked", kind(value))
    return JudgedPrompt(messages=({"role": "user", "content": value},), kind=kind_of_prompt)


def text_of(row: Row, column: str) -> str:
    """The text of a column that every row must have.

    Raises:
        InvalidInput: it is missing, or no text.
    """
    value = row.get(column)
    if not isinstance(value, str):
        raise InvalidInput(f'"{column}" is {kind(value)}, and text is expected')
    return value


def words_of(row: Row, *columns: str) -> str:
    """The first of these columns that holds a word or a number, on one line and whole.

    Raises:
        InvalidInput: it is too long for a name. It is never cut, for then two that begin alike would become one.
    """
    for column in columns:
        value = row.get(column)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return _name(str(value), f'"{column}"')
    return ""


def rater_of(name: str, rater_kind: RaterKind) -> Rater:
    """Raises: InvalidInput, where the name is too long."""
    return Rater(name=_name(name, "the rater's name"), kind=rater_kind)


def _name(text: str, what: str) -> str:
    found = on_one_line(text)
    if len(found) > LONGEST_NAME:
        raise InvalidInput(
            f"{what} has {len(found):,} characters, and a name has {LONGEST_NAME} at most; give a shorter one"
        )
    return found


def _is_turn(turn: Any) -> bool:
    return (
        isinstance(turn, dict) and isinstance(turn.get("role"), str) and isinstance(turn.get("content"), str)
    )
