"""Built-in datasets look like any other."""

from pathlib import Path

import pytest

from rlft_gui.data.built_in import BUILT_IN, BuiltIn
from rlft_gui.data.rows import first_rows, load_rows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import Home

ANSWERS = {
    "lantern:demonstrations": ["completion"],
    "lantern:preferences": ["chosen", "rejected"],
    "lantern:prompts": [],
    "lantern:questions": [],
    "lantern:cards": [],
    "lantern:thumbs": ["completion"],
    "lantern:ratings": ["completion"],
    "tasks:records": ["completion"],
    "tasks:records-held-out": ["completion"],
    "tasks:record-pairs": ["chosen", "rejected"],
    "tasks:questions": [],
    "tasks:questions-held-out": [],
    "tasks:short": [],
    "tasks:short-pairs": ["chosen", "rejected"],
    "tasks:short-candidates": [],
    "tasks:short-held-out": ["chosen", "rejected"],
}
OTHERS = {
    "lantern:preferences": {"source"},
    "lantern:cards": {"answer"},
    "lantern:thumbs": {"label"},
    "lantern:ratings": {"scores"},
    "tasks:records": {"answer"},
    "tasks:records-held-out": {"answer"},
    "tasks:record-pairs": {"answer"},
    "tasks:short-candidates": {"candidates"},
}


@pytest.mark.parametrize("built_in", BUILT_IN, ids=lambda b: b.id)
def test_rows_are_messages_and_the_same_at_every_call(built_in: BuiltIn) -> None:
    home = Home(Path("/nonexistent"))
    rows = load_rows(home, built_in.id)
    assert rows == load_rows(home, built_in.id)
    assert first_rows(home, built_in.id, 3) == rows[:3]
    for row in rows:
        assert set(row) == {"prompt", *ANSWERS[built_in.id]} | OTHERS.get(built_in.id, set())
        assert [turn["role"] for turn in row["prompt"]] == ["user"]
        assert all([turn["role"] for turn in row[name]] == ["assistant"] for name in ANSWERS[built_in.id])


@pytest.mark.parametrize("built_in", BUILT_IN, ids=lambda b: b.id)
def test_the_account_counts_the_rows(built_in: BuiltIn) -> None:
    info = built_in.info()
    assert info.rows == info.rows_read == len(built_in.rows()) > 30
    assert (info.id, info.type, info.format) == (built_in.id, built_in.type, "built in")


def test_missing_files_of_lantern_are_named() -> None:
    def lost() -> list[dict[str, str]]:
        raise FileNotFoundError(2, "No such file", "pool.jsonl")

    with pytest.raises(NotFound, match=r"Lost need Lantern's file pool\.jsonl"):
        BuiltIn("lantern:lost", "Lost", DataType.DEMONSTRATIONS, lost).rows()
