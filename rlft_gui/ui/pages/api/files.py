"""Rows that a program brings: written in the request, or in a file that was uploaded through Gradio's own route."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.ui.uploads import uploads

MOST_ROWS = 50_000
_INLINE = "rows.jsonl"

File = dict[str, Any]
Rows = Sequence[dict[str, Any]]


@contextmanager
def brought(file: File | None, rows: Rows | None, name: str = "") -> Iterator[tuple[Path, str]]:
    """The file with what it is called; it goes afterwards, whatever became of it.

    Args:
        file: as gradio_client's `handle_file` makes it.
        name: what rows are called; a file has a name.

    Raises:
        InvalidInput: there is neither or both, too many rows, or a file that was not uploaded.
    """
    if (file is None) == (rows is None):
        raise InvalidInput(
            "Give rows, a list of objects, or file, by gradio_client's handle_file; and not both."
        )
    if rows is not None:
        if not rows:
            raise InvalidInput("rows is an empty list. Send at least one object in it.")
        if len(rows) > MOST_ROWS:
            raise InvalidInput(
                f"{len(rows):,} rows are too many at once: {MOST_ROWS:,} are the most. Upload a file."
            )
        with _written(rows) as path:
            yield path, f"{name}.jsonl" if name else _INLINE
        return
    assert file is not None
    path = _uploaded(file)
    try:
        yield path, name or str(file.get("orig_name") or path.name)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _written(rows: Rows) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(dir=uploads(), suffix=".jsonl") as stream:
        for row in rows:
            stream.write(to_json(row) + b"\n")
        stream.flush()
        yield Path(stream.name)


def _uploaded(file: File) -> Path:
    """Looked at here too: the border lets nothing else through, and this is the one place that opens it."""
    path = Path(str(file.get("path", "")))
    try:
        is_upload = path.resolve().is_relative_to(uploads()) and path.is_file()
    except (OSError, ValueError):
        is_upload = False
    if not is_upload:
        raise InvalidInput("The file was not uploaded. Name it by gradio_client's handle_file.")
    return path
