"""Shapes under the names that other tools give them, and what is taken where a row may be read in several ways."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection, Unusable, inspect
from rlft_gui.data.mapping import mapped, read_mapping
from rlft_gui.data.proposing import first_row_is_data, propose
from rlft_gui.data.shapes.form import CUT_BEFORE, THOUGHT
from rlft_gui.data.shapes.ranked import BEST_AND_WORST, FIRST_IS_BEST
from rlft_gui.data.shapes.rewritten import LAST_IS_CHOSEN
from rlft_gui.domain.dataset import DataType, Reading
from rlft_gui.domain.errors import InvalidInput

ASKED, HI, GO = (
    {"role": "user", "content": "Hello?"},
    {"role": "assistant", "content": "Hi."},
    {"role": "assistant", "content": "Go."},
)
PAIR = {"prompt": [ASKED], "chosen": [HI], "rejected": [GO]}
SYSTEM = {"role": "system", "content": "Be brief."}
HH = "\n\nHuman: Hello?\n\nAssistant: "
TASK = {"prompt": "Hello?", "answer1": "Go.", "answer2": "Hi."}


def looked_at(tmp_path: Path, *rows: Any, reading: Reading | None = None) -> Detection:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(rows))
    return inspect(file, "data.json", reading=reading)


PREFERENCES: dict[str, dict[str, Any]] = {
    "HH transcripts": {"chosen": HH + "Hi.", "rejected": HH + "Go."},
    "HH prompt": {"prompt": HH, "chosen": "Hi.", "rejected": "Go."},
    "OpenAI": {"input": {"messages": [ASKED], "tools": []}, "preferred_output": [HI], "non_preferred_output": [GO]},
    "chosen_messages": {"chosen_messages": [ASKED, HI], "rejected_messages": [ASKED, GO]},
    "Argilla": {"instruction": "Hello?", "chosen_response": "Hi.", "rejected_response": "Go.", "chosen_avg_rating": 5},
    "ms-swift messages": {"messages": [ASKED, HI], "rejected_response": "Go."},
    "ms-swift conversations": {"messages": [ASKED, HI], "rejected_messages": [ASKED, GO]},
    "ms-swift query": {"query": "Hello?", "response": "Hi.", "rejected_response": "Go."},
    "query": {"query": "Hello?", "chosen": "Hi.", "rejected": "Go."},
    "question, objects": {"question": "Hello?", "chosen": HI, "rejected": GO},
    "messages, lists": {"messages": [ASKED], "chosen": [HI], "rejected": [GO]},
    "messages, texts": {"messages": [ASKED], "chosen": "Hi.", "rejected": "Go."},
    "LLaMA-Factory list": {"instruction": "Hello?", "input": "", "output": ["Hi.", "Go."]},
    "UltraFeedback": {
        "instruction": "Hello?",
        "completions": [
            {"model": "a", "response": "Go.", "overall_score": 3},
            {"model": "b", "response": "Hi.", "overall_score": 8.5},
            {"model": "c", "response": "Ho.", "overall_score": 7},
        ],
    },
    "scores beside": {"prompt": "Hello?", "responses": ["Go.", "Hi.", "Ho."], "scores": [1, 3, 2]},
    "ranks beside": {"prompt": "Hello?", "responses": ["Go.", "Hi.", "Ho."], "ranks": [3, 1, 2]},
    "own ranks": {"question": "Hello?", "answers": [{"text": "Hi.", "rank": 1}, {"text": "Go.", "rank": 2}]},
    "Nectar": {
        "prompt": HH,
        "answers": [{"answer": "Go.", "model": "x", "rank": 2.0}, {"answer": "Hi.", "model": "y", "rank": 1.0}],
        "turns": 1,
        "num_responses": 2,
        "source": ["lmsys-chat-1m"],
        "good_natured": True,
    },
    "Label Studio, small": {**TASK, "pairwise": {"selected": "right"}},
    "Label Studio": {
        "id": 1,
        "data": TASK,
        "annotations": [{"result": [{"type": "pairwise", "value": {"selected": "right"}}]}, {"was_cancelled": True}],
    },
    "SHP": {
        "history": "Hello?",
        "human_ref_A": "Go.",
        "human_ref_B": "Hi.",
        "labels": 0,
        "score_A": 3,
        "score_B": 9,
        "score_ratio": 3.0,
        "upvote_ratio": 0.9,
        "domain": "askculinary_train",
    },
    "HelpSteer3": {
        "domain": "general",
        "context": [ASKED],
        "response1": "Hi.",
        "response2": "Go.",
        "overall_preference": -2,
        "individual_preference": [{"score": -2, "reasoning": "It greets."}],
    },
    "Chatbot Arena": {
        "model_a": "x",
        "model_b": "y",
        "winner": "model_b",
        "conversation_a": [ASKED, GO],
        "conversation_b": [ASKED, HI],
    },
    "Argilla record": {
        "fields": {"prompt": "Hello?", "response-1": "Go.", "response-2": "Hi."},
        "responses": {"better": [{"value": "response-2", "user_id": "a"}]},
    },
    "Argilla ranking": {
        "fields": {"prompt": "Hello?", "response-1": "Go.", "response-2": "Hi."},
        "responses": [
            {"status": "submitted", "values": {"order": {"value": [{"value": "response-2", "rank": 1}, {"value": "response-1", "rank": 2}]}}},
            {"status": "discarded", "values": {}},
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("row", PREFERENCES.values(), ids=PREFERENCES)
def test_preferences_under_any_name_are_the_same_pair(tmp_path: Path, row: dict[str, Any]) -> None:
    found = looked_at(tmp_path, row)
    assert (found.type, list(found.rows)) == (DataType.PREFERENCES, [PAIR])


def test_orca_pairs_keep_their_system_turn(tmp_path: Path) -> None:
    row = {"system": "Be brief.", "question": "Hello?", "chosen": "Hi.", "rejected": "Go."}
    assert list(looked_at(tmp_path, row).rows) == [{**PAIR, "prompt": [SYSTEM, ASKED]}]


def test_a_system_turn_only_in_the_answers_belongs_to_the_prompt(tmp_path: Path) -> None:
    row = {"prompt": "Hello?", "chosen": [SYSTEM, ASKED, HI], "rejected": [SYSTEM, ASKED, GO]}
    assert list(looked_at(tmp_path, row).rows) == [{**PAIR, "prompt": [SYSTEM, ASKED]}]
    other = {**row, "prompt": [{"role": "system", "content": "Be long."}, ASKED]}
    with pytest.raises(Unusable, match="an answer does not start with the prompt"):
        looked_at(tmp_path, other)


def test_a_prompt_that_is_the_first_turn_of_longer_answers_gives_way_to_what_both_share(
    tmp_path: Path,
) -> None:
    more = [ASKED, HI, {"role": "user", "content": "And?"}]
    row = {"prompt": "Hello?", "chosen": [*more, HI], "rejected": [*more, GO]}
    assert list(looked_at(tmp_path, row).rows) == [{**PAIR, "prompt": more}]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (PREFERENCES["ms-swift messages"], LAST_IS_CHOSEN),
        (PREFERENCES["LLaMA-Factory list"], FIRST_IS_BEST),
        (PREFERENCES["UltraFeedback"], BEST_AND_WORST),
        ({"messages": [HI, ASKED, HI]}, CUT_BEFORE),
        ({"messages": [ASKED, {**HI, "reasoning_content": "Hm."}]}, THOUGHT),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_was_taken_is_told(tmp_path: Path, row: dict[str, Any], told: str) -> None:
    assert looked_at(tmp_path, row).changes == {told: 1}


def test_reasoning_that_stands_apart_is_learnt_before_the_last_answer_alone(tmp_path: Path) -> None:
    thought = {**HI, "reasoning_content": "Hm."}
    (row,) = looked_at(tmp_path, {"messages": [ASKED, thought, ASKED, thought]}).rows
    assert row["prompt"] == [ASKED, HI, ASKED]
    assert row["completion"][0]["content"] == "<think>\nHm.\n</think>\n\nHi."


def test_ranked_answers_that_are_worth_the_same_are_no_pair(tmp_path: Path) -> None:
    tie = {"prompt": "Hello?", "responses": ["a", "b"], "scores": [2, 2]}
    found = looked_at(tmp_path, tie, PREFERENCES["scores beside"])
    assert (len(found.rows), found.drop_reasons) == (1, {"no answer is ranked above another": 1})


def test_answers_without_anything_that_ranks_them_are_no_pair(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r'another answer and is not read \(found "responses"\)'):
        looked_at(tmp_path, {"prompt": "Hello?", "responses": ["a", "b"]})


def test_people_who_disagree_or_said_nothing_leave_no_pair(tmp_path: Path) -> None:
    def task(*sides: str) -> dict[str, Any]:
        said = [{"result": [{"value": {"selected": side}}]} for side in sides]
        return {"data": {**TASK, "prompt": f"{len(sides)}{sides}"}, "annotations": said}

    found = looked_at(tmp_path, task("left", "right"), task("right", "right", "left"), task())
    assert (len(found.rows), found.notes) == (1, ("It was read as an export of Label Studio.",))
    assert found.drop_reasons == {"people judged the row differently": 1, "nobody has judged the row": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"rating": 4}, (DataType.RATINGS, "scores", {"rating": 4.0})), ({"choices": ["Good"]}, (DataType.THUMBS, "label", True))],
    ids=["stars", "a choice"],
)  # fmt: skip
def test_label_studio_knows_points_and_choices_too(
    tmp_path: Path, value: dict[str, Any], expected: tuple[DataType, str, object]
) -> None:
    def task(prompt: str, said: dict[str, Any]) -> dict[str, Any]:
        return {"data": {"prompt": prompt, "response": "Hi."}, "annotations": [{"result": [{"value": said}]}]}

    other = {"rating": 1} if "rating" in value else {"choices": ["Bad"]}
    found = looked_at(tmp_path, task("a", value), task("b", other))
    kind, column, first = expected
    assert (found.type, found.rows.first(1)[0][column]) == (kind, first)


def test_promptfoo_results_are_marked_by_people_before_assertions(tmp_path: Path) -> None:
    def result(output: str | None, passed: bool, human: bool | None = None) -> dict[str, Any]:
        parts = [] if human is None else [{"pass": human, "assertion": {"type": "human"}}]
        return {
            "prompt": {"raw": json.dumps([ASKED]), "label": "x"},
            "response": {"output": output},
            "success": passed,
            "gradingResult": {"pass": passed, "componentResults": parts},
        }

    file = tmp_path / "results.json"
    rows = [result("a", True), result("b", True, human=False), result(None, False)]
    file.write_text(json.dumps({"evalId": "e", "results": {"version": 3, "results": rows}}))
    found = inspect(file, "results.json")
    assert [(row["completion"][0]["content"], row["label"]) for row in found.rows] == [
        ("a", True),
        ("b", False),
    ]
    assert next(iter(found.rows))["prompt"] == [ASKED]
    assert found.notes == (
        'Its rows lie under "results.results", and nothing else in it is read.',
        "It was read as an export of promptfoo.",
    )


def test_plain_text_is_text_and_never_a_demonstration(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"text": "### Human: Hello?### Assistant: Hi."})
    assert (found.type, list(found.rows)) == (
        DataType.TEXT,
        [{"text": "### Human: Hello?### Assistant: Hi."}],
    )


def test_a_history_goes_before_the_question(tmp_path: Path) -> None:
    row = {"query": "And?", "response": "No.", "history": [["Hello?", "Hi."]]}
    (found,) = looked_at(tmp_path, row).rows
    assert found["prompt"] == [ASKED, HI, {"role": "user", "content": "And?"}]


MAPPED: dict[DataType, tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = {
    DataType.DEMONSTRATIONS: (
        {"Frage": "Hello?", "Antwort": "Hi.", "id": 1}, {"prompt": "Frage", "completion": "Antwort"},
        {"prompt": [ASKED], "completion": [HI]},
    ),
    DataType.PREFERENCES: (
        {"q": {"text": "Hello?"}, "models": [{"says": "Hi."}, {"says": "Go."}]},
        {"prompt": "q.text", "chosen": "models.0.says", "rejected": "models.1.says"}, PAIR,
    ),
    DataType.RATINGS: (
        {"q": "Hello?", "a": "Hi.", "Note": "4"}, {"prompt": "q", "completion": "a", "rating": "Note"},
        {"prompt": [ASKED], "completion": [HI], "scores": {"rating": 4.0}},
    ),
    DataType.PROMPTS: (
        {"q": "Hello?", "right": "4"}, {"prompt": "q", "answer": "right"}, {"prompt": [ASKED], "answer": "4"},
    ),
    DataType.TEXT: ({"words": "Once."}, {"text": "words"}, {"text": "Once."}),
}  # fmt: skip


@pytest.mark.parametrize("kind", MAPPED)
def test_columns_are_what_a_person_says_and_the_mapping_is_kept(tmp_path: Path, kind: DataType) -> None:
    row, mapping, expected = MAPPED[kind]
    found = looked_at(tmp_path, row, reading=Reading(mapping=mapping))
    assert (found.type, list(found.rows), found.reading.mapping) == (kind, [expected], mapping)
    assert set(found.columns_not_read) == set(row) - {path.split(".")[0] for path in mapping.values()}


@pytest.mark.parametrize("path", ["a.²", "a.١", f"a.{'9' * 5_000}", "a.7", "a.-1", "a..", "."])
def test_a_place_in_a_list_is_a_number_or_nothing_lies_there(path: str) -> None:
    assert mapped({"a": [{"x": "Hi."}]}, {"prompt": path}) == {}


def test_a_mapping_may_leave_out_a_verdict_that_would_be_refused(tmp_path: Path) -> None:
    """Whoever says which columns count has looked at them; the others are told as not read."""
    row = {"prompt": "Hello?", "completion": "Hi.", "quality": 0.3}
    with pytest.raises(InvalidInput, match="a verdict on the answer and is not read"):
        looked_at(tmp_path, row)
    said = Reading(mapping={"prompt": "prompt", "completion": "completion"})
    found = looked_at(tmp_path, row, reading=said)
    assert (found.type, found.columns_not_read) == (DataType.DEMONSTRATIONS, ("quality",))
    assert found.notes[0].startswith("Not read, though it seems to say how good an answer is: quality.")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["prompt"], '"prompt" maps nothing; write a target and a column, as prompt=question.'),
        (["prompt="], '"prompt=" maps nothing'),
        (["prompt=a", "prompt=b"], '"prompt" is mapped twice'),
        (["reply=a"], '"reply" is nothing to map to; known are prompt, system,'),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(written: list[str], told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_mapping(written)
    assert told in str(refused.value)


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInput, match='no row has "frage", which is mapped to prompt; its columns are Frage'
    ):
        looked_at(tmp_path, {"Frage": "a", "Antwort": "b"}, reading=Reading(mapping={"prompt": "frage"}))


def test_a_column_with_a_point_in_its_name_goes_before_a_way_into_objects() -> None:
    assert mapped({"a.b": 1, "a": {"b": 2}}, {"prompt": "a.b"}) == {"prompt": 1}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": "7", "User question": "Why?", "Bot reply": "So."}, {"prompt": "User question", "completion": "Bot reply"}),
        ({"task": "Why?", "winner": "So.", "loser": "No."}, {"prompt": "task", "chosen": "winner", "rejected": "loser"}),
        ({"ask": "Why?", "reply": "So.", "stars": "4"}, {"prompt": "ask", "completion": "reply", "rating": "stars"}),
        ({"ask": "Why?", "reply": "So.", "liked": "yes"}, {"prompt": "ask", "completion": "reply", "label": "liked"}),
        ({"chat": [{"role": "user", "content": "a"}]}, {"messages": "chat"}),
        ({"a": "Why?", "b": "So."}, {"prompt": "a", "completion": "b"}),
        ({"article": "Once upon a time.", "pages": 3}, {"text": "article"}),
        ({"x": 1, "y": 2}, {}),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_columns_suggest_what_they_are_by_name_and_content(
    row: dict[str, Any], expected: dict[str, str]
) -> None:
    assert propose([row, {**row}]) == expected


def test_a_choice_is_a_verdict_only_where_its_question_says_so(tmp_path: Path) -> None:
    """Yes to "toxic" is no praise."""
    said = [{"from_name": "toxic", "value": {"choices": ["Yes"]}}]
    with pytest.raises(InvalidInput, match=r'a verdict on the answer and is not read \(found "toxic"\)'):
        looked_at(tmp_path, {"data": {"prompt": "a", "response": "b"}, "annotations": [{"result": said}]})


def test_drafts_are_no_verdicts(tmp_path: Path) -> None:
    fields = PREFERENCES["Argilla record"]["fields"]
    answers = [{"value": "response-1", "status": "draft"}, {"value": "response-2", "status": "submitted"}]
    assert list(looked_at(tmp_path, {"fields": fields, "responses": {"better": answers}}).rows) == [PAIR]


@pytest.mark.parametrize(
    ("good", "odd"),
    [
        (PREFERENCES["scores beside"], {"prompt": "s"}),
        (PREFERENCES["scores beside"], {"prompt": "s", "responses": 3, "scores": [1]}),
        (PREFERENCES["ms-swift messages"], {"messages": [ASKED, HI], "rejected_messages": [ASKED, GO]}),
        (PREFERENCES["OpenAI"], {"input": {"messages": [ASKED]}, "preferred_output": [HI]}),
        (PREFERENCES["OpenAI"], {"input": "Hello?", "preferred_output": [HI], "non_preferred_output": [GO]}),
        (PREFERENCES["Label Studio"], {"data": TASK, "annotations": [{"result": [{"value": 3}]}]}),
        (PREFERENCES["Argilla record"], {"fields": {"prompt": "a"}, "responses": [{"values": 3}]}),
    ],
    ids=lambda row: str(row)[:40],
)
def test_a_row_that_is_not_as_the_others_is_dropped_and_nothing_else(
    tmp_path: Path, good: dict[str, Any], odd: dict[str, Any]
) -> None:
    found = looked_at(tmp_path, good, odd)
    assert (list(found.rows), found.problems[0].row) == ([PAIR], 2)


def test_points_with_a_decimal_comma_are_points_and_others_that_are_none_drop_the_pair(
    tmp_path: Path,
) -> None:
    def rated(chosen: str, rejected: str, prompt: str) -> dict[str, str]:
        return {
            "prompt": prompt,
            "chosen": "Hi.",
            "rejected": "Go.",
            "score_chosen": chosen,
            "score_rejected": rejected,
        }

    found = looked_at(
        tmp_path, rated("4,5", "3,5", "a"), rated("3,5", "4,5", "b"), rated("3/10", "9/10", "c")
    )
    assert [problem.row for problem in found.problems] == [2, 3]
    marked = [{"prompt": "a", "completion": f"{label}", "label": label} for label in ("1.0", "0.0")]
    assert [row["label"] for row in looked_at(tmp_path, *marked).rows] == [True, False]


@pytest.mark.parametrize(
    "lines",
    [
        "Wie spät ist es?,Es ist drei Uhr.\nWo wohnst du?,In Bonn.\nWas isst du?,Brot.\n",
        "Two and two,It is 4,good\nWho,Ann,bad\nWhy,So,good\n",
        "Hello,I would say that it depends on what was meant by whoever asked it in the first place and why\nWho,Ann\n",
        "こんにちは。,はい。\n誰ですか？,私です。\nでは。,ええ。\n",
    ],
    ids=["sentences", "a verdict of the rows", "a text", "Japanese"],
)
def test_a_table_whose_first_line_is_data_is_told_so_and_nothing_is_proposed(
    tmp_path: Path, lines: str
) -> None:
    file = tmp_path / "bare.csv"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(
        Unusable, match=r'bare\.csv: the first row looks like data \(".*; put a line with their names above'
    ) as told:
        inspect(file, file.name)
    assert "say which column is what" not in str(told.value)
    assert propose(told.value.head) == {}

    file.write_text("prompt,completion,label\n" * ("good" in lines) or "prompt,completion\n")
    with file.open("a", encoding="utf-8") as more:
        more.write(lines)
    assert len(inspect(file, file.name).rows) == lines.count("\n")


@pytest.mark.parametrize(
    "rows",
    [
        [{"What was asked?": "A poem", "What do you think of the answer?": "I like it."}] * 2,
        [{"Anliegen": "Warum?", "Erledigt": "Darum."}],
        [{"Anliegen": "Anliegen", "Erledigt": "Erledigt"}, {"Anliegen": "Warum?", "Erledigt": "Darum."}],
        [{"What should the assistant have said to somebody who has never heard of any of this?": "Hi.", "b": "So."}],
    ],
    ids=["a survey", "names", "names twice", "a long question"],
)  # fmt: skip
def test_names_of_columns_are_not_taken_for_data(rows: list[dict[str, str]]) -> None:
    assert not first_row_is_data(rows)
    assert propose(rows)
