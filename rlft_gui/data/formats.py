"""The shapes of rows that are understood, and how each becomes messages.

How a conversation is written and what is said about its answer are told apart, and each way of writing goes with each
kind of verdict. Which shape a file has is decided by its columns; where two fit, the one with more columns is taken, or
else the earlier in FORMATS. A multi-turn conversation gives one row: its last answer is what is learnt, all turns before
are the prompt. Plain text without a question, and tool calls, are not understood.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from rlft_gui.data.faults import RowFault, kind, shortened
from rlft_gui.data.judgements import ATTRIBUTES, final_answer, margin, scores, verdict
from rlft_gui.data.messages import Message, checked_text, conversation, is_answer, optional_text, text, turns
from rlft_gui.data.nearest import nearest
from rlft_gui.data.telling import check_columns
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

Row = dict[str, Any]

#: Columns that hold answers. A row with a prompt and one of them that fits no shape is not meant as a prompt alone.
_ANSWERS = ("completion", "response", "output", "chosen", "rejected")
#: What a row became beside its columns: sentences on what was changed, taken out again before it is stored.
CHANGES = "changes"
CUT_BEHIND = "turns behind the last answer that is to be learnt are cut"
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

    @property
    def reads(self) -> frozenset[str]:
        return frozenset((*self.columns, *self.also_read))

    def read(self, row: Row) -> Row:
        """The row as messages.

        Raises:
            RowFault: it cannot be used, or has a column that changes its meaning and is not read.
        """
        has_verdict = self.type in (DataType.PREFERENCES, DataType.THUMBS, DataType.RATINGS)
        check_columns(row, self.reads, has_verdict=has_verdict)
        return self.normalised(row)


def _pair(prompt: list[Message], row: Row) -> Row:
    """A preference for `prompt` from the row's chosen and rejected."""
    (chosen_before, chosen), (rejected_before, rejected) = (
        _side(row, side) for side in ("chosen", "rejected")
    )
    prompt = _common_prompt(prompt, chosen_before, rejected_before)
    _check_asks(prompt)
    if chosen["content"].strip() == rejected["content"].strip():
        raise RowFault("chosen and rejected are the same")
    source = {"source": row["source"]} if isinstance(row.get("source"), str) else {}
    return {"prompt": prompt, "chosen": [chosen], "rejected": [rejected], **source, **margin(row)}


def _common_prompt(prompt: list[Message], *sides: list[Message]) -> list[Message]:
    """What both answers answer: the prompt, or the longer conversation that begins with it in chosen and rejected.

    Raises:
        RowFault: they answer different conversations, or another one than the prompt.
    """
    bare = [message for message in prompt if message["role"] != "system"]
    given = [before for before in sides if before]
    longer = [before for before in given if before not in (prompt, bare)]
    if not longer:
        return prompt
    if len(given) == len(sides) and given[0] != given[1]:
        raise RowFault("chosen and rejected answer different conversations")
    whole = longer[0]
    if whole[: len(prompt)] != prompt and whole[: len(bare)] != bare:
        raise RowFault("an answer does not start with the prompt")
    if len(longer) < len(sides):
        raise RowFault("chosen and rejected answer different conversations")
    system = [] if whole[0]["role"] == "system" else prompt[: len(prompt) - len(bare)]
    return conversation("", [*system, *whole])


def _demonstration(prompt: list[Message], answer: Message) -> Row:
    _check_asks(prompt)
    return {"prompt": prompt, "completion": [answer]}


def _from_conversation(messages: list[Message]) -> Row:
    if messages[-1]["role"] != "assistant":
        raise RowFault("the last turn is not the assistant's")
    return _demonstration(messages[:-1], messages[-1])


def _check_asks(prompt: list[Message]) -> None:
    if prompt[-1]["role"] != "user":
        raise RowFault("the prompt does not end with a user turn")


def _side(row: Row, field: str) -> tuple[list[Message], Message]:
    """What stands before the answer in a field, and the answer: text, a turn, or a whole conversation."""
    if field not in row:
        raise RowFault(f'field "{field}" is missing')
    value = row[field]
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        raise RowFault(
            f'field "{field}" is a list of texts, and one answer is expected',
            fix="Of two answers call the better one chosen and the other rejected.",
        )
    if not isinstance(value, list | dict):
        content = checked_text(value, field)
        if not content.strip():
            is_alone = field in ("completion", "output", "response")
            raise RowFault("the answer is empty" if is_alone else f"{field} is empty")
        return [], {"role": "assistant", "content": content}
    *before, answer = turns(value, field)
    if answer["role"] != "assistant":
        raise RowFault(f'the last turn of "{field}" is not the assistant\'s')
    return conversation("", before) if before else [], answer


def _answer(row: Row, field: str, prompt: list[Message]) -> Message:
    """The answer in a field that may repeat the prompt before it."""
    before, answer = _side(row, field)
    if before and before not in (prompt, [m for m in prompt if m["role"] != "system"]):
        raise RowFault(f'"{field}" does not start with the prompt')
    return answer


def _prompt(row: Row) -> list[Message]:
    """The field "prompt": text, or turns."""
    value = row.get("prompt")
    system = optional_text(row, "system")
    if isinstance(value, list | dict):
        return conversation(system, turns(value, "prompt"))
    return conversation(system, [_asked(text(row, "prompt"))])


def _asked(content: str) -> Message:
    if not content.strip():
        raise RowFault("the prompt is empty")
    return {"role": "user", "content": content}


def _alpaca_prompt(row: Row) -> list[Message]:
    parts = [text(row, "instruction"), optional_text(row, "input")]
    asked = _asked("\n".join(part for part in parts if part.strip()))
    return conversation(optional_text(row, "system"), [*_alpaca_history(row), asked])


def _alpaca_history(row: Row) -> list[Message]:
    """`history` holds earlier rounds as pairs [question, answer]."""
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(r, list) and len(r) == 2 for r in history):
        raise RowFault('field "history" is not a list of pairs [question, answer]', kind(history))
    messages = []
    for question, answer in history:
        messages += [{"from": "user", "value": question}, {"from": "assistant", "value": answer}]
    return turns(messages, "history") if messages else []


def _spoken(row: Row, field: str) -> list[Message]:
    if field not in row:
        raise RowFault(f'field "{field}" is missing')
    return conversation(optional_text(row, "system"), turns(row[field], field))


def _said(row: Row, field: str) -> Row:
    """A demonstration of the last answer of a conversation that is meant to be learnt."""
    learnt = row | {field: _through_last_answer(row.get(field))} if field in row else row
    found = _from_conversation(_spoken(learnt, field))
    return found | {CHANGES: _changes(row[field], learnt[field])}


def _through_last_answer(written: Any) -> Any:
    """The turns as written up to the last answer that is to be learnt.

    Raises:
        RowFault: there are answers, but none of them is to be learnt.
    """
    if not isinstance(written, list):
        return written
    places = [place for place, turn in enumerate(written) if is_answer(turn)]
    if not places and any(is_answer(turn | {"weight": 1}) for turn in written if isinstance(turn, dict)):
        raise RowFault("every answer has weight 0, so none is to be learnt")
    return written[: places[-1] + 1] if places else written


def _changes(written: Any, learnt: Any) -> list[str]:
    roles = [turn.get("role", turn.get("from")) for turn in learnt] if isinstance(learnt, list) else []
    is_joined = any(a == b and a in ("user", "human") for a, b in pairwise(roles))
    return [*([CUT_BEHIND] if len(written) > len(learnt) else []), *([JOINED] if is_joined else [])]


def _shared_prompt(row: Row) -> list[Message]:
    """What chosen and rejected, both whole conversations, have in common: all but the last turn."""
    if "chosen" not in row:
        raise RowFault('field "chosen" is missing')
    if not isinstance(row["chosen"], list):
        raise RowFault(
            f'there is no prompt, and field "chosen" is {kind(row["chosen"])}, expected a list of turns',
            fix="Put what both answers answer into a column prompt.",
        )
    return conversation(optional_text(row, "system"), turns(row["chosen"], "chosen")[:-1])


def _alpaca(row: Row) -> Row:
    prompt = _alpaca_prompt(row)
    return _demonstration(prompt, _answer(row, "output", prompt))


def _prompted(row: Row, field: str) -> Row:
    prompt = _prompt(row)
    return _demonstration(prompt, _answer(row, field, prompt))


def _question(row: Row) -> Row:
    asked = conversation(optional_text(row, "system"), [_asked(text(row, "question"))])
    return {"prompt": asked, "answer": final_answer(row)}


def _only_prompt(row: Row) -> Row:
    prompt = _prompt(row)
    _check_asks(prompt)
    return {"prompt": prompt, **({"answer": final_answer(row)} if row.get("answer") is not None else {})}


_ALPACA_TOO = ("input", "system", "history")
_PAIR_TOO = ("system", "margin", "source")

#: How a conversation with one answer may be written.
CONVERSATIONS = tuple(
    Format(name, columns, DataType.DEMONSTRATIONS, normalised, also_read)
    for name, columns, normalised, also_read in (
        ("alpaca", ("instruction", "output"), _alpaca, _ALPACA_TOO),
        (
            "prompt, completion",
            ("prompt", "completion"),
            lambda row: _prompted(row, "completion"),
            ("system",),
        ),
        ("prompt, response", ("prompt", "response"), lambda row: _prompted(row, "response"), ("system",)),
        ("prompt, output", ("prompt", "output"), lambda row: _prompted(row, "output"), ("system",)),
        ("messages", ("messages",), lambda row: _said(row, "messages"), ("system",)),
        ("sharegpt", ("conversations",), lambda row: _said(row, "conversations"), ("system",)),
    )
)
THUMBS = ("label", "kto_tag", "thumbs")
POINTS = ("scores", "rating", "score", *ATTRIBUTES)


def _judged(said: Format, field: str) -> Format:
    """A conversation with a verdict on its answer: good or bad, or points. Whoever imitates must not learn from it."""
    reads = said.normalised
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
    Format(
        "sharegpt preferences",
        ("conversations", "chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_spoken(row, "conversations"), row),
        _PAIR_TOO,
    ),
    Format(
        "alpaca preferences",
        ("instruction", "chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_alpaca_prompt(row), row),
        (*_ALPACA_TOO, *_PAIR_TOO),
    ),
    Format(
        "prompt, chosen, rejected",
        ("prompt", "chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_prompt(row), row),
        _PAIR_TOO,
    ),
    Format(
        "chosen, rejected",
        ("chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_shared_prompt(row), row),
        _PAIR_TOO,
    ),
    *(_judged(said, field) for field in (*THUMBS, *POINTS) for said in CONVERSATIONS),
    *CONVERSATIONS,
    Format("question, answer", ("question", "answer"), DataType.PROMPTS, _question, ("system",)),
    Format("prompt", ("prompt",), DataType.PROMPTS, _only_prompt, ("system", "answer"), not_beside=_ANSWERS),
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
