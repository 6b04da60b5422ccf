"""What is answered in a row: by one answer, by the last turn of a conversation, or by a better and a worse one.

All raise RowFault where nothing can be learnt from the row.
"""

from typing import Any

from rlft_gui.data.shapes.asking import from_turns
from rlft_gui.data.shapes.faults import OtherShape, RowFault
from rlft_gui.data.shapes.messages import conversation, is_answer, is_to_learn, one_turn, turns
from rlft_gui.data.shapes.transcripts import spoken
from rlft_gui.data.shapes.verdicts import certainty, check_order, margin
from rlft_gui.domain.turns import Message, said

Row = dict[str, Any]

#: What a row became beside its columns: sentences on what was changed, taken out again before it is stored.
CHANGES = "changes"
CUT_BEHIND = "turns behind the last answer that is to be learnt are cut"
NOT_LEARNT = "the answer has weight 0, so it is not to be learnt"


def pair(prompt: list[Message], row: Row) -> Row:
    """A preference for `prompt` from the row's chosen and rejected."""
    (chosen_before, chosen), (rejected_before, rejected) = (
        _side(row, side) for side in ("chosen", "rejected")
    )
    if prompt == [*chosen_before, chosen]:  # a copy of the better conversation beside both
        prompt = chosen_before
    prompt = _common_prompt(prompt, chosen_before, rejected_before)
    check_asks(prompt)
    if said(chosen).strip() == said(rejected).strip():
        raise RowFault("chosen and rejected are the same")
    check_order(row)
    source = {"source": row["source"]} if isinstance(row.get("source"), str) else {}
    return {
        "prompt": prompt,
        "chosen": [chosen],
        "rejected": [rejected],
        **source,
        **margin(row),
        **certainty(row),
    }


def demonstration(prompt: list[Message], answer: Message) -> Row:
    check_asks(prompt)
    return {"prompt": prompt, "completion": [answer]}


def _from_conversation(messages: list[Message]) -> Row:
    if messages[-1]["role"] != "assistant":
        raise RowFault("the last turn is not the assistant's")
    return demonstration(messages[:-1], messages[-1])


def answer(row: Row, field: str, prompt: list[Message]) -> Message:
    """The answer in a field that may repeat the prompt before it."""
    before, answer = _side(row, field)
    if before and before not in (prompt, [m for m in prompt if m["role"] != "system"]):
        raise RowFault(f'"{field}" does not start with the prompt')
    return answer


def last_answer(row: Row, field: str) -> Row:
    """A demonstration of the last answer of a conversation that is meant to be learnt."""
    learnt = row | {field: _through_last_answer(row.get(field))} if field in row else row
    found = _from_conversation(from_turns(learnt, field))
    return found | {CHANGES: [CUT_BEHIND] if len(learnt[field]) < len(row[field]) else []}


def check_asks(prompt: list[Message]) -> None:
    if prompt[-1]["role"] not in ("user", "tool"):
        raise RowFault("the prompt does not end with a user turn")


def _side(row: Row, field: str) -> tuple[list[Message], Message]:
    """What stands before the answer in a field, and the answer: text, a turn, or a whole conversation."""
    if field not in row:
        raise RowFault(f'field "{field}" is missing')
    value = row[field]
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        raise OtherShape(
            f'field "{field}" is a list of texts, and one answer is expected',
            fix="Of two answers call the better one chosen and the other rejected.",
        )
    if isinstance(value, str) and spoken(value):
        value = spoken(value)
    if not isinstance(value, list | dict):
        content = one_turn(value, field)
        if not content.strip():
            is_alone = field in ("completion", "output", "response")
            raise RowFault("the answer is empty" if is_alone else f"{field} is empty")
        return [], {"role": "assistant", "content": content}
    *before, answer = turns(value, field)
    if answer["role"] != "assistant":
        raise RowFault(f'the last turn of "{field}" is not the assistant\'s')
    if not is_to_learn(value[-1] if isinstance(value, list) else value):
        raise RowFault(NOT_LEARNT)
    return conversation("", before) if before else [], answer


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
    spoken_of = [message for message in whole if message["role"] != "system"]
    if spoken_of[: len(bare)] != bare or (whole != spoken_of and prompt != bare and whole[0] != prompt[0]):
        raise RowFault("an answer does not start with the prompt")
    if len(longer) < len(sides):
        raise RowFault("chosen and rejected answer different conversations")
    system = [] if whole != spoken_of else prompt[: len(prompt) - len(bare)]
    return conversation("", [*system, *whole])


def _through_last_answer(written: Any) -> Any:
    """The turns as written up to the last answer that is to be learnt.

    Raises:
        RowFault: there are answers, but none of them is to be learnt.
    """
    if not isinstance(written, list):
        return written
    answers = [place for place, turn in enumerate(written) if is_answer(turn)]
    places = [place for place in answers if is_to_learn(written[place])]
    if answers and not places:
        raise RowFault("every answer has weight 0, so none is to be learnt")
    return written[: places[-1] + 1] if places else written
