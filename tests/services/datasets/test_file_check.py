"""What `rlft data check` says of a file."""

import json
from pathlib import Path

from rlft_gui.domain.dataset import DataType, Reading
from rlft_gui.services.datasets.file_check import check_file
from tests.test_cli import rlft


def _file(tmp_path: Path, *rows: object) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    return file


def test_a_usable_file_is_told_with_what_is_not_read(tmp_path: Path) -> None:
    good = {"prompt": "a", "completion": "b", "id": 1}
    found = check_file(_file(tmp_path, good, {**good, "completion": ""}), Reading())
    assert (found.shape, found.type, found.rows) == ("prompt, completion", DataType.DEMONSTRATIONS, 1)
    assert (found.columns, found.columns_not_read) == (("prompt", "completion", "id"), ("id",))
    (problem,) = found.problems
    assert (problem.row, problem.problem) == (2, "the answer is empty")
    assert found.refused is None


def test_a_refused_file_still_says_what_it_seems_to_be(tmp_path: Path) -> None:
    found = check_file(_file(tmp_path, {"prompt": "a", "completion": "b", "label": True}), Reading())
    assert (found.type, found.rows) == (DataType.THUMBS, 0)
    assert found.refused is not None
    assert found.problems


def test_a_file_of_another_shape_is_not_said_to_be_what_it_seems(tmp_path: Path) -> None:
    rows = (
        {"prompt": "a", "answer1": "b", "answer2": "c"},
        {"instruction": "a", "input": "", "output": ["b"]},
        {"prompt": "a", "solution": "b"},
    )  # fmt: skip
    for row in rows:
        found = check_file(_file(tmp_path, row), Reading())
        assert (found.shape, found.type) == (None, None)
        assert found.refused is not None


def test_the_command_prints_json_also_of_what_it_refuses(tmp_path: Path) -> None:
    for rows, code in (([{"prompt": "a", "completion": "b"}], 0), ([{"words": "a"}], 2)):
        done = rlft(tmp_path / "home", "data", "check", str(_file(tmp_path, *rows)), "--json")
        assert done.returncode == code
        said = json.loads(done.stdout)
        assert all(problem["problem"] and problem["fix"] for problem in said["problems"])
        assert {"shape", "type", "rows", "columns", "columns_not_read", "problems"} <= set(said)
