"""Every shape that is understood becomes the same messages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.formats import FORMATS
from rlft_gui.data.inspection import inspect
from rlft_gui.domain.dataset import DataType, Detection

DOCUMENTED = Path(__file__).parents[2] / "docs" / "data.md"

SYSTEM = {"role": "system", "content": "Be brief."}
HELLO = {"role": "user", "content": "Hello?"}
HI = {"role": "assistant", "content": "Hi."}
BYE = {"role": "user", "content": "Goodbye?"}
SEE_YOU = {"role": "assistant", "content": "See you."}
GO = {"role": "assistant", "content": "Go."}

DEMONSTRATION = {"prompt": [HELLO], "completion": [HI]}
LATER_DEMONSTRATION = {"prompt": [SYSTEM, HELLO, HI, BYE], "completion": [SEE_YOU]}
PREFERENCE = {"prompt": [HELLO], "chosen": [HI], "rejected": [GO]}
LATER_PREFERENCE = {"prompt": [SYSTEM, HELLO, HI, BYE], "chosen": [SEE_YOU], "rejected": [GO]}


def said(*turns: dict[str, str]) -> list[dict[str, str]]:
    """The turns in ShareGPT's notation."""
    names = {"system": "system", "user": "human", "assistant": "gpt"}
    return [{"from": names[turn["role"]], "value": turn["content"]} for turn in turns]


SHAPES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("alpaca", {"instruction": "Hello?", "input": "", "output": "Hi."}, DEMONSTRATION),
    ("alpaca", {"instruction": "Hello?", "output": "Hi."}, DEMONSTRATION),
    ("alpaca", {"instruction": "Hello?", "input": None, "output": "Hi.", "history": None}, DEMONSTRATION),
    (
        "alpaca",
        {"instruction": "Add.", "input": "1 and 2", "output": "3"},
        {
            "prompt": [{"role": "user", "content": "Add.\n1 and 2"}],
            "completion": [{"role": "assistant", "content": "3"}],
        },
    ),
    (
        "alpaca",
        {
            "system": "Be brief.",
            "history": [["Hello?", "Hi."]],
            "instruction": "Goodbye?",
            "input": "",
            "output": "See you.",
        },
        LATER_DEMONSTRATION,
    ),
    (
        "alpaca preferences",
        {"instruction": "Hello?", "input": "", "chosen": "Hi.", "rejected": "Go."},
        PREFERENCE,
    ),
    ("sharegpt", {"conversations": said(HELLO, HI)}, DEMONSTRATION),
    ("sharegpt", {"conversations": said(SYSTEM, HELLO, HI, BYE, SEE_YOU)}, LATER_DEMONSTRATION),
    (
        "sharegpt",
        {"system": "Be brief.", "conversations": said(HELLO, HI, BYE, SEE_YOU)},
        LATER_DEMONSTRATION,
    ),
    ("sharegpt", {"conversations": [HELLO, HI], "id": 7}, DEMONSTRATION),
    (
        "sharegpt preferences",
        {"conversations": said(HELLO), "chosen": said(HI)[0], "rejected": said(GO)[0]},
        PREFERENCE,
    ),
    (
        "sharegpt preferences",
        {"conversations": said(SYSTEM, HELLO, HI, BYE), "chosen": said(SEE_YOU), "rejected": said(GO)},
        LATER_PREFERENCE,
    ),
    ("messages", {"messages": [HELLO, HI]}, DEMONSTRATION),
    ("messages", {"messages": [SYSTEM, HELLO, HI, BYE, SEE_YOU]}, LATER_DEMONSTRATION),
    ("prompt, completion", {"prompt": "Hello?", "completion": "Hi."}, DEMONSTRATION),
    ("prompt, completion", {"prompt": [HELLO], "completion": [HI]}, DEMONSTRATION),
    ("prompt, chosen, rejected", {"prompt": "Hello?", "chosen": "Hi.", "rejected": "Go."}, PREFERENCE),
    ("prompt, chosen, rejected", {"prompt": [HELLO], "chosen": [HI], "rejected": [GO]}, PREFERENCE),
    (
        "prompt, chosen, rejected",
        {"prompt": "Hello?", "chosen": [HELLO, HI], "rejected": [HELLO, GO], "messages": [HELLO, HI]},
        PREFERENCE,
    ),
    (
        "prompt, chosen, rejected",
        {
            "system": "Be brief.",
            "prompt": [HELLO, HI, BYE],
            "chosen": [HELLO, HI, BYE, SEE_YOU],
            "rejected": "Go.",
        },
        LATER_PREFERENCE,
    ),
    ("chosen, rejected", {"chosen": [HELLO, HI], "rejected": [HELLO, GO]}, PREFERENCE),
]


def looked_at(tmp_path: Path, *rows: dict[str, Any]) -> Detection:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(rows))
    return inspect(file, "data.json")


@pytest.mark.parametrize(("name", "row", "normalised"), SHAPES)
def test_a_row_becomes_messages(
    tmp_path: Path, name: str, row: dict[str, Any], normalised: dict[str, Any]
) -> None:
    found = looked_at(tmp_path, row)
    assert found.format == name
    assert found.rows == (normalised,)
    assert found.type is (DataType.PREFERENCES if "chosen" in normalised else DataType.DEMONSTRATIONS)


def test_every_shape_has_an_example() -> None:
    assert {form.name for form in FORMATS} == {name for name, _, _ in SHAPES}


def test_the_examples_of_the_documentation_are_understood(tmp_path: Path) -> None:
    examples = re.findall(r"^\| ([a-z, ]+) \| `(\{.*\})` \| (\w+) \|$", DOCUMENTED.read_text(), re.MULTILINE)
    assert [name for name, _, _ in examples] == [form.name for form in FORMATS]
    for name, row, gives in examples:
        found = looked_at(tmp_path, json.loads(row))
        assert (found.format, found.type) == (name, gives)


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    """Neither blanks nor markup nor other scripts are touched: what is shown and learnt is what was written."""
    content = "  <b>naïve</b>\r\n\t日本語 😀 \u2028 "
    found = looked_at(tmp_path, {"prompt": content, "completion": content})
    assert found.rows[0]["prompt"][0]["content"] == found.rows[0]["completion"][0]["content"] == content


def test_numbers_written_as_text_are_text(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"prompt": "1", "completion": "007"})
    assert found.rows[0]["completion"] == [{"role": "assistant", "content": "007"}]


def test_the_shape_of_most_rows_is_taken_and_the_others_are_dropped(tmp_path: Path) -> None:
    found = looked_at(
        tmp_path,
        {"messages": [HELLO, HI]},
        {"prompt": "Hello?", "completion": "Hi."},
        {"prompt": "Goodbye?", "completion": "See you."},
    )
    assert (found.format, len(found.rows)) == ("prompt, completion", 2)
    assert found.drop_reasons == {'field "prompt" is missing': 1}
