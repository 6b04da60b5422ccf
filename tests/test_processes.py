"""The folder in which a person happens to be lends no code to the product's own processes."""

import ast
import subprocess
from pathlib import Path

import rlft_gui
from rlft_gui.processes import python_module

PACKAGE = Path(rlft_gui.__file__).parent


def test_a_file_named_as_a_module_of_python_is_not_run(tmp_path: Path) -> None:
    """Before, an http.py or argparse.py beside the data was executed by every process of a run."""
    (tmp_path / "argparse.py").write_text("open('executed', 'w').close()\n")

    done = subprocess.run(
        [*python_module("rlft_gui.keeper"), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "executed").exists()


def test_every_process_is_started_so() -> None:
    for file in PACKAGE.rglob("*.py"):
        words = [
            node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)
        ]
        assert "-m" not in words or file.name == "processes.py", file
