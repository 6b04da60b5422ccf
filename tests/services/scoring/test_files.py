"""Every answer of a file is found, by the number of its row."""

import json
from pathlib import Path
from typing import Any

import pytest

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
    path = written(tmp_path, {"prompt": "Hi?"}, {"prompt": "Bye?"})
    with pytest.raises(
        InvalidInput, match=r"rows\.jsonl holds prompts and no answers: its columns are prompt"
    ):
        answers_of(path, "rows.jsonl")
