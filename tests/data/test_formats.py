"""Every shape that is understood becomes the same messages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.formats import FORMATS
from rlft_gui.data.inspection import inspect
from rlft_gui.domain.dataset import DataType, Detection
from rlft_gui.domain.errors import InvalidInput

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
GOOD = {**DEMONSTRATION, "label": True}
BAD = {**DEMONSTRATION, "label": False}
POINTS = {**DEMONSTRATION, "scores": {"helpfulness": 4.0, "safety": 5.0}}
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
    (
        "prompt, chosen, rejected",
        {"prompt": "Hello?", "chosen": "Hi.", "rejected": "Go.", "margin": 2, "source": "shop", "id": 7},
        {**PREFERENCE, "source": "shop", "margin": 2.0},
    ),
    (
        "prompt, chosen, rejected",
        {"prompt": "Hello?", "chosen": "Hi.", "rejected": "Go.", "margin": None, "source": 3},
        PREFERENCE,
    ),
    ("prompt, response", {"prompt": "Hello?", "response": "Hi."}, DEMONSTRATION),
    ("alpaca, label", {"instruction": "Hello?", "output": "Hi.", "label": "bad"}, BAD),
    ("alpaca, kto_tag", {"instruction": "Hello?", "input": "", "output": "Hi.", "kto_tag": True}, GOOD),
    ("prompt, completion, label", {"prompt": "Hello?", "completion": "Hi.", "label": False}, BAD),
    ("prompt, completion, label", {"prompt": [HELLO], "completion": [HI], "label": 1}, GOOD),
    ("prompt, response, label", {"prompt": "Hello?", "response": "Hi.", "label": -1}, BAD),
    ("prompt, response, thumbs", {"prompt": "Hello?", "response": "Hi.", "thumbs": " Up"}, GOOD),
    ("messages, label", {"messages": [HELLO, HI], "label": "👎"}, BAD),
    ("sharegpt, kto_tag", {"conversations": said(HELLO, HI), "kto_tag": False}, BAD),
    (
        "prompt, completion, scores",
        {"prompt": "Hello?", "completion": "Hi.", "scores": {"helpfulness": 4, "safety": 5}},
        POINTS,
    ),
    (
        "prompt, response, scores",
        {"prompt": "Hello?", "response": "Hi.", "scores": {"helpfulness": 4.0, "safety": 5}},
        POINTS,
    ),
    (
        "prompt, completion, rating",
        {"prompt": "Hello?", "completion": "Hi.", "rating": -0.5},
        {**DEMONSTRATION, "scores": {"rating": -0.5}},
    ),
    ("helpsteer", {"prompt": "Hello?", "response": "Hi.", "safety": 5, "helpfulness": 4, "split": 1}, POINTS),
    (
        "question, answer",
        {"question": "Hello?", "answer": "Hm.\n#### 1,024"},
        {"prompt": [HELLO], "answer": "1,024"},
    ),
    ("question, answer", {"question": "Hello?", "answer": 18}, {"prompt": [HELLO], "answer": "18"}),
    ("prompt", {"prompt": "Hello?"}, {"prompt": [HELLO]}),
    ("prompt", {"prompt": [SYSTEM, HELLO], "answer": 0.5}, {"prompt": [SYSTEM, HELLO], "answer": "0.5"}),
]


def type_of(row: dict[str, Any]) -> DataType:
    """What a normalised row is, by its columns."""
    if "chosen" in row:
        return DataType.PREFERENCES
    if "label" in row:
        return DataType.THUMBS
    if "scores" in row:
        return DataType.RATINGS
    return DataType.DEMONSTRATIONS if "completion" in row else DataType.PROMPTS


def looked_at(tmp_path: Path, *rows: dict[str, Any]) -> Detection:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(rows))
    return inspect(file, "data.json")


def both_verdicts(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The row, and beside a verdict the other one too: a file needs both."""
    field = next((name for name in ("label", "kto_tag", "thumbs") if name in row), None)
    return [row] if field is None else [row, {**row, field: True}, {**row, field: False}]


@pytest.mark.parametrize(("name", "row", "normalised"), SHAPES)
def test_a_row_becomes_messages(
    tmp_path: Path, name: str, row: dict[str, Any], normalised: dict[str, Any]
) -> None:
    found = looked_at(tmp_path, *both_verdicts(row))
    assert found.format == name
    assert found.rows[0] == normalised
    assert len(found.rows) == (2 if "label" in normalised else 1)
    assert found.type is type_of(normalised)


def test_every_shape_has_an_example() -> None:
    assert {form.name for form in FORMATS} == {name for name, _, _ in SHAPES}


def test_the_examples_of_the_documentation_are_understood(tmp_path: Path) -> None:
    examples = re.findall(r"^\| ([a-z_, ]+) \| `(\{.*\})` \| (\w+) \|$", DOCUMENTED.read_text(), re.MULTILINE)
    assert [name for name, _, _ in examples] == [form.name for form in FORMATS]
    for name, row, gives in examples:
        found = looked_at(tmp_path, *both_verdicts(json.loads(row)))
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


def test_labelled_answers_are_not_imitated_where_a_few_labels_are_missing(tmp_path: Path) -> None:
    rows = [{"prompt": str(i), "completion": "Hi.", "label": i % 2 == 0} for i in range(6)]
    found = looked_at(
        tmp_path, *rows, {"prompt": "6", "completion": "Hi."}, {"prompt": "7", "completion": "Hi."}
    )
    assert (found.type, len(found.rows)) == (DataType.THUMBS, 6)
    assert list(found.drop_reasons.values()) == [2]


def test_answers_are_not_overlooked_where_a_few_are_missing(tmp_path: Path) -> None:
    found = looked_at(tmp_path, *({"prompt": str(i), "completion": "Hi."} for i in range(3)), {"prompt": "4"})
    assert (found.type, len(found.rows)) == (DataType.DEMONSTRATIONS, 3)


FAULTS = [
    (
        {"prompt": "a", "completion": "b", "label": "maybe"},
        'field "label" is neither good nor bad',
        '"maybe"',
    ),
    ({"prompt": "a", "completion": "b", "label": 4}, 'field "label" is neither good nor bad', "4"),
    ({"prompt": "a", "completion": "b", "label": None}, 'field "label" is neither good nor bad', "null"),
    (
        {"prompt": "a", "completion": "b", "scores": {"x": "4"}},
        'field "scores: x" is text, expected a finite',
        "",
    ),
    ({"prompt": "a", "completion": "b", "scores": {}}, 'field "scores" is empty', ""),
    (
        {"prompt": "a", "completion": "b", "rating": True},
        'field "rating" is true or false, expected a finite',
        "",
    ),
    ({"prompt": "a", "chosen": "b", "rejected": "c", "margin": -1}, "the margin is below 0", "-1"),
    ({"prompt": "a", "chosen": "b", "rejected": "c", "margin": "2"}, 'field "margin" is text', ""),
    ({"question": "a", "answer": "b " * 60}, 'nothing follows "####" in it', ""),
    ({"question": "a", "answer": "So it is 4.\n####"}, "the right answer is empty", ""),
    ({"prompt": "a", "completion": "", "label": True}, "the answer is empty", ""),
]


@pytest.mark.parametrize(("row", "told", "shown"), FAULTS, ids=lambda value: str(value)[:60])
def test_judgements_that_cannot_be_read_are_named(
    tmp_path: Path, row: dict[str, Any], told: str, shown: str
) -> None:
    with pytest.raises(InvalidInput, match=re.escape(told)) as refused:
        looked_at(tmp_path, row)
    assert "row 1" in str(refused.value)
    assert shown in str(refused.value)
