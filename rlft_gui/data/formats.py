"""The shapes of rows that are understood, and how each becomes messages.

Which shape a file has is decided by its columns; where two fit, the one with more columns is taken, or else the earlier
in FORMATS. A multi-turn conversation gives one row: its last answer is what is learnt, all turns before are the prompt.
Plain text without a question, and tool calls, are not understood.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rlft_gui.data.faults import RowFault, kind, shortened
from rlft_gui.data.judgements import final_answer, margin, scores, verdict
from rlft_gui.data.messages import Message, checked_text, conversation, optional_text, text, turns
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

Row = dict[str, Any]

#: Columns that hold answers. A row with a prompt and one of them that fits no shape is not meant as a prompt alone.
_ANSWERS = ("completion", "response", "output", "chosen", "rejected")


@dataclass(frozen=True)
class Format:
    """One shape of rows."""

    name: str
    columns: tuple[str, ...]  #: those that every row must have
    type: DataType
    normalised: Callable[[Row], Row]  #: raises RowFault
    not_beside: tuple[str, ...] = ()  #: columns with which rows have another shape

    def fits(self, row: Row) -> bool:
        return all(name in row for name in self.columns) and not any(name in row for name in self.not_beside)


def _pair(prompt: list[Message], row: Row) -> Row:
    """A preference for `prompt` from the row's chosen and rejected."""
    _check_asks(prompt)
    chosen, rejected = (_answer(row, side, prompt) for side in ("chosen", "rejected"))
    if chosen["content"].strip() == rejected["content"].strip():
        raise RowFault("chosen and rejected are the same")
    source = {"source": row["source"]} if isinstance(row.get("source"), str) else {}
    return {"prompt": prompt, "chosen": [chosen], "rejected": [rejected], **source, **margin(row)}


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


def _answer(row: Row, field: str, prompt: list[Message]) -> Message:
    """The assistant's turn in a field that holds text, a turn, or a conversation that starts with the prompt."""
    if field not in row:
        raise RowFault(f'field "{field}" is missing')
    value = row[field]
    if not isinstance(value, list | dict):
        content = checked_text(value, field)
        if not content.strip():
            raise RowFault(
                "the answer is empty"
                if field in ("completion", "output", "response")
                else f"{field} is empty"
            )
        return {"role": "assistant", "content": content}
    *before, answer = turns(value, field)
    if answer["role"] != "assistant":
        raise RowFault(f'the last turn of "{field}" is not the assistant\'s')
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


def _shared_prompt(row: Row) -> list[Message]:
    """What chosen and rejected, both whole conversations, have in common: all but the last turn."""
    if "chosen" not in row:
        raise RowFault('field "chosen" is missing')
    if not isinstance(row["chosen"], list):
        raise RowFault(
            f'there is no prompt, and field "chosen" is {kind(row["chosen"])}, expected a list of turns'
        )
    return conversation(optional_text(row, "system"), turns(row["chosen"], "chosen")[:-1])


def _alpaca(row: Row) -> Row:
    prompt = _alpaca_prompt(row)
    return _demonstration(prompt, _answer(row, "output", prompt))


def _prompt_completion(row: Row) -> Row:
    prompt = _prompt(row)
    return _demonstration(prompt, _answer(row, "completion", prompt))


def _prompt_response(row: Row) -> Row:
    prompt = _prompt(row)
    return _demonstration(prompt, _answer(row, "response", prompt))


def _said(row: Row, field: str) -> Row:
    return _from_conversation(_spoken(row, field))


def _thumbs(name: str, columns: tuple[str, ...], demonstration: Callable[[Row], Row], field: str) -> Format:
    """A demonstration with a verdict, good or bad. Whoever imitates must not learn from it, so it is no demonstration."""
    return Format(
        name,
        (*columns, field),
        DataType.THUMBS,
        lambda row: {**demonstration(row), "label": verdict(row, field)},
    )


def _ratings(name: str, columns: tuple[str, ...], demonstration: Callable[[Row], Row], field: str) -> Format:
    """A demonstration with points, in an object, in one column, or in a column for each attribute."""
    return Format(
        name,
        (*columns, field),
        DataType.RATINGS,
        lambda row: {**demonstration(row), "scores": scores(row, field)},
    )


def _question(row: Row) -> Row:
    asked = conversation(optional_text(row, "system"), [_asked(text(row, "question"))])
    return {"prompt": asked, "answer": final_answer(row)}


def _only_prompt(row: Row) -> Row:
    prompt = _prompt(row)
    _check_asks(prompt)
    return {"prompt": prompt, **({"answer": final_answer(row)} if row.get("answer") is not None else {})}


FORMATS = (
    Format(
        "sharegpt preferences",
        ("conversations", "chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_spoken(row, "conversations"), row),
    ),
    Format(
        "alpaca preferences",
        ("instruction", "chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_alpaca_prompt(row), row),
    ),
    Format(
        "prompt, chosen, rejected",
        ("prompt", "chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_prompt(row), row),
    ),
    Format(
        "chosen, rejected",
        ("chosen", "rejected"),
        DataType.PREFERENCES,
        lambda row: _pair(_shared_prompt(row), row),
    ),
    _thumbs("alpaca, label", ("instruction", "output"), _alpaca, "label"),
    _thumbs("alpaca, kto_tag", ("instruction", "output"), _alpaca, "kto_tag"),
    _thumbs("prompt, completion, label", ("prompt", "completion"), _prompt_completion, "label"),
    _thumbs("prompt, response, label", ("prompt", "response"), _prompt_response, "label"),
    _thumbs("prompt, response, thumbs", ("prompt", "response"), _prompt_response, "thumbs"),
    _thumbs("messages, label", ("messages",), lambda row: _said(row, "messages"), "label"),
    _thumbs("sharegpt, kto_tag", ("conversations",), lambda row: _said(row, "conversations"), "kto_tag"),
    _ratings("prompt, completion, scores", ("prompt", "completion"), _prompt_completion, "scores"),
    _ratings("prompt, response, scores", ("prompt", "response"), _prompt_response, "scores"),
    _ratings("prompt, completion, rating", ("prompt", "completion"), _prompt_completion, "rating"),
    _ratings("helpsteer", ("prompt", "response"), _prompt_response, "helpfulness"),
    Format("alpaca", ("instruction", "output"), DataType.DEMONSTRATIONS, _alpaca),
    Format("prompt, completion", ("prompt", "completion"), DataType.DEMONSTRATIONS, _prompt_completion),
    Format("prompt, response", ("prompt", "response"), DataType.DEMONSTRATIONS, _prompt_response),
    Format("messages", ("messages",), DataType.DEMONSTRATIONS, lambda row: _said(row, "messages")),
    Format("sharegpt", ("conversations",), DataType.DEMONSTRATIONS, lambda row: _said(row, "conversations")),
    Format("question, answer", ("question", "answer"), DataType.PROMPTS, _question),
    Format("prompt", ("prompt",), DataType.PROMPTS, _only_prompt, not_beside=_ANSWERS),
)


def detect(name: str, rows: Sequence[Row]) -> Format:
    """The shape that most of these rows have; a shape with further columns, if half of those have them too.

    So a few rows without an answer do not make prompts of demonstrations, and labels are not overlooked.

    Raises:
        InvalidInput: no row has all columns of any shape; names the columns found and the shapes.
    """
    found: Counter[str] = Counter()
    fitting: Counter[str] = Counter()
    for row in rows:
        found.update(row.keys())
        fitting.update(form.name for form in FORMATS if form.fits(row))
    best = max(FORMATS, key=lambda f: fitting[f.name])
    if not fitting[best.name]:
        columns = ", ".join(shortened(column, 30) for column, _ in found.most_common(12))
        raise InvalidInput(
            f"{name}: its columns ({columns or 'none'}) fit no known shape; expected one of: {_shapes()}."
        )
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


def _shapes() -> str:
    return "; ".join(" + ".join(f.columns) for f in FORMATS)
