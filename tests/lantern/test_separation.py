"""Who may know whom: what is used to score must not be what is used to train."""

import ast
from pathlib import Path

import pytest

import rlft_gui.lantern

FOLDER = Path(rlft_gui.lantern.__file__).parent


def imported(module: str) -> set[str]:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }


@pytest.mark.parametrize(
    "module",
    ["annotators", "answers", "corpus", "datasets", "pairs", "pool", "pretrain", "questions", "skills"],
)
def test_nothing_that_makes_training_data_knows_the_gold_scorer(module: str) -> None:
    assert "rlft_gui.lantern.gold" not in imported(module)


def test_the_gold_scorer_knows_neither_annotators_nor_skills() -> None:
    assert imported("gold").isdisjoint({"rlft_gui.lantern.annotators", "rlft_gui.lantern.skills"})
    assert "rlft_gui.lantern.facts" in imported("gold")


def test_annotators_know_only_facts_and_prompts() -> None:
    own = {name for name in imported("annotators") if name.startswith("rlft_gui")}
    assert own == {"rlft_gui.domain.suite", "rlft_gui.lantern.facts"}
