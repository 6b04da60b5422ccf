"""Stored datasets after they were stored: what they hold row by row, who uses them, what they are called, other rows of them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson

from rlft_gui.data.checks import check
from rlft_gui.data.converting import CONVERSIONS, Conversion, Numbered, conversion
from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.data.rows import load_rows, numbered_rows
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.data.shapes.verdicts import check_both_verdicts
from rlft_gui.data.store import being_stored, remove, stored_checks, stored_numbers, stored_rows
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import UPLOADED, Checked, DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.services.audit import Audit
from rlft_gui.services.datasets.held_apart import Halves, HowMany, held_apart
from rlft_gui.services.datasets.service import NAME_LENGTH, Datasets
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.labels import name_of
from rlft_gui.storage import Storage
from rlft_gui.training.rows import same_prompt

_NOTE_LENGTH = 300


class NumberedRow(Frozen):
    """A stored row with its number in the file it came from."""

    number: int
    row: dict[str, Any]


class RowPage(Frozen):
    """Some of the rows that a search finds, and how many it finds at all."""

    rows: tuple[NumberedRow, ...]
    found: int


class Curating:
    def __init__(self, home: Home, storage: Storage, datasets: Datasets) -> None:
        self._home = home
        self._rows = storage.datasets
        self._runs = storage.runs
        self._datasets = datasets
        self._storage = storage
        self._rights = Rights(storage)
        self._audit = Audit(storage)

    def used_by(self, dataset_id: str) -> tuple[Run, ...]:
        """The runs that learn from it or are judged by it, oldest first."""
        return self._runs.named(self._rows.used_by(dataset_id))

    def checks(self, dataset_id: str) -> Checked:
        """What may be wrong with its rows; of an upload as found when it was stored.

        Raises:
            NotFound: there is none of that id.
        """
        info = self._datasets.get(dataset_id)
        if info.id.startswith(UPLOADED):
            return stored_checks(self._home, dataset_id)
        return _checked(self._home, dataset_id, info.sha256)

    def page(self, dataset_id: str, start: int, count: int, search: str = "") -> RowPage:
        """Rows from a place on, of those that hold the words in any of their texts, upper or lower case.

        Raises:
            NotFound: there is none of that id.
        """
        found = 0
        shown = []
        for number, row in self._numbered(dataset_id, search):
            if start <= found < start + count:
                shown.append(NumberedRow(number=number, row=row))
            found += 1
        return RowPage(rows=tuple(shown), found=found)

    def describe(self, dataset_id: str, *, name: str, licence: str, origin: str, user: str) -> DatasetInfo:
        """Keep what people call an upload, its licence, and where it is from.

        Raises:
            NotFound: there is none of that id.
            InvalidInput: it has no name, or is none that people may rename.
        """
        info = self._owned(dataset_id, user)
        called = shortened(name, NAME_LENGTH)
        if not called:
            raise InvalidInput("A dataset needs a name.")
        told = {"licence": shortened(licence, _NOTE_LENGTH), "origin": shortened(origin, _NOTE_LENGTH)}
        return self._rows.change(info.id, name=called, **told)

    def mark(self, dataset_id: str, *, held_out: bool, user: str) -> DatasetInfo:
        """Keep an upload to judge by, or let it be trained on again.

        Raises:
            NotFound: there is none of that id.
            InvalidInput: it is none that people may mark, or asks nothing.
            NotPossibleNow: runs were trained on it, so their answers to it would tell nothing.
        """
        info = self._owned(dataset_id, user)
        if held_out and info.type is DataType.TEXT:
            raise InvalidInput(
                f"{info.called} holds {info.type}, which asks nothing. Mark rows with prompts."
            )
        if not held_out:
            return self._rows.change(info.id, held_out=False)
        if learners := self._runs.named(self._rows.hold_out(info.id)):
            raise NotPossibleNow(
                f"{name_of(learners[0])} learns from {info.called}, so it is not held out. Mark other rows."
            )
        return self._datasets.get(info.id)

    def delete(self, dataset_id: str, *, user: str) -> None:
        """Remove an upload that no run uses.

        Raises:
            NotFound: there is none of that id.
            InvalidInput: it is none that people may delete.
            NotPossibleNow: runs use it.
        """
        info = self._owned(dataset_id, user)
        with (
            being_stored(self._home),
            self._storage.write(),
        ):  # or the same rows, stored anew at this moment, would lose their files
            users = self._rows.delete(dataset_id)
            if not users:
                with suppress(NotFound):  # somebody removed its folder
                    remove(self._home, dataset_id)
                self._audit.add(user, "deleted", dataset_id)
        if users:
            runs = self._runs.named(users)
            names = ", ".join(name_of(run) for run in runs[:3])
            more = f" and {len(runs) - 3} more" if len(runs) > 3 else ""
            raise NotPossibleNow(
                f"{info.called} is used by {names}{more}. Delete {'it' if len(runs) == 1 else 'those runs'} first."
            )

    def _owned(self, dataset_id: str, user: str) -> DatasetInfo:
        self._rights.check_change(user)
        info = self._stored(dataset_id)
        self._rights.check_owner(user, info.owner, info.called)
        return info

    def conversions(self, dataset_id: str) -> tuple[Conversion, ...]:
        """What other rows can be made of it."""
        info = self._datasets.get(dataset_id)
        return tuple(one for one in CONVERSIONS if one.takes is info.type)

    def convert(self, dataset_id: str, name: str, *, user: str) -> DatasetInfo:
        """Store other rows that are made of a dataset's.

        Raises:
            NotFound: there is no such dataset.
            InvalidInput: its rows cannot become such, or none is left.
        """
        self._rights.check_change(user)
        info, way = self._datasets.get(dataset_id), conversion(name)
        if way is None or way.takes is not info.type:
            known = ", ".join(one.name for one in self.conversions(dataset_id)) or "nothing"
            raise InvalidInput(
                f'{info.called} holds {info.type}, which cannot become "{name}"; it can: {known}.'
            )
        rows = KeptRows.of(_different(way.convert(numbered_rows(self._home, dataset_id))))
        if not len(rows):
            raise InvalidInput(f"No row of {info.called} is left, so nothing was made. {way.about}")
        made = Detection(
            name=f"{info.name}, {way.title[:1].lower()}{way.title[1:]}",
            type=way.gives,
            format=f"made from {info.type}",
            rows_read=len(rows),
            rows=rows,
            notes=(f"Made from {info.called} ({info.id}): {way.about}",),
        )
        return self._keep(made, info, user)

    def split(self, dataset_id: str, how_many: HowMany, *, user: str) -> Halves:
        """Store some prompts of a dataset, with all rows of each, as held-out prompts, and the other rows beside them.

        Raises:
            NotFound: there is no such dataset.
            InvalidInput: it asks nothing, is held out already, has not as many prompts, or too little would be left.
            NotPossibleNow: runs were trained on these very rows, or there is no room.
        """
        self._rights.check_change(user)
        info = self._datasets.get(dataset_id)
        if info.type is DataType.TEXT:
            raise InvalidInput(
                f"{info.called} holds {info.type}, which asks nothing. Split rows with prompts."
            )
        if info.held_out:
            raise InvalidInput(
                f"{info.called} is kept as held-out prompts already. Split rows to learn from."
            )
        rows = list(numbered_rows(self._home, dataset_id))
        apart = held_apart((same_prompt(row) for _, row in rows), how_many, info.called)
        sides = [
            KeptRows.of(one for one in rows if (same_prompt(one[1]) in apart) is is_apart)
            for is_apart in (False, True)
        ]
        if info.type is DataType.THUMBS:
            labels = Counter(row["label"] for row in sides[0])
            check_both_verdicts(labels[True], labels[False], f"What would be left of {info.called}")
        told = f"{len(apart):,} prompts, drawn with seed {how_many.seed}"
        held_out = self._side(info, "held-out prompts", f"{told}, with all their rows.", sides[1], user)
        held_out = self.mark(held_out.id, held_out=True, user=user)
        without = f"all rows but those of {told} ({held_out.id})."
        return Halves(rest=self._side(info, "the rest", without, sides[0], user), held_out=held_out)

    def _side(self, info: DatasetInfo, name: str, about: str, rows: KeptRows, user: str) -> DatasetInfo:
        made = Detection(
            name=f"{info.name}, {name}",
            type=info.type,
            format=info.format,
            rows_read=len(rows),
            rows=rows,
            columns=info.columns,
            notes=(f"Split off from {info.called} ({info.id}): {about}",),
            reading=info.reading,
        )
        return self._keep(made, info, user)

    def _keep(self, made: Detection, info: DatasetInfo, user: str) -> DatasetInfo:
        """Store rows that are made of a dataset's, under its licence and of the same votes."""
        stored = self._datasets.keep(replace(made, votes=info.votes), user=user)
        if info.held_out:  # other rows of the same prompts
            self._rows.hold_out(stored.id)
        return self._rows.change(stored.id, licence=info.licence, origin=info.origin)

    def _stored(self, dataset_id: str) -> DatasetInfo:
        info = self._rows.get(dataset_id)
        if info is not None:
            return info
        other = self._datasets.get(dataset_id)  # says what there is, where it is none
        raise InvalidInput(f"{other.called} is no file that somebody added, so it stays as it is.")

    def _numbered(self, dataset_id: str, search: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """All rows with their numbers, or those that hold what is searched."""
        wanted = search.casefold()
        if not dataset_id.startswith(UPLOADED):
            for number, row in enumerate(load_rows(self._home, dataset_id), start=1):
                if not wanted or _holds(row, wanted):
                    yield number, row
            return
        numbers = stored_numbers(self._home, dataset_id)
        with stored_rows(self._home, dataset_id).open("rb") as file:
            for number, line in zip(numbers, file, strict=True):
                row = orjson.loads(line)
                if not wanted or _holds(row, wanted):
                    yield number, row


@lru_cache(maxsize=64)
def _checked(home: Home, dataset_id: str, _content: str) -> Checked:
    """Kept while the content is the same."""
    rows = load_rows(home, dataset_id)
    return check(enumerate(rows, start=1), len(rows))


def _holds(value: Any, wanted: str) -> bool:
    if isinstance(value, str):
        return wanted in value.casefold()
    if isinstance(value, dict):
        return any(_holds(one, wanted) for one in value.values())
    return isinstance(value, list) and any(_holds(one, wanted) for one in value)


def _different(rows: Iterator[Numbered]) -> Iterator[Numbered]:
    """Each row once."""
    seen: set[bytes] = set()
    for number, row in rows:
        key = orjson.dumps(row)
        if key not in seen:
            seen.add(key)
            yield number, row


def wanted_by(types: tuple[DataType, ...], there_are: DataType) -> tuple[Conversion, ...]:
    """The conversions that make what a stage learns from of rows of a type that it does not."""
    if there_are in types:
        return ()
    return tuple(one for one in CONVERSIONS if one.takes is there_are and one.gives in types)
