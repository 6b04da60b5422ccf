"""Verdicts from outside: a file of another tool becomes a set of votes, whole or not at all, and once."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from rlft_gui.data.files.limits import LIMITS, Limits
from rlft_gui.data.files.reading import FileRows, opened_rows
from rlft_gui.data.files.unpacking import unpacked
from rlft_gui.data.shapes.faults import RowFault, kind, shortened
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import Rater, VoteSet
from rlft_gui.services.feedback.importing_alpaca import ALPACA_EVAL
from rlft_gui.services.feedback.importing_label_studio import LABEL_STUDIO
from rlft_gui.services.feedback.importing_promptfoo import PROMPTFOO
from rlft_gui.services.feedback.importing_reading import Format, Judged, Row
from rlft_gui.services.feedback.votes import NAME_LENGTH, Votes
from rlft_gui.storage import Storage

FORMATS = (ALPACA_EVAL, PROMPTFOO, LABEL_STUDIO)


class RaterCount(Frozen):
    rater: Rater
    votes: int


class Imported(Frozen):
    """What a file came to.

    Attributes:
        votes: how many of its votes stand in the set.
        is_new: False where the file was imported before, and nothing was stored now.
        raters: who judged, by the most votes; models likewise, by name.
        dropped: reason → rows left out.
        notes: how the file was read, where that is not plain.
    """

    set: str
    votes: int
    is_new: bool
    format: str
    models: tuple[str, ...]
    raters: tuple[RaterCount, ...]
    dropped: dict[str, int]
    notes: tuple[str, ...]


class Importing:
    def __init__(self, storage: Storage, votes: Votes) -> None:
        self._rows = storage.votes
        self._votes = votes

    def import_file(
        self, path: Path, name: str, *, user: str, encoding: str = "", limits: Limits = LIMITS
    ) -> Imported:
        """Make votes of a file's verdicts, in a set of its own that is called after the file.

        The same content is imported once, packed or not: then what is there is told.

        Args:
            name: what the file is called.

        Raises:
            InvalidInput: it cannot be read, is written in no known way, or says nothing; nothing is stored.
        """
        source = f"file:{_content_hash(path, name, limits)}"
        with opened_rows(path, name, limits, encoding) as file:
            format, judged, dropped = _read(file, name)
        if not judged:
            reasons = "; ".join(f"{count:,}: {reason}" for reason, count in dropped.items())
            raise InvalidInput(f"{name} holds no verdict that can be used ({reasons or 'it has no rows'}).")
        new = VoteSet(
            name=shortened(_stem(name), NAME_LENGTH - 6) or "imported", sources=(source,), owner=user,
            note=_note(name, format, dropped), created_at=time.time(),
        )  # fmt: skip
        prompts = {one.prompt.id: one.prompt for one in judged}
        answers = {answer.id: answer for one in judged for answer in one.answers}
        called, is_new = self._rows.add_whole(
            new, prompts.values(), answers.values(), [one.vote for one in judged]
        )
        raters = Counter(one.vote.rater for one in judged)
        return Imported(
            set=called,
            votes=self._votes.count(called),
            is_new=is_new,
            format=format.name,
            models=tuple(sorted({answer.model for answer in answers.values()})),
            raters=tuple(RaterCount(rater=rater, votes=count) for rater, count in raters.most_common()),
            dropped=dict(dropped),
            notes=tuple(file.notes),
        )


def _content_hash(path: Path, name: str, limits: Limits) -> str:
    """Of what is in the file, so that a packed copy is the same file."""
    try:
        with unpacked(path, name, limits) as plain:
            content = hashlib.sha256()
            for piece in iter(lambda: plain.stream.read(1 << 20), b""):
                content.update(piece)
            return content.hexdigest()
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror or error}.") from None


def _read(file: FileRows, name: str) -> tuple[Format, list[Judged], Counter[str]]:
    format: Format | None = None
    judged: list[Judged] = []
    dropped: Counter[str] = Counter()
    compared: list[Row] = []
    for number, value in file.rows:
        if isinstance(value, RowFault):
            dropped[value.reason] += 1
            continue
        if not isinstance(value, dict):
            raise InvalidInput(f"{name}: row {number} is {kind(value)}, and an object is expected.")
        format = format or _format_of(value, name)
        with _told_of_row(name, number):
            if not format.is_it(value):
                raise InvalidInput(f"it is not like the rows before it; expected {format.expected}")
            try:
                _check_text(value)
                judged += format.read(value)
                compared += [value] if format.together else []
            except RowFault as fault:
                dropped[fault.reason] += 1
    if format is not None and format.together:
        judged += format.together(compared)
    return format or FORMATS[0], judged, dropped


def _check_text(row: Row) -> None:
    """JSON can spell half a character, which no database keeps."""
    try:
        orjson.dumps(row)
    except orjson.JSONEncodeError:
        raise RowFault("the row holds half a character (a lone surrogate)") from None


def _format_of(row: Row, name: str) -> Format:
    found = next((one for one in FORMATS if one.is_it(row)), None)
    if found is None:
        columns = ", ".join(shortened(column, 20) for column in list(row)[:8]) or "none"
        known = "; ".join(one.expected for one in FORMATS)
        raise InvalidInput(
            f"{name} holds no verdicts that are known here (its columns: {columns}). Known: {known}."
        )
    return found


@contextmanager
def _told_of_row(name: str, number: int) -> Iterator[None]:
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(f"{name}: row {number}: {error}.") from None


def _stem(name: str) -> str:
    """The name without what says how it is packed and written."""
    stem = Path(name).name
    for suffix in (".gz", ".zip", ".json", ".jsonl", ".csv", ".tsv", ".parquet"):
        stem = stem.removesuffix(suffix)
    return stem


def _note(name: str, format: Format, dropped: Counter[str]) -> str:
    left_out = "; ".join(f"{count:,}: {reason}" for reason, count in dropped.items())
    return f"From {shortened(name, 80)}, {format.name}." + (
        f" Rows left out: {left_out}." if left_out else ""
    )
