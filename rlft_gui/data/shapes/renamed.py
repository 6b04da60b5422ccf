"""Preferences that other tools write under names of their own, given the names that are read here."""

from typing import Any

from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.data.shapes.messages import is_answer

Row = dict[str, Any]


def of_openai(row: Row) -> Row:
    """OpenAI's preference files: `input` holds the messages, and the outputs are lists of turns."""
    asked = row["input"]
    if not isinstance(asked, dict):
        raise RowFault('field "input" has no messages')
    tools = {"tools": asked["tools"]} if asked.get("tools") else {}
    return {
        **_without(row, "input", "preferred_output", "non_preferred_output"),
        **tools,
        "messages": asked.get("messages"),
        "chosen": row["preferred_output"],
        "rejected": row["non_preferred_output"],
    }


def with_last_chosen(row: Row, rejected: str) -> Row:
    """ms-swift's files: the last turn of `messages` is the better answer, the worse stands in `rejected`."""
    written = row["messages"]
    if not isinstance(written, list) or not written or not is_answer(written[-1]):
        raise RowFault('the last turn of "messages" is not the assistant\'s')
    return {
        **_without(row, "messages", rejected),
        "messages": written[:-1],
        "chosen": written[-1:],
        "rejected": row[rejected],
    }


def named(row: Row, names: dict[str, str]) -> Row:
    """The row with columns under other names."""
    return {names.get(name, name): value for name, value in row.items()}


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
