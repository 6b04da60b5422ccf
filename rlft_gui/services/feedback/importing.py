"""Verdicts from outside: a file of another tool becomes a set of votes, whole or not at all, and once."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from rlft_gui.data.files.limits import LIMITS, Limits
from rlft_gui.data.files.reading import FileRows, opened_rows
from rlft_gui.data.shapes.faults import RowFault, kind, shortened
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import Rater, Vote, VoteSet
from rlft_gui.services.feedback.importing_alpaca import ALPACA_EVAL
from rlft_gui.services.feedback.importing_label_studio import LABEL_STUDIO
from rlft_gui.services.feedback.importing_promptfoo import PROMPTFOO
from rlft_gui.services.feedback.importing_reading import Format, Judged, Row
from rlft_gui.services.feedback.votes import NAME_LENGTH, Votes
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

#: Why a verdict of a file is left out.
SAID_BEFORE = "the same rater says the same of the same answers again"
_TOLD_EVERY = 500  #: rows
_DIGITS = 9  #: 1 − 0.7 is not quite 0.3

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
        self._rights = Rights(storage)

    def import_file(
        self,
        path: Path,
        name: str,
        *,
        user: str,
        encoding: str = "",
        limits: Limits = LIMITS,
        on_progress: Callable[[str], None] = lambda how_far: None,
    ) -> Imported:
        """Make votes of a file's verdicts, in a set of its own that is called after the file.

        The same verdicts are imported once, however they are written and packed: then what is there is told.

        Args:
            name: what the file is called.
            on_progress: told in words how far it is.

        Raises:
            InvalidInput: it cannot be read, is written in no known way, or says nothing; nothing is stored.
        """
        self._rights.check_change(user)
        with opened_rows(path, name, limits, encoding) as file:
            format, all_judged, dropped, notes = _read(file, name, on_progress)
        judged = _once_each(all_judged)
        if len(judged) < len(all_judged):
            dropped[SAID_BEFORE] += len(all_judged) - len(judged)
        if not judged:
            reasons = "; ".join(f"{count:,}: {reason}" for reason, count in dropped.items())
            raise InvalidInput(f"{name} holds no verdict that can be used ({reasons or 'it has no rows'}).")
        new = VoteSet(
            name=shortened(_stem(name), NAME_LENGTH - 6) or "imported", sources=(f"file:{_hashed(judged)}",), owner=user,
            note=_note(name, format, dropped), created_at=time.time(),
        )  # fmt: skip
        called, is_new = self._rows.add_whole(
            new, judged, lambda stored: on_progress(f"{stored:,} of {len(judged):,} votes stored")
        )
        raters = Counter(one.vote.rater for one in judged)
        return Imported(
            set=called,
            votes=self._votes.count(called),
            is_new=is_new,
            format=format.name,
            models=tuple(sorted({answer.model for one in judged for answer in one.answers})),
            raters=tuple(RaterCount(rater=rater, votes=count) for rater, count in raters.most_common()),
            dropped=dict(dropped),
            notes=(*file.notes, *notes),
        )


def _once_each(judged: Sequence[Judged]) -> list[Judged]:
    """What a rater says several times of the same answers counts once, where he said it last.

    What he says differently stays: of that the last counts, in ratings as in data.
    """
    found: dict[tuple[object, ...], Judged] = {}
    for one in judged:
        key = _said(one.vote)
        found.pop(key, None)
        found[key] = one
    return list(found.values())


def _said(vote: Vote) -> tuple[object, ...]:
    """Who says what of which answers, whichever of the two stands first."""
    about = (vote.rater.name, vote.rater.kind, vote.kind, vote.prompt_id)
    if vote.b is None:
        return *about, vote.a, vote.verdict.model_dump_json()
    first, second = sorted((vote.a, vote.b))
    won = vote.verdict.won_by_a if vote.a == first else 1 - vote.verdict.won_by_a
    return *about, first, second, round(won, _DIGITS)


def _hashed(judged: Sequence[Judged]) -> str:
    """Of what is said and not of how it is written, so that the same verdicts are one set.

    In the order of the file, for of several verdicts the last counts.
    """
    digest = hashlib.sha256()
    for one in judged:
        digest.update(one.vote.model_dump_json(exclude={"votes", "created_at", "number"}).encode())
    return digest.hexdigest()


def _read(
    file: FileRows, name: str, on_progress: Callable[[str], None]
) -> tuple[Format, list[Judged], Counter[str], tuple[str, ...]]:
    format: Format | None = None
    judged: list[Judged] = []
    dropped: Counter[str] = Counter()
    compared: list[Row] = []
    seen: list[Row] = []
    for number, value in file.rows:
        if number % _TOLD_EVERY == 0:
            on_progress(f"{number:,} rows read")
        if isinstance(value, RowFault):
            dropped[value.reason] += 1
            continue
        if not isinstance(value, dict):
            raise InvalidInput(f"{name}: row {number} is {kind(value)}, and an object is expected.")
        format = format or _format_of(value, name)
        with _told_of_row(name, number):
            if not format.is_it(value):
                raise InvalidInput(f"it is not like the rows before it; expected {format.expected}")
            seen += [value] if format.noted else []
            try:
                _check_text(value)
                judged += format.read(value)
                compared += [value] if format.together else []
            except RowFault as fault:
                dropped[fault.reason] += 1
    if format is not None and format.together:
        judged += format.together(compared)
    with _told_of_file(name):
        notes = format.noted(seen) if format is not None and format.noted else ()
    return format or FORMATS[0], judged, dropped, notes


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


@contextmanager
def _told_of_file(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error}.") from None


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
