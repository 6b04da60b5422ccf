"""Turns of a conversation, from the two notations people use, checked so that any chat template can render them.

`{"from": "human", "value": …}` (ShareGPT) and `{"role": "user", "content": …}` (OpenAI, TRL) mean the same. Content
may be a list of text parts, which are joined. Images and other content than text are refused. What a turn
keeps of reasoning apart from its content is written before it, as <think>…</think>, in the last answer alone: templates
leave earlier reasoning out.
"""

import re
from itertools import pairwise
from typing import Any

from rlft_gui.data.shapes.faults import RowFault, kind, shortened
from rlft_gui.data.shapes.telling import check_turn, is_learnt, is_weight
from rlft_gui.data.shapes.tools import CALLER, FIELDS, calls_of, out_of_order
from rlft_gui.data.shapes.transcripts import spoken
from rlft_gui.domain.turns import Message

_ROLES = {
    "system": "system",
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "developer": "system",
    CALLER: "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "ipython": "tool",
}
#: What a turn thought, apart from what it said.
REASONING = ("reasoning_content", "reasoning", "thinking")
#: OpenAI's, ms-swift's and axolotl's; the last two say it of parts of a turn.
_MARKS_OF_LEARNING = ("weight", "loss", "train", "training", "train_on", "train_detail", "training_detail")
_TRANSCRIPT = re.compile(
    r"\s*(?:<s>\s*)?(?:<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|\[INST\])|"
    r"\s*(?:#+\s*)?(?:human|user)\s*:.*?(?:\n|#)\s*(?:assistant|ai|bot|gpt)\s*:",
    re.IGNORECASE | re.DOTALL,
)


def text(row: dict[str, Any], field: str) -> str:
    """A field that must be text.

    Raises:
        RowFault: it is missing, something else, or cannot be stored as UTF-8.
    """
    if field not in row:
        raise RowFault(f'field "{field}" is missing')
    return checked_text(row[field], field)


def optional_text(row: dict[str, Any], field: str) -> str:
    """A field that may be missing or null, which are read as empty."""
    return "" if row.get(field) is None else checked_text(row[field], field)


def checked_text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise RowFault(f'field "{field}" is {kind(value)}, expected text')
    if "\0" in value:
        raise RowFault(f'field "{field}" holds a NUL character')
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise RowFault(f'field "{field}" holds half a character (a lone surrogate)') from None
    return value


def turns(value: object, field: str) -> list[Message]:
    """A list of turns, a single turn, or a conversation with the speakers' names.

    Raises:
        RowFault: a turn has no known notation, no known role, or no text.
    """
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, str):
        value = spoken(checked_text(value, field)) or value
    if not isinstance(value, list):
        raise RowFault(f'field "{field}" is {kind(value)}, expected a list of turns')
    if not value:
        raise RowFault(f'field "{field}" is an empty list')
    last = max((place for place, turn in enumerate(value) if is_answer(turn)), default=-1)
    found = [_turn(turn, field, is_last=place == last) for place, turn in enumerate(value)]
    return [turn for turn in found if turn["role"] != "system" or turn["content"].strip()]


def is_answer(turn: object) -> bool:
    """Whether a turn as written is the assistant's."""
    return _side_of(turn) == "assistant"


def users_follow_each_other(written: object) -> bool:
    """Whether a conversation as written has turns of the user behind one another, which `conversation` joins."""
    sides = [_side_of(turn) for turn in written] if isinstance(written, list) else []
    return any(a == b == "user" for a, b in pairwise(sides))


def begins_with_answer(written: object) -> bool:
    """Whether a conversation as written begins with the assistant's turns, which `conversation` cuts."""
    sides = [_side_of(turn) for turn in written] if isinstance(written, list) else []
    said = [side for side in sides if side != "system"]
    return said[:1] == ["assistant"] and "user" in said


def has_reasoning(written: object) -> bool:
    """Whether the last answer as written keeps reasoning apart."""
    answers = [turn for turn in written if is_answer(turn)] if isinstance(written, list) else []
    return bool(answers) and any(answers[-1].get(name) for name in REASONING)


def _side_of(turn: object) -> str | None:
    who = turn.get("role", turn.get("from")) if isinstance(turn, dict) else None
    return _ROLES.get(who.lower()) if isinstance(who, str) else None


def is_to_learn(turn: object) -> bool:
    """Whether a turn as written is meant to be learnt; other tools mark those that are not, each in its own way.

    Raises:
        RowFault: it is to be learnt in part.
    """
    if not isinstance(turn, dict):
        return True
    marks = [name for name in turn if name in _MARKS_OF_LEARNING or is_weight(name)]
    return all(is_learnt(turn[name]) for name in marks)


def one_turn(value: object, field: str) -> str:
    """Text that is one turn.

    Raises:
        RowFault: it is something else, or a whole conversation written as one text.
    """
    content = checked_text(value, field)
    check_one_turn(content, field)
    return content


def check_one_turn(content: str, field: str) -> None:
    """Raises RowFault if the text is a whole conversation with the speakers' names, whose roles would be learnt as words."""
    if _TRANSCRIPT.match(content):
        raise RowFault(
            f'field "{field}" is a conversation written as one text ("Human: … Assistant: …")',
            fix='Write it as turns, [{"role": "user", "content": "…"}, …].',
        )


def _turn(turn: object, field: str, *, is_last: bool) -> Message:
    if not isinstance(turn, dict):
        raise RowFault(f'a turn in "{field}" is {kind(turn)}, expected an object')
    check_turn({name: value for name, value in turn.items() if name not in (*REASONING, *FIELDS)})
    for who, what in (("role", "content"), ("from", "value")):
        if who in turn and (what in turn or turn.get("tool_calls")):
            role = _role(turn[who], field)
            calls = calls_of(turn, field)
            if calls and role != "assistant":
                raise RowFault(f'a turn in "{field}" that is not the assistant\'s calls a tool')
            content = _content(turn, what, field, may_be_none=bool(calls))
            if not content.strip() and role in ("user", "assistant") and not calls:
                raise RowFault(f'a turn in "{field}" is empty')
            if is_last and role == "assistant":
                content = _thought(turn, field) + content
            called = {"tool_calls": calls} if calls else {}
            return {"role": role, "content": content, **called, **_of_call(turn, role)}
    raise RowFault(
        f'a turn in "{field}" has neither "from" and "value" nor "role" and "content"',
        shortened(", ".join(turn)) or "nothing",
    )


def _content(turn: dict[str, Any], what: str, field: str, *, may_be_none: bool) -> str:
    """The words of a turn; who calls a tool need not say any."""
    if turn.get("from") == CALLER or (may_be_none and turn.get(what) is None):
        return ""
    return checked_text(_joined(turn[what], field), f"{field}: {what}")


def _of_call(turn: dict[str, Any], role: str) -> Message:
    """Which call a tool answers, where it says so."""
    names = ("name", "tool_call_id") if role == "tool" else ()
    return {name: turn[name] for name in names if isinstance(turn.get(name), str)}


def _thought(turn: dict[str, Any], field: str) -> str:
    """What the turn keeps of reasoning, as models that reason write it before their answers."""
    for name in REASONING:
        if thought := optional_text(turn, name).strip():
            return f"<think>\n{thought}\n</think>\n\n"
    return ""


def _joined(content: object, field: str) -> object:
    """The text of a list of text parts, as OpenAI writes them; anything else as it is."""
    if not isinstance(content, list) or not content:
        return content
    return "\n".join(_part(part, field) for part in content)


def _part(part: object, field: str) -> str:
    text = part.get("text") if isinstance(part, dict) and "text" in str(part.get("type", "text")) else part
    if isinstance(text, str):
        if isinstance(part, dict):
            check_turn(part)  # an image may stand beside the text of a part
        return text
    found = str(part.get("type")) if isinstance(part, dict) else kind(part)
    raise RowFault(f'a turn in "{field}" holds a part that is no text', shortened(found))


def _role(name: object, field: str) -> str:
    role = _ROLES.get(name.lower()) if isinstance(name, str) else None
    if role is None:
        found = shortened(name) if isinstance(name, str) else kind(name)
        raise RowFault(f'a turn in "{field}" is from neither user, assistant, tool nor system', f'"{found}"')
    return role


def conversation(system: str, messages: list[Message]) -> list[Message]:
    """The messages, after the row's own system message if it has one that they do not begin with. User turns that follow
    each other are joined, and the assistant's turns before the first of them are cut.

    Raises:
        RowFault: turns do not alternate from a user's on, which many chat templates cannot render.
    """
    messages = _with_users_joined(_from_first_user(messages))
    first = messages[0] if messages else {}
    if system.strip() and first != {"role": "system", "content": system}:
        if first.get("role") == "system":
            raise RowFault("there are two system messages")
        messages = [{"role": "system", "content": system}, *messages]
    roles = [message["role"] for message in messages]
    spoken = roles[1:] if roles[:1] == ["system"] else roles
    if "user" not in spoken:
        raise RowFault("no user turn")
    if "system" in spoken:
        raise RowFault("a system message stands in the middle of the conversation")
    if spoken[0] != "user":
        raise RowFault("the conversation does not start with a user turn")
    faults = (out_of_order(before, after) for before, after in pairwise(messages[-len(spoken) :]))
    if fault := next(filter(None, faults), ""):
        raise RowFault(fault)
    return messages


def _from_first_user(messages: list[Message]) -> list[Message]:
    """Nobody asked for what an assistant says first, so it can neither be learnt nor asked with."""
    sides = [message["role"] for message in messages]
    begins = sides.index("system") + 1 if sides[:1] == ["system"] else 0
    if "user" not in sides[begins:] or "system" in sides[begins:]:
        return messages
    return [*messages[:begins], *messages[sides.index("user") :]]


def _with_users_joined(messages: list[Message]) -> list[Message]:
    joined: list[Message] = []
    for message in messages:
        if joined and message["role"] == joined[-1]["role"] == "user":
            joined[-1] = {"role": "user", "content": f"{joined[-1]['content']}\n\n{message['content']}"}
        else:
            joined.append(message)
    return joined
