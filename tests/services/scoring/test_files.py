"""Every answer of a file is found, by the number of its row."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.mapping import read_mapping
from rlft_gui.domain.dataset import Reading
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.scoring.files import answers_of


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_each_answer_of_a_row_is_one_to_score(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"prompt": "Hi?", "chosen": "Hello.", "rejected": "Go."},
        {"prompt": "And?", "chosen": "Well.", "rejected": "Well."},
        {"prompt": "Bye?", "chosen": "Bye.", "rejected": ""},
    )
    found = answers_of(path, "rows.jsonl")

    assert [(item.row, item.asked, item.text) for item in found.items][:2] == [
        (1, "Hi?", "Hello."),
        (1, "Hi?", "Go."),
    ]
    assert any("left out" in note for note in found.notes)


def test_an_answer_without_a_word_is_left_out_and_counted(tmp_path: Path) -> None:
    for rows in (
        ({"prompt": "Hi?", "completion": " "}, {"prompt": "Bye?", "completion": "Bye."}),
        ({"text": ""}, {"text": "Once."}),
    ):
        found = answers_of(written(tmp_path, *rows), "rows.jsonl")
        assert (len(found.items), found.left_out) == (1, 1)
        assert next(note for note in found.notes if "is empty" in note).startswith("1 row left out: ")


def test_answers_of_a_table_keep_the_number_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("prompt,completion\nHi?,Hello.\nBye?,Bye.\n")
    assert [(item.row, item.text) for item in answers_of(path, "rows.csv").items] == [
        (2, "Hello."),
        (3, "Bye."),
    ]


def test_a_text_that_nobody_asked_for_stands_alone(tmp_path: Path) -> None:
    (item,) = answers_of(written(tmp_path, {"text": "A long story."}), "rows.jsonl").items
    assert (item.prompt, item.text) == ((), "A long story.")


def test_a_file_of_prompts_alone_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, {"prompt": "Hi?", "topic": "a"}, {"prompt": "Bye?", "topic": "b"})
    with pytest.raises(
        InvalidInput, match=r"rows\.jsonl holds prompts and no answers: its columns are prompt"
    ):
        answers_of(path, "rows.jsonl")


def table(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize("answer", ["answer", "response", "completion", "output", "text", "Answer", "reply"])
@pytest.mark.parametrize("asked", ["prompt", "question", "Prompt"])
def test_a_column_that_is_plainly_an_answer_is_read_as_one(tmp_path: Path, asked: str, answer: str) -> None:
    long = "A long answer. " * 20
    found = answers_of(
        table(tmp_path, f"{asked},{answer}\nHi?,Hello.\nBye?,{long}\nBye?,{long}\n"), "rows.csv"
    )
    assert [(item.row, item.asked, item.text.strip(), item.right) for item in found.items] == [
        (2, "Hi?", "Hello.", None),
        (3, "Bye?", long.strip(), None),
        (4, "Bye?", long.strip(), None),
    ], "what says the same is an answer of its own"
    plain = written(tmp_path, {asked: "Hi?", answer: "Hello.", "id": 7})
    (item,) = answers_of(plain, "rows.jsonl").items
    assert (item.asked, item.text) == ("Hi?", "Hello.")


def test_what_was_taken_for_the_answer_is_one_line(tmp_path: Path) -> None:
    found = answers_of(table(tmp_path, "question,answer,reply\n2+2?,4,5\n"), "rows.csv")
    assert [item.text for item in found.items] == ["4"]
    assert found.notes == (
        'Its column "answer" is read as the answer to "question".',
        'Not read: "reply".',
    )
    told = answers_of(table(tmp_path, "prompt,completion,quality\nHi?,Hello.,3\n"), "rows.csv").notes
    assert told == (), "names that say it themselves"


def test_one_mapping_suffices_where_the_prompt_is_plain(tmp_path: Path) -> None:
    path = table(tmp_path, "prompt,system,written\nHi?,Be kind.,Hello.\nBye?,,Bye.\n")
    found = answers_of(path, "rows.csv", Reading(mapping={"completion": "written"}))
    assert [(item.asked, item.text) for item in found.items] == [
        ("System: Be kind.\nUser: Hi?", "Hello."),
        ("Bye?", "Bye."),
    ]


@pytest.mark.parametrize("columns", ["prompt,model_answer", "the question,what it said", "prompt,written"])
def test_advice_works_when_it_is_followed(tmp_path: Path, columns: str) -> None:
    text = "Hi?,Hello.\nBye?,Bye.\n"
    path = table(tmp_path, f"{columns}\n{text}")
    with pytest.raises(InvalidInput) as refused:
        answers_of(path, "rows.csv")
    column = columns.split(",")[1]
    words = shlex.split(str(refused.value).replace("COLUMN", shlex.quote(column)).rstrip("."))
    maps = [words[at + 1] for at, word in enumerate(words) if word == "--map"]
    assert len(answers_of(path, "rows.csv", Reading(mapping=read_mapping(maps))).items) == 2
    assert 'answer"' in str(refused.value)
    assert len(answers_of(table(tmp_path, f"prompt,answer\n{text}"), "rows.csv").items) == 2


def test_answers_that_are_all_good_are_scored(tmp_path: Path) -> None:
    path = written(tmp_path, {"prompt": "Hi?", "completion": "Hello.", "label": True})
    assert [item.text for item in answers_of(path, "rows.jsonl").items] == ["Hello."]


@pytest.mark.parametrize("part", ["input", "context", "reasoning"])
def test_a_part_that_would_not_be_read_is_told_and_nothing_scored_without_it(
    tmp_path: Path, part: str
) -> None:
    path = written(tmp_path, {"instruction": "Add.", part: "1, 2", "answer": "3"})
    with pytest.raises(InvalidInput, match=f'its column "{part}" seems to hold a part'):
        answers_of(path, "rows.jsonl")
    empty = written(tmp_path, {"instruction": "Add 1 and 2.", part: "", "answer": "3"})
    assert [item.text for item in answers_of(empty, "rows.jsonl").items] == ["3"]


def test_a_pair_is_never_read_as_one_answer(tmp_path: Path) -> None:
    path = written(tmp_path, {"prompt": "Hi?", "response": "Hello.", "rejected_response": "Hello."})
    with pytest.raises(InvalidInput, match="the same"):
        answers_of(path, "rows.jsonl")
