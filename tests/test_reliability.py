"""The page of what is promised names tests that exist, and says met only of what was tried."""

import ast
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.soak.figures import Figure, Figures, read
from tests.soak.report import MET, MISSED, UNTRIED, Tried, document, table
from tests.soak.requirements import REQUIREMENTS, Requirement

ROOT = Path(__file__).parent.parent
TESTS = [(one.name, test) for one in REQUIREMENTS for test in one.tests]

HELD = Requirement(
    "R6", "A number that was taken in is never lost.", ("tests/a.py::test_a", "tests/a.py::test_b")
)


def _tried(figures: tuple[Figure, ...] = (), **outcomes: str) -> Tried:
    return Tried({f"tests/a.py::test_{name}": ended for name, ended in outcomes.items()}, 60, figures, 0)


@pytest.mark.parametrize(("name", "test"), TESTS, ids=str)
def test_a_test_that_shows_a_promise_exists(name: str, test: str) -> None:
    path, function = test.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_a_promise_is_met_only_if_every_test_of_it_passed() -> None:
    assert _tried(a="passed", b="passed").verdict(HELD) == MET
    assert _tried(a="passed").verdict(HELD) == UNTRIED
    assert _tried(a="passed", b="skipped").verdict(HELD) == UNTRIED
    assert _tried(a="passed", b="failed").verdict(HELD) == MISSED
    assert Tried({}, 0, (), 0).verdict(Requirement("R1", "Nothing shows it.")) == UNTRIED


def test_a_figure_beyond_its_limit_misses_the_promise() -> None:
    lost = Figure("R6", "rows lost", 1, "", "= 0")
    assert _tried((lost,), a="passed", b="passed").verdict(HELD) == MISSED


@pytest.mark.parametrize(
    ("value", "limit", "kept"),
    [
        (0, "= 0", True),
        (5, "≤ 5", True),
        (5, "< 5", False),
        (0.5, ">= 1", None),
        (60, "≥ 60", True),
        (9, "", True),
    ],
)
def test_limits_are_a_relation_and_a_number(value: float, limit: str, kept: bool | None) -> None:
    figure = Figure("R6", "rows", value, "", limit)
    if kept is None:
        with pytest.raises(ValueError, match="a relation and a number"):
            print(figure.kept)  # noqa: T201
    else:
        assert figure.kept is kept


def test_figures_go_through_their_file_and_the_last_word_counts(tmp_path: Path) -> None:
    told = Figures(tmp_path / "figures.jsonl")
    told.add("R6", "rows lost", 3, "", "= 0")
    told.add("R6", "rows lost", 0, "", "= 0")
    assert read(tmp_path / "figures.jsonl") == [Figure("R6", "rows lost", 0, "", "= 0")]


def test_the_page_says_date_versions_machine_and_figures() -> None:
    lost = Figure("R6", "rows lost", 0, "rows", "= 0")
    page = document(_tried((lost,)), datetime(2026, 11, 28, tzinfo=UTC))
    for told in (
        "2026-11-28",
        "rlft_gui 0.",
        "SQLite 3.",
        "gradio 6.",
        " cores of ",
        "| rows lost | 0 rows | = 0 | met |",
    ):
        assert told in page
    assert "busy with other work" not in page
    assert "rows lost" in table(_tried((lost,)))


def test_a_busy_machine_is_said() -> None:
    assert "busy with other work (load 99.0)" in document(Tried({}, 0, (), 99))


@pytest.mark.parametrize("asked", ["", "-m slow", "-m 'not slow'", "--soak"])
def test_only_a_soak_runs_what_takes_long(tmp_path: Path, asked: str) -> None:
    file = tmp_path / "test_long.py"
    file.write_text("import pytest\n\n@pytest.mark.soak\n@pytest.mark.slow\ndef test_long(): ...\n")
    looked = "-m pytest --collect-only -q -p no:xdist -p tests.conftest"
    command = [
        sys.executable,
        *looked.split(),
        "-c",
        str(ROOT / "pyproject.toml"),
        *shlex.split(asked),
        str(file),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert ("::test_long" in said) is (asked == "--soak"), said
