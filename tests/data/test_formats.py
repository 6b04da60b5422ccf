"""Every shape that is understood becomes the same messages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.data.shapes import judged
from rlft_gui.data.shapes.formats import FORMATS
from rlft_gui.domain.dataset import DataType
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
    (
        "prompt, response, helpfulness",
        {"prompt": "Hello?", "response": "Hi.", "safety": 5, "helpfulness": 4, "split": 1},
        POINTS,
    ),
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
    assert found.rows.first(1)[0] == normalised
    assert len(found.rows) == (2 if "label" in normalised else 1)
    assert found.type is type_of(normalised)


ONE_ANSWER: dict[str, dict[str, Any]] = {
    "alpaca": {"instruction": "Hello?", "output": "Hi."},
    "prompt, completion": {"prompt": "Hello?", "completion": "Hi."},
    "prompt, response": {"prompt": "Hello?", "response": "Hi."},
    "prompt, output": {"prompt": "Hello?", "output": "Hi."},
    "messages": {"messages": [HELLO, HI]},
    "sharegpt": {"conversations": said(HELLO, HI)},
}


@pytest.mark.parametrize("shape", ONE_ANSWER)
@pytest.mark.parametrize("field", [*judged.THUMBS, *judged.POINTS])
def test_every_way_of_writing_goes_with_every_verdict_and_never_makes_a_demonstration(
    tmp_path: Path, shape: str, field: str
) -> None:
    values = (True, False) if field in judged.THUMBS else (5, 1)
    if field == "scores":
        values = ({"kind": 5}, {"kind": 1})  # type: ignore[assignment]
    found = looked_at(tmp_path, *({**ONE_ANSWER[shape], field: value} for value in values))
    assert found.type is (DataType.THUMBS if field in judged.THUMBS else DataType.RATINGS)
    assert found.format == f"{shape}, {field}"
    assert len(found.rows) == 2
    assert found.columns_not_read == ()


@pytest.mark.parametrize("shape", ONE_ANSWER)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("quality", 0.2),
        ("is_good", False),
        ("feedback", "bad"),
        ("tool_choice", "auto"),
        ("reasoning_content", "Hm."),
        ("images", ["a.png"]),
    ],
)
def test_a_column_that_changes_the_meaning_is_never_passed_over(
    tmp_path: Path, shape: str, column: str, value: object
) -> None:
    with pytest.raises(InvalidInput, match=rf'seems to hold .* and is not read \(found "{column}"\); '):
        looked_at(tmp_path, {**ONE_ANSWER[shape], column: value})
    found = looked_at(tmp_path, {**ONE_ANSWER[shape], column: value}, {**ONE_ANSWER[shape], column: None})
    assert (len(found.rows), found.dropped, found.columns_not_read) == (1, 1, (column,))
    assert found.problems[0].fix


def test_columns_that_say_nothing_about_the_answer_are_told(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"prompt": "Hello?", "completion": "Hi.", "id": 7, "topic": "greetings"})
    assert found.columns == ("prompt", "completion", "id", "topic")
    assert found.columns_not_read == ("id", "topic")


def weighed(answer: dict[str, str], weight: int) -> dict[str, Any]:
    return {**answer, "weight": weight}


def test_answers_of_weight_0_are_context_and_never_learnt(tmp_path: Path) -> None:
    first = {"messages": [HELLO, weighed(GO, 0), BYE, weighed(SEE_YOU, 1)]}
    last = {"messages": [HELLO, weighed(HI, 1), BYE, weighed(GO, 0)]}
    found = looked_at(tmp_path, first, last, {"messages": [HELLO, weighed(GO, 0)]})
    assert tuple(found.rows) == ({"prompt": [HELLO, GO, BYE], "completion": [SEE_YOU]}, DEMONSTRATION)
    assert found.drop_reasons == {"every answer has weight 0, so none is to be learnt": 1}
    assert found.changes == {"turns behind the last answer that is to be learnt are cut": 1}


def test_what_is_changed_in_a_row_is_counted(tmp_path: Path) -> None:
    rows = [{"messages": [HELLO, HI, BYE]}, {"messages": [HELLO, {**BYE, "content": "Please."}, SEE_YOU]}]
    found = looked_at(tmp_path, *rows)
    assert found.rows.first(1)[0] == DEMONSTRATION
    assert found.rows.first(2)[1]["prompt"] == [{"role": "user", "content": "Hello?\n\nPlease."}]
    assert found.changes == {
        "turns behind the last answer that is to be learnt are cut": 1,
        "turns of the user that follow each other are joined": 1,
    }


def test_parts_of_text_are_joined_and_other_parts_drop_the_row(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo?"}]
    picture = [*parts, {"type": "image_url", "image_url": {"url": "x"}}]
    asked = ({"messages": [{"role": "user", "content": content}, HI]} for content in (parts, picture))
    found = looked_at(tmp_path, *asked)
    assert [row["prompt"][0]["content"] for row in found.rows] == ["Hel\nlo?"]
    assert found.drop_reasons == {'a turn in "messages" holds a part that is no text': 1}


def test_an_empty_system_turn_is_none(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"messages": [{"role": "system", "content": " "}, HELLO, HI]})
    assert tuple(found.rows) == (DEMONSTRATION,)


def test_the_common_beginning_of_both_answers_is_the_prompt(tmp_path: Path) -> None:
    before = [HELLO, HI, BYE]
    found = looked_at(tmp_path, {"prompt": "Hello?", "chosen": [*before, SEE_YOU], "rejected": [*before, GO]})
    assert tuple(found.rows) == ({"prompt": before, "chosen": [SEE_YOU], "rejected": [GO]},)


def test_answers_to_different_conversations_are_no_pair(tmp_path: Path) -> None:
    pair = {"chosen": [HELLO, HI, BYE, SEE_YOU], "rejected": [HELLO, SEE_YOU, BYE, GO]}
    for row in (pair, {"prompt": "Hello?", **pair}):
        with pytest.raises(InvalidInput, match="chosen and rejected answer different conversations"):
            looked_at(tmp_path, row)


def test_a_row_with_nan_is_no_json_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_text(
        '{"prompt":"a","chosen":"b","rejected":"c","margin":NaN}\n{"prompt":"a","chosen":"b","rejected":"c"}'
    )
    found = inspect(file, "data.jsonl")
    assert (len(found.rows), found.problems[0].row) == (1, 1)
    assert found.problems[0].message.startswith("NaN or Infinity stands in the row, which is no JSON")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"prompt": "a", "chosen": "b"}, "the nearest shape is prompt + chosen + rejected, and rejected is missing."),
        ({"question": "a", "reply": "b"}, "is missing; or say which column is what: prompt=question, completion=reply."),
        ({"Frage": "Wie?", "Antwort": "So."}, "or say which column is what: prompt=Frage, completion=Antwort."),
        ({"alpha": 1, "beta": None}, "known are prompt + completion"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_columns_of_no_shape_are_refused_with_the_nearest_one_and_what_columns_may_be(
    tmp_path: Path, row: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidInput, match=re.escape(told)):
        looked_at(tmp_path, row)


def test_the_examples_of_the_documentation_are_understood(tmp_path: Path) -> None:
    text = DOCUMENTED.read_text()
    examples = re.findall(r"^\| ([a-z_, ]+) \| `(\{.*\})` \| (\w+) \|$", text, re.MULTILINE)
    assert all(f"`{name}`" in text for form in FORMATS for name in (*form.columns, *form.also_read))
    for name, row, gives in examples:
        found = looked_at(tmp_path, *both_verdicts(json.loads(row)))
        assert (found.format, found.type) == (name, gives)


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    """Neither blanks nor markup nor other scripts are touched: what is shown and learnt is what was written."""
    content = "  <b>naïve</b>\r\n\t日本語 😀 \u2028 "
    found = looked_at(tmp_path, {"prompt": content, "completion": content})
    assert (
        found.rows.first(1)[0]["prompt"][0]["content"]
        == found.rows.first(1)[0]["completion"][0]["content"]
        == content
    )


def test_numbers_written_as_text_are_text(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"prompt": "1", "completion": "007"})
    assert found.rows.first(1)[0]["completion"] == [{"role": "assistant", "content": "007"}]


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
        {"prompt": "a", "completion": "b", "scores": {"x": "four"}},
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
    ({"prompt": "a", "chosen": "b", "rejected": "c", "margin": "two"}, 'field "margin" is text', ""),
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


def test_a_picture_beside_the_text_of_a_part_drops_the_row(tmp_path: Path) -> None:
    """Before, the picture went and the text stayed."""
    part = {"text": "What is this?", "image": "x.png"}
    found = looked_at(
        tmp_path, {"messages": [BYE, SEE_YOU]}, {"messages": [{"role": "user", "content": [part]}, HI]}
    )
    assert len(found.rows) == 1


@pytest.mark.parametrize("mark", [{"loss_weight": 0}, {"train_on": False}, {"training": 0}])
def test_an_answer_that_is_marked_as_context_is_not_learnt(tmp_path: Path, mark: dict[str, object]) -> None:
    found = looked_at(
        tmp_path,
        {"messages": [BYE, SEE_YOU]},
        {"messages": [{"role": "user", "content": "Hello?"}, {**HI, **mark}]},
    )
    assert len(found.rows) == 1


@pytest.mark.parametrize("mark", [{"loss_mask": 1}, {"ignore": True}])
def test_a_mark_that_can_be_read_two_ways_drops_the_row(tmp_path: Path, mark: dict[str, object]) -> None:
    found = looked_at(
        tmp_path,
        {"messages": [BYE, SEE_YOU]},
        {"messages": [{"role": "user", "content": "Hello?"}, {**HI, **mark}]},
    )
    assert len(found.rows) == 1


def test_points_as_text_that_say_rejected_is_better_drop_the_pair(tmp_path: Path) -> None:
    """Before, only numbers were compared."""
    pair = {"prompt": "Hello?", "chosen": "Hi.", "rejected": "No."}
    found = looked_at(tmp_path, {**pair, "chosen_score": "1", "rejected_score": "5"}, pair)
    assert len(found.rows) == 1
