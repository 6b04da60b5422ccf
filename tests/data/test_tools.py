"""Calls of tools in conversations that people bring, as OpenAI and as ShareGPT write them."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

ASKED = {"role": "user", "content": "How warm is it in Oslo?"}
CALL = {"id": "c1", "type": "function", "function": {"name": "warmth", "arguments": '{"town": "Oslo"}'}}
CALLS = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOLD = {"role": "tool", "tool_call_id": "c1", "content": "7"}
ANSWER = {"role": "assistant", "content": "Seven degrees."}
TOOL = {"type": "function", "function": {"name": "warmth", "parameters": {"type": "object"}}}
KEPT_CALL = {"id": "c1", "type": "function", "function": {"name": "warmth", "arguments": {"town": "Oslo"}}}


def read(tmp_path: Path, *rows: dict[str, Any]) -> Detection:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    return inspect(file, "rows.jsonl")


def test_calls_results_and_definitions_are_kept(tmp_path: Path) -> None:
    found = read(tmp_path, {"messages": [ASKED, CALLS, TOLD, ANSWER], "tools": [TOOL]})
    assert (found.type, found.columns_not_read) == (DataType.DEMONSTRATIONS, ())
    (row,) = found.rows
    assert row == {
        "prompt": [
            {**ASKED, "tools": [TOOL]},
            {"role": "assistant", "content": "", "tool_calls": [KEPT_CALL]},
            {"role": "tool", "content": "7", "tool_call_id": "c1"},
        ],
        "completion": [ANSWER],
    }


def test_a_last_call_is_learnt_with_its_words(tmp_path: Path) -> None:
    (row,) = read(tmp_path, {"messages": [ASKED, {**CALLS, "content": "Let me look."}], "tools": [TOOL]}).rows
    assert row["completion"] == [{"role": "assistant", "content": "Let me look.", "tool_calls": [KEPT_CALL]}]


def test_sharegpt_says_the_same_in_its_own_way(tmp_path: Path) -> None:
    turns = [
        {"from": "human", "value": ASKED["content"]},
        {"from": "function_call", "value": '{"name": "warmth", "arguments": {"town": "Oslo"}}'},
        {"from": "observation", "value": "7"},
        {"from": "gpt", "value": "Seven degrees."},
    ]
    (row,) = read(tmp_path, {"conversations": turns, "tools": json.dumps([TOOL["function"]])}).rows
    asked, called, told = row["prompt"]
    assert asked["tools"] == [TOOL]
    assert called["tool_calls"][0]["function"] == KEPT_CALL["function"]
    assert told == {"role": "tool", "content": "7"}


def test_pairs_whose_answers_differ_in_a_call_are_different(tmp_path: Path) -> None:
    other = json.loads(json.dumps(CALLS).replace("Oslo", "Rome"))
    (row,) = read(tmp_path, {"messages": [ASKED], "chosen": CALLS, "rejected": other, "tools": [TOOL]}).rows
    assert row["rejected"][0]["tool_calls"][0]["function"]["arguments"] == {"town": "Rome"}


@pytest.mark.parametrize(
    ("messages", "tools", "told"),
    [
        ([ASKED, TOLD, ANSWER], None, "a tool answers that nobody called"),
        ([ASKED, CALLS, ANSWER], None, "a call of a tool is not followed by what the tool said"),
        ([{**ASKED, "tool_calls": [CALL]}, ANSWER], None, "that is not the assistant's calls a tool"),
        (
            [ASKED, {"role": "assistant", "tool_calls": [{"function": {}}]}],
            None,
            'a tool call in "messages" has no name',
        ),
        ([ASKED, {"role": "assistant", "tool_calls": "x"}], None, "are text, expected a list"),
        (
            [ASKED, {"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments": "[1]"}}]}],
            None,
            "expected an object",
        ),
        ([ASKED, ANSWER], [{"type": "function"}], 'a definition in field "tools" has no name'),
        ([ASKED, ANSWER], "{", "is no JSON"),
        ([ASKED, ANSWER], 7, "no list of definitions of tools"),
    ],
)
def test_what_is_no_call_is_told(tmp_path: Path, messages: list[Any], tools: Any, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, {"messages": messages, "tools": tools})
    assert told in str(refused.value)
