"""Files as a person brings them, small ones about nothing that Lantern knows, stored as an upload is."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rlft_gui.data.inspection import inspect
from rlft_gui.data.store import store
from rlft_gui.domain.home import Home

TOWNS = ("Arles", "Bath", "Cork", "Delft", "Essen", "Faro", "Ghent", "Hull", "Imola", "Jena")
THINGS = ("bridge", "market", "tower", "garden")


def prompts() -> list[str]:
    """Forty, each its own."""
    return [f"What is the {thing} of {town} like?" for town in TOWNS for thing in THINGS]


def demonstrations(asked: Iterable[str]) -> list[dict[str, Any]]:
    return [{"prompt": text, "completion": f"It is {'old' if len(text) % 2 else 'new'}."} for text in asked]


def preferences(asked: Iterable[str]) -> list[dict[str, Any]]:
    return [{"prompt": text, "chosen": "It is old.", "rejected": "I do not know that."} for text in asked]


def stored(home: Home, folder: Path, name: str, rows: Iterable[dict[str, Any]]) -> str:
    """The id of the rows as a JSONL file of that name."""
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return store(home, inspect(file, file.name), owner="local").id
