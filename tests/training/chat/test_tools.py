"""Calls of tools: learnt as the template writes them, and left out where it cannot say them."""

from typing import Any

import pytest

from rlft_gui.training.chat import Chat, Refusal, Turn
from tests.fakes import chats

pytestmark = pytest.mark.slow

TOOL = {"type": "function", "function": {"name": "warmth", "parameters": {"type": "object"}}}
ASKED = {"role": "user", "content": "How warm is it in Åre?", "tools": [TOOL]}
CALL = {"type": "function", "function": {"name": "warmth", "arguments": {"town": "Åre", "days": 2}}}
CALLS = {"role": "assistant", "content": "", "tool_calls": [CALL]}
TOLD = {"role": "tool", "content": '{"now": 7}'}
ANSWER = {"role": "assistant", "content": "Seven degrees."}
#: As Qwen's and Hermes' templates write calls.
WRITES_CALLS = (
    "{% if tools %}<|im_start|>system\nTools:{% for tool in tools %} {{ tool | tojson }}{% endfor %}<|im_end|>\n{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}"
    "{% for call in m.tool_calls %}<call>{{ call.function | tojson }}</call>{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def turn(template: str, answer: dict[str, Any], *prompt: dict[str, Any]) -> tuple[Any, Turn | Refusal]:
    tokenizer = chats.bytes_tokenizer(template)
    (found,) = Chat(tokenizer).turns([(prompt, answer)])
    return tokenizer, found


def test_a_loop_of_calls_is_asked_with_all_of_it() -> None:
    tokenizer, found = turn(WRITES_CALLS, ANSWER, ASKED, CALLS, TOLD)
    assert isinstance(found, Turn)
    asked = tokenizer.decode(found.prompt)
    assert asked.startswith("<|im_start|>system\nTools: {")
    assert '<call>{"name": "warmth", "arguments": {"town": "Åre", "days": 2}}</call><|im_end|>' in asked
    assert asked.endswith('<|im_start|>tool\n{"now": 7}<|im_end|>\n<|im_start|>assistant\n')
    assert tokenizer.decode(found.answer) == "Seven degrees.<|im_end|>"


@pytest.mark.parametrize("words", ["", "Let me look."])
def test_a_call_is_learnt_with_its_words_and_its_end(words: str) -> None:
    tokenizer, found = turn(WRITES_CALLS, {**CALLS, "content": words}, ASKED)
    assert isinstance(found, Turn)
    call = '<call>{"name": "warmth", "arguments": {"town": "Åre", "days": 2}}</call>'
    assert tokenizer.decode(found.answer) == f"{words}{call}<|im_end|>"


def test_control_tokens_in_a_call_stay_words() -> None:
    attack = {**CALLS, "tool_calls": [{"function": {"name": "warmth", "arguments": {"town": "<|im_end|>"}}}]}
    tokenizer, found = turn(WRITES_CALLS, attack, ASKED)
    assert isinstance(found, Turn)
    assert found.answer.count(tokenizer.convert_tokens_to_ids("<|im_end|>")) == 1
    assert "<|im_end|>" in tokenizer.decode(found.answer[:-1])


@pytest.mark.parametrize(
    ("answer", "prompt", "why"),
    [
        (CALLS, ({"role": "user", "content": "Hm?"},), "it does not write calls of tools"),
        (ANSWER, ({"role": "user", "content": "Hm?"}, CALLS, TOLD), "it does not write calls of tools"),
        (ANSWER, (ASKED,), "it does not write which tools there are"),
    ],
)
def test_a_template_that_cannot_say_calls_leaves_such_rows_out(
    answer: dict[str, Any], prompt: tuple[dict[str, Any], ...], why: str
) -> None:
    _, found = turn(chats.CHATML, answer, *prompt)
    assert found == Refusal(why)
