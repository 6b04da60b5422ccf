"""A stage and a method are one file and one name each: toys from files outside the package are found everywhere."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def passed_with_toys(*words: str) -> None:
    """Run tests in a process whose package has the toys."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.fakes.toys",
        "-p",
        "no:cacheprovider",
        *words,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wizard_command_line_charts_and_readme_know_them() -> None:
    passed_with_toys("tests/fakes/toys_found.py")


def test_the_looks_of_methods_stay_told_apart() -> None:
    passed_with_toys("tests/methods/test_looks.py")


def test_the_contract_suite_tries_the_stage() -> None:
    passed_with_toys("tests/stages/test_contract.py", "-k", "toy or case")


@pytest.mark.slow
def test_every_field_of_the_stage_is_tried() -> None:
    passed_with_toys("tests/stages/test_contract_fields.py", "-k", "toy")
