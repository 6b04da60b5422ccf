"""What is asked in a row, from the ways of writing it: a prompt, an instruction, a question, or turns.

Each function gives the messages that an answer follows, and raises RowFault where the row has none.
"""

from typing import Any

from rlft_gui.data.shapes.faults import RowFault, kind
from rlft_gui.data.shapes.messages import check_one_turn, conversation, optional_text, text, turns
from rlft_gui.data.shapes.transcripts import spoken
from rlft_gui.domain.turns import Message

Row = dict[str, Any]

#: Columns that any way of asking may have beside its own.
SYSTEM = ("system", "system_prompt")
#: Columns beside whole conversations.
BESIDE_TURNS = (*SYSTEM, "tools")


def from_prompt(row: Row) -> list[Message]:
    """The field "prompt": text, or turns."""
    value = row.get("prompt")
    system = _system(row)
    if isinstance(value, list | dict):
        return conversation(system, turns(value, "prompt"))
    asked = text(row, "prompt")
    if spoken(asked):
        return conversation(system, turns(asked, "prompt"))
    return conversation(system, [*_history(row), _asked(asked)])


def from_text(row: Row, field: str) -> list[Message]:
    """One question, behind earlier rounds where the row has some."""
    return conversation(_system(row), [*_history(row), _asked(text(row, field))])


def from_instruction(row: Row) -> list[Message]:
    parts = [text(row, "instruction"), optional_text(row, "input"), optional_text(row, "context")]
    asked = _asked("\n".join(part for part in parts if part.strip()))
    return conversation(_system(row), [*_history(row), asked])


def from_turns(row: Row, field: str) -> list[Message]:
    if field not in row:
        raise RowFault(f'field "{field}" is missing')
    return conversation(_system(row), turns(row[field], field))


def shared(row: Row) -> list[Message]:
    """What chosen and rejected, both whole conversations, have in common: all but the last turn."""
    if "chosen" not in row:
        raise RowFault('field "chosen" is missing')
    if isinstance(row["chosen"], str) and not spoken(row["chosen"]):
        check_one_turn(row["chosen"], "chosen")
    if not isinstance(row["chosen"], list) and not spoken(str(row["chosen"])):
        raise RowFault(
            f'there is no prompt, and field "chosen" is {kind(row["chosen"])}, expected a list of turns',
            fix="Put what both answers answer into a column prompt.",
        )
    return conversation(_system(row), turns(row["chosen"], "chosen")[:-1])


def _system(row: Row) -> str:
    """The row's own system message, by either of its names."""
    return optional_text(row, "system") or optional_text(row, "system_prompt")


def _asked(content: str) -> Message:
    if not content.strip():
        raise RowFault("the prompt is empty")
    check_one_turn(content, "prompt")
    return {"role": "user", "content": content}


def _history(row: Row) -> list[Message]:
    """`history` holds earlier rounds, as pairs [question, answer] or as turns."""
    history = row.get("history") or []
    if isinstance(history, list) and all(isinstance(turn, dict) for turn in history):
        return turns(history, "history") if history else []
    if not isinstance(history, list) or not all(isinstance(r, list) and len(r) == 2 for r in history):
        raise RowFault('field "history" is not a list of pairs [question, answer]', kind(history))
    messages = []
    for question, answer in history:
        messages += [{"from": "user", "value": question}, {"from": "assistant", "value": answer}]
    return turns(messages, "history")
