"""JSON files of a model, each a bounded object."""

import json
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import InvalidInput

_LARGEST = 100_000_000  #: bytes; tokenizers reach some 20 MB


def read_json(file: Path, called: str) -> dict[str, Any]:
    """Raises InvalidInput for what is no JSON object, or too large to be a model's."""
    if file.stat().st_size > _LARGEST:
        raise InvalidInput(
            f"{called} has a {file.name} of {file.stat().st_size:,} bytes, which is no model's."
        )
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise InvalidInput(f"{called} has a {file.name} that is not a JSON object; copy the model again.")
    return content


def optional_json(file: Path, called: str) -> dict[str, Any]:
    return read_json(file, called) if file.is_file() else {}
