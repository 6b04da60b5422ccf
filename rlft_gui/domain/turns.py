"""Turns of a conversation, as stored rows have them."""

import json
from collections.abc import Mapping
from typing import Any

#: {"role": "system" | "user" | "assistant" | "tool", "content": text}. An assistant's turn may have "tool_calls"
#: [{"type": "function", "function": {"name", "arguments": object}}, …], and the first turn "tools", the definitions.
Message = dict[str, Any]


def said(turn: Mapping[str, Any]) -> str:
    """What a turn says as text: its words, and below them each call of a tool as name(arguments)."""
    calls = [call["function"] for call in turn.get("tool_calls", ())]
    told = [f"{call['name']}({json.dumps(call['arguments'], ensure_ascii=False)})" for call in calls]
    return "\n".join([turn["content"], *told] if turn["content"] else told)
