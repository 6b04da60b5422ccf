"""What is asked before a commit, by `make check` and by CI is one thing, said once."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent


def _hooks() -> list[dict[str, Any]]:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    return [hook for repository in config["repos"] for hook in repository["hooks"]]


def _check() -> str:
    """The commands of `make check`, as pre-commit would write them."""
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    return recipe[1].replace("$(BIN)", ".venv/bin").replace("$(NPM)", "npm")


def test_hooks_before_a_commit_download_nothing() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    assert {hook["language"] for hook in _hooks()} == {"system"}


def test_hooks_before_a_commit_call_the_tools_of_make_check() -> None:
    for tool in ("ruff format", "ruff check", "mypy", "lint-imports", "tests/ui/test_types.py"):
        assert tool in _check(), tool
        assert any(tool in hook["entry"] for hook in _hooks()), tool
    assert "npm" in _check()
    assert any("npm run --silent check" in hook["entry"] for hook in _hooks())


def test_ci_runs_what_anybody_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert re.findall(r"^make (\w+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE) == ["check", "test"]


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "rlft_gui" / "py.typed").exists()
