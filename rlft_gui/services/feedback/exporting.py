"""Rows of votes as files: a row a line, as the product itself and TRL's trainers read them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rlft_gui.data.kept import encoded
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.services.feedback.views import View
from rlft_gui.services.feedback.views_counted import Row
from rlft_gui.training.rows import same_prompt

_HASHED_DIGITS = 8


class Written(NamedTuple):
    """A file and how many rows it has."""

    file: Path
    rows: int


def write_view(
    view: View, file: Path, held_out: float = 0.0, *, over_existing: bool = False
) -> tuple[Written, ...]:
    """Write the rows of a view; with `held_out`, those of that share of the prompts into a second file beside it.

    Args:
        over_existing: whether a file that is there already is written over.

    Raises:
        InvalidInput: there is no row, nothing is left on one side of the split, or a file or folder is there already.
        NotPossibleNow: the file cannot be written.
    """
    view.check_some()
    _check_free(file, over_existing)
    if not held_out:
        return (_write(file, view.rows),)
    apart = [is_held_out(row, held_out) for row in view.rows]
    if all(apart) or not any(apart):
        raise InvalidInput(
            f"{len(view.rows):,} rows of so few prompts cannot be split by prompt into {100 * (1 - held_out):.0f} % and "
            f"{100 * held_out:.0f} %. Leave --held-out out, or gather more votes."
        )
    beside = file.with_name(f"{file.stem}-held-out{file.suffix}")
    _check_free(beside, over_existing)
    sides = ((file, False), (beside, True))
    return tuple(
        _write(path, (row for row, one in zip(view.rows, apart, strict=True) if one is side))
        for path, side in sides
    )


def is_held_out(row: Row, share: float) -> bool:
    """By a fixed hash of the prompt: the same prompt is on the same side in every export, whatever else there is."""
    digest = hashlib.sha256(f"votes {same_prompt(row)}".encode()).hexdigest()[:_HASHED_DIGITS]
    return int(digest, 16) / 16.0**_HASHED_DIGITS < share


def _check_free(file: Path, over_existing: bool) -> None:
    if file.is_dir():
        raise InvalidInput(f"{file} is a folder. Name a file in it, such as {file / 'votes.jsonl'}.")
    if file.is_file() and not over_existing:  # no pipe or terminal, which lose nothing
        raise InvalidInput(f"{file} exists already. Name another file, or write over it with --force.")


def _write(file: Path, rows: Iterable[Row]) -> Written:
    lines = [encoded(row) for row in rows]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(lines))
    except OSError as error:
        raise NotPossibleNow(
            f"{file} could not be written: {error.strerror}. Name a file in a folder that you may write to."
        ) from error
    return Written(file, len(lines))
