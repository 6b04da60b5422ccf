"""Calls of tools in turns, as OpenAI and as ShareGPT write them, and the definitions that stand beside a conversation.

They are kept as Transformers' chat templates take them: arguments as an object, not as the text that APIs send. Whether
a template can say them is found out where it is known, and rows that it cannot say are left out there.
"""

import json
from typing import Any

from rlft_gui.data.shapes.faults import RowFault, kind, shortened
from rlft_gui.domain.turns import Message

#: Fields of a turn that belong to calls.
FIELDS = ("tool_calls", "tool_call_id")
#: ShareGPT's speaker whose words are a call.
CALLER = "function_call"


def calls_of(turn: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """The calls of an assistant's turn; [] if it has none.

    Raises:
        RowFault: one is not written as a call.
    """
    if turn.get("from") == CALLER:
        written = _loaded(turn.get("value"), field)
        return [_call(one, field) for one in (written if isinstance(written, list) else [written])]
    calls = turn.get("tool_calls") or []
    if not isinstance(calls, list):
        raise RowFault(f'the tool calls of a turn in "{field}" are {kind(calls)}, expected a list')
    return [_call(one, field) for one in calls]


def with_tools(prompt: list[Message], written: Any) -> list[Message]:
    """The prompt with the definitions of tools in its first turn.

    Raises:
        RowFault: they are no list of definitions.
    """
    tools = _loaded(written, "tools")
    if not isinstance(tools, list):
        raise RowFault('field "tools" is no list of definitions of tools', kind(tools))
    first, *rest = prompt
    return [{**first, "tools": [_defined(tool) for tool in tools]}, *rest]


def out_of_order(before: Message, after: Message) -> str:
    """What is wrong where one turn follows another; "" if nothing is."""
    if after["role"] == "tool" and before["role"] != "tool" and "tool_calls" not in before:
        return "a tool answers that nobody called"
    if "tool_calls" in before and after["role"] != "tool":
        return "a call of a tool is not followed by what the tool said"
    if before["role"] == after["role"] != "tool":
        return "two turns of the same side follow each other"
    return ""


def _call(written: Any, field: str) -> dict[str, Any]:
    call = written.get("function", written) if isinstance(written, dict) else None
    name = call.get("name") if isinstance(call, dict) else None
    if not isinstance(call, dict) or not isinstance(name, str) or not name.strip():
        raise RowFault(f'a tool call in "{field}" has no name', shortened(str(written)))
    arguments = _loaded(call.get("arguments") or {}, field)
    if not isinstance(arguments, dict):
        raise RowFault(f'the arguments of a tool call in "{field}" are {kind(arguments)}, expected an object')
    made = {"type": "function", "function": {"name": name, "arguments": arguments}}
    number = written.get("id")
    return {"id": number, **made} if isinstance(number, str) and number else made


def _defined(tool: Any) -> dict[str, Any]:
    """OpenAI's definitions say that they are of a function; LLaMA-Factory's are the function alone."""
    defined = (
        tool if isinstance(tool, dict) and "function" in tool else {"type": "function", "function": tool}
    )
    function = defined["function"]
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise RowFault('a definition in field "tools" has no name', shortened(str(tool)))
    return defined


def _loaded(written: Any, field: str) -> Any:
    if not isinstance(written, str):
        return written
    try:
        return json.loads(written)
    except ValueError:
        raise RowFault(f'what belongs to tools in "{field}" is no JSON', shortened(written)) from None
