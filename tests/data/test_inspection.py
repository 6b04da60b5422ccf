"""What is read from a file, and the account of what was left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import inspect
from rlft_gui.data.shapes.faults import MEND
from rlft_gui.domain.dataset import RowProblem
from rlft_gui.domain.errors import InvalidInput


def line(prompt: str, completion: str | int | None) -> bytes:
    return json.dumps({"prompt": prompt, "completion": completion}).encode()


def prompts(file: Path) -> list[str]:
    return [row["prompt"][0]["content"] for row in inspect(file, file.name).rows]


@pytest.mark.parametrize("name", ["data.json", "data.jsonl", "data.txt", "data"])
@pytest.mark.parametrize(
    "content",
    [
        b"[" + line("a", "x") + b"," + line("b", "y") + b"]",
        b"\xef\xbb\xbf \n[\n" + line("a", "x") + b",\r\n" + line("b", "y") + b"\n]\n\n",
        line("a", "x") + b"\n" + line("b", "y"),
        b"\xef\xbb\xbf" + line("a", "x") + b"\r\n\n  " + line("b", "y") + b"  \n\n",
    ],
    ids=["a list", "a list with a byte order mark", "JSONL", "JSONL with blank lines"],
)
def test_the_content_says_what_a_file_is_not_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert prompts(file) == ["a", "b"]


def test_every_dropped_row_has_a_reason_that_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_bytes(
        b"\n".join(
            [
                line("a", "x"),
                line("b", ""),
                line("a", "x"),
                b'"hello"',
                line("c", 3),
                line("d", " "),
                line("e", "y"),
            ]
        )
    )
    found = inspect(file, "data.jsonl")
    assert (found.rows_read, len(found.rows), found.dropped) == (7, 2, 5)
    assert found.drop_reasons == {
        "the answer is empty": 2,
        "the row repeats an earlier one": 1,
        "the row is text, expected an object with named fields": 1,
        'field "completion" is a number, expected text': 1,
    }
    assert found.problems[0] == RowProblem(row=2, message="the answer is empty", fix=MEND)
    assert [problem.row for problem in found.problems] == [2, 3, 4, 5, 6]


def test_in_jsonl_a_row_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_bytes(line("a", "x") + b"\n\n\n" + line("b", ""))
    assert inspect(file, "data.jsonl").problems == (
        RowProblem(row=4, message="the answer is empty", fix=MEND),
    )


def test_a_few_problems_of_each_reason_are_shown_however_many_there_are(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_bytes(b"\n".join([line("a", "x"), *[line("b", "")] * 500, line("c", None)]))
    found = inspect(file, "data.jsonl")
    assert sum(found.drop_reasons.values()) == found.dropped == 501
    assert [problem.row for problem in found.problems] == [2, 3, 4, 502]


def test_reasons_stay_few_however_strange_the_rows(tmp_path: Path) -> None:
    """What differs from row to row is shown with the row, never counted by."""
    rows: list[dict[str, Any]] = [
        {"messages": [{"role": f"role {n}", "content": "x"}, {"role": "user", "content": "x"}]}
        for n in range(200)
    ]
    rows += [{f"field {n}": 1, "messages": n} for n in range(200)]
    rows.append({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]})
    file = tmp_path / "data.json"
    file.write_text(json.dumps(rows))
    found = inspect(file, "data.json")
    assert len(found.drop_reasons) == 2
    assert str(found.problems[0].message).endswith('(found "role 0")')


def test_a_fault_far_into_the_file_refuses_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_bytes(b"\n".join([*(line(str(n), "x") for n in range(300)), b"{"]))
    with pytest.raises(ValueError, match="row 301"):
        inspect(file, "data.jsonl")


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (True, "3 of the usable answers are marked good and 0 bad, .* Add answers marked bad"),
        (False, "0 of the usable answers are marked good and 3 bad, .* Add answers marked good"),
    ],
)
def test_verdicts_that_are_all_the_same_are_refused_with_their_numbers(
    tmp_path: Path, label: bool, told: str
) -> None:
    file = tmp_path / "data.json"
    rows = [{"prompt": "a", "completion": str(i), "label": label} for i in range(3)]
    file.write_text(json.dumps(rows))
    with pytest.raises(InvalidInput, match=rf"data\.json: {told}"):
        inspect(file, "data.json")
    file.write_text(json.dumps([*rows, {"prompt": "a", "completion": "x", "label": not label}]))
    assert len(inspect(file, "data.json").rows) == 4
