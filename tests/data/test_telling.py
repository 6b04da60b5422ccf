"""Columns whose names say that they change what a row means, whatever they are called exactly."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput

ASKED = {"role": "user", "content": "Hello?"}
GOOD = {"role": "assistant", "content": "Hi."}
BAD = {"role": "assistant", "content": "Go."}
ANSWERED = {"prompt": "Hello?", "completion": "Hi."}
PAIR = {"prompt": "Hello?", "chosen": "Hi.", "rejected": "Go."}
TRANSCRIPT = "\n\nHuman: Hello?\n\nAssistant: Hi."


def looked_at(tmp_path: Path, *rows: dict[str, Any]) -> Detection:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(rows))
    return inspect(file, "data.json")


@pytest.mark.parametrize(
    "name",
    [
        "human_label",
        "approved",
        "score_1",
        "label_text",
        "is_correct_answer",
        "judgement",
        "is_helpful",
        "user_rating",
        "qualityScore",
        "overall-score",
        "upvotes",
        "is_toxic",
        "thumbs_up",
    ],
)
def test_a_verdict_under_any_name_makes_no_demonstration(tmp_path: Path, name: str) -> None:
    for row in (ANSWERED, {"messages": [ASKED, GOOD]}, PAIR):
        with pytest.raises(
            InvalidInput, match=rf'a verdict on the answer and is not read \(found "{name}"\)'
        ):
            looked_at(tmp_path, {**row, name: False})


@pytest.mark.parametrize(
    "name",
    [
        "label_source",
        "rating_model",
        "score_version",
        "completion_tokens",
        "answer_id",
        "chosen_model",
        "tags",
    ],
)
def test_what_only_speaks_of_a_verdict_or_an_answer_is_told_as_not_read(tmp_path: Path, name: str) -> None:
    found = looked_at(tmp_path, {**ANSWERED, name: "x"})
    assert (found.type, found.columns_not_read) == (DataType.DEMONSTRATIONS, (name,))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"prompt": "a", "response_j": "b", "response_k": "c"}, 'another answer and is not read (found "response_j")'),
        ({**ANSWERED, "response": "Go."}, 'another answer and is not read (found "response")'),
        ({**ANSWERED, "rejectedAnswer": "Go."}, 'another answer and is not read (found "rejectedAnswer")'),
        ({"prompt": "a", "reply": "b"}, 'an answer and is not read (found "reply")'),
        ({"prompt": "a", "ground_truth": "b"}, 'an answer and is not read (found "ground_truth")'),
        ({**ANSWERED, "context": "Bob did it."}, 'a part of what is asked and is not read (found "context")'),
        ({**ANSWERED, "image_path": "a.png"}, 'a part of what is said and is not read (found "image_path")'),
        ({**ANSWERED, "label": True, "rating": 5}, 'a verdict on the answer and is not read (found "rating")'),
        ({**PAIR, "label": 0}, 'a verdict on the answer and is not read (found "label")'),
        ({**PAIR, "preference": "B"}, 'field "preference" is no number from 0.5 to 1'),
        ({**PAIR, "score_chosen": 3, "score_rejected": 8.5}, "the points say that rejected is the better answer"),
        ({**PAIR, "weight": 0}, 'how much the row counts and is not read (found "weight")'),
        ({**ANSWERED, "sample_weight": 0.3}, "a weight is neither 0 nor 1"),
        ({"messages": [ASKED, {**GOOD, "rating": 1}]}, 'a verdict on the answer and is not read (found "rating")'),
        ({**PAIR, "chosen": "<|im_start|>user\nHello?"}, 'field "chosen" is a conversation written as one text'),
        ({"prompt": "a", "completion": "### Human: a### Assistant: b"}, "is a conversation written as one text"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_would_be_lost_or_taken_for_something_else_is_refused_by_name(
    tmp_path: Path, row: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        looked_at(tmp_path, row)
    assert told in str(refused.value)


@pytest.mark.parametrize("mark", [{"weight": 0}, {"weight": "0"}, {"loss": False}, {"train": False}], ids=str)
def test_an_answer_that_is_marked_as_not_learnt_never_is(tmp_path: Path, mark: dict[str, Any]) -> None:
    bad = {**BAD, **mark}
    found = looked_at(tmp_path, {"messages": [ASKED, GOOD, ASKED, bad]})
    assert tuple(found.rows) == ({"prompt": [ASKED], "completion": [GOOD]},)
    for row in (
        {"messages": [ASKED, bad]},
        {"prompt": [ASKED], "completion": [bad]},
        {"prompt": [ASKED], "chosen": [bad], "rejected": [GOOD]},
        {"messages": [ASKED, GOOD, ASKED, bad], "label": True},
    ):
        with pytest.raises(InvalidInput, match="has weight 0, so"):
            looked_at(tmp_path, row)


def test_marks_that_say_that_all_is_learnt_say_nothing(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"messages": [ASKED, {**GOOD, "weight": 1, "train": True}], "weight": 1.0})
    assert tuple(found.rows) == ({"prompt": [ASKED], "completion": [GOOD]},)


def test_columns_without_a_value_say_nothing(tmp_path: Path) -> None:
    empty: dict[str, Any] = {
        "tools": "[]",
        "images": [],
        "rejected_response": "",
        "reasoning": None,
        "function_call": {},
    }
    assert len(looked_at(tmp_path, {**ANSWERED, **empty}).rows) == 1


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({"instruction": "Who?", "context": "Bob did it.", "response": "Bob."}, [{"role": "user", "content": "Who?\nBob did it."}]),
        ({"system_prompt": "Be brief.", "question": "Who?", "response": "Bob."}, [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]),
        ({"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Who?"}, GOOD]}, [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]),
    ],
    ids=["Dolly", "OpenOrca", "a developer's turn"],
)  # fmt: skip
def test_what_belongs_to_the_question_is_read(
    tmp_path: Path, row: dict[str, Any], asked: list[dict[str, str]]
) -> None:
    assert looked_at(tmp_path, row).rows.first(1)[0]["prompt"] == asked


@pytest.mark.parametrize(
    "asked",
    [{"question": "Hello?"}, {"instruction": "Hello?"}, {"messages": [ASKED]}],
    ids=lambda row: next(iter(row)),
)
def test_every_way_of_asking_goes_with_pairs(tmp_path: Path, asked: dict[str, Any]) -> None:
    points = {"chosen_score": 8.5, "rejected_score": 3, "preference": 0.9}
    found = looked_at(tmp_path, {**asked, "chosen": "Hi.", "rejected": "Go.", **points})
    assert tuple(found.rows) == ({"prompt": [ASKED], "chosen": [GOOD], "rejected": [BAD], "preference": 0.9},)
    assert (found.type, found.columns_not_read) == (DataType.PREFERENCES, ())


def test_a_copy_of_the_chosen_conversation_beside_a_pair_is_no_prompt(tmp_path: Path) -> None:
    pair = {"messages": [ASKED, GOOD], "chosen": [ASKED, GOOD], "rejected": [ASKED, BAD]}
    assert tuple(looked_at(tmp_path, pair).rows) == (
        {"prompt": [ASKED], "chosen": [GOOD], "rejected": [BAD]},
    )


def test_user_turns_are_joined_and_told_wherever_they_stand(tmp_path: Path) -> None:
    asked = [ASKED, {"role": "user", "content": "Please."}]
    found = looked_at(tmp_path, {"prompt": asked, "chosen": "Hi.", "rejected": "Go."})
    assert found.rows.first(1)[0]["prompt"] == [{"role": "user", "content": "Hello?\n\nPlease."}]
    assert found.changes == {"turns of the user that follow each other are joined": 1}


def test_reasons_stay_few_however_columns_are_called(tmp_path: Path) -> None:
    rows = [{"prompt": str(i), "completion": "x", f"score_{i}_rating": 1} for i in range(200)]
    found = looked_at(tmp_path, *rows, ANSWERED)
    assert found.drop_reasons == {"a column seems to hold a verdict on the answer and is not read": 200}
