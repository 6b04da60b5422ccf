"""What may be trained on: the datasets that come with the product, files that people bring, and rows that runs made.

A file is inspected first, then stored whole or not at all. Handlers give the path of an uploaded file, never one
that somebody typed; everything after that goes by a dataset's id.
"""

import builtins
import difflib
import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from rlft_gui.data.built_in import BUILT_IN, BuiltIn, built_in
from rlft_gui.data.generated import generated_info
from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.data.lengths import token_lengths
from rlft_gui.data.rows import first_rows, load_rows
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.data.store import being_stored, store, stored_rows
from rlft_gui.domain.dataset import ANY_PROMPTS, UPLOADED, DatasetInfo, DataType, LengthReport, Reading
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import GENERATED_BY
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.labels import name_of
from rlft_gui.stages import STAGES, Stage
from rlft_gui.storage import Storage

NAME_LENGTH = 80
LEARNS_TEXT = "SFT is what learns from plain text."
_GENERATING = tuple(kind.name for kind in STAGES if kind.generates_rows)
_MEASURED_ROWS = 2_000  #: of a larger dataset, so that the wizard answers at once


class Datasets:
    def __init__(self, home: Home, storage: Storage) -> None:
        self._home = home
        self._rows = storage.datasets
        self._runs = storage.runs
        self._models = Models(home)
        self._rights = Rights(storage)

    def list(self, type: DataType | None = None) -> tuple[DatasetInfo, ...]:
        """Built-in ones first, then uploads, then rows that runs made, both newest first."""
        found = (*_built_in_infos(), *self._rows.list(), *self._generated())
        return tuple(info for info in found if type in (None, info.type))

    def get(self, dataset_id: str) -> DatasetInfo:
        """One dataset.

        Raises:
            NotFound: there is none of that id; names the nearest, or says why a run's rows cannot be used.
        """
        if dataset := built_in(dataset_id):
            return dataset.info()
        if dataset_id.startswith(GENERATED_BY):
            return self._info_of(dataset_id.removeprefix(GENERATED_BY))
        if info := self._rows.get(dataset_id):
            return info
        infos = sorted(self.list(), key=lambda info: not info.id.startswith(UPLOADED))
        if called := [info.id for info in infos if dataset_id in (info.name, info.called)]:
            raise NotFound(
                f'"{shortened(dataset_id)}" is no id of a dataset, and what {len(called)} are called: {", ".join(called)}. '
                "Name it by its id."
            )
        known = [info.id for info in infos]
        near = difflib.get_close_matches(
            dataset_id, [*known, *(info.name for info in infos)], n=1, cutoff=0.5
        )
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known[:8])}."
        raise NotFound(f'There is no dataset "{shortened(dataset_id)}". {hint}')

    def named(self, text: str) -> str:
        """The id of the only dataset that is called so; any other text as it is, an id above all: a dataset may be called
        like the id of another."""
        known = self.list()
        called = [info.id for info in known if text in (info.name, info.called)]
        return called[0] if len(called) == 1 and text not in {info.id for info in known} else text

    def meant(self, text: str) -> DatasetInfo:
        """The dataset of that id, or the only one that is called so.

        Raises:
            NotFound: there is none, or several are called so.
        """
        infos = self.list()
        called = [info for info in infos if text in (info.name, info.called)]
        if any(info.id == text for info in infos) or not called:
            return self.get(text)
        if len(called) > 1:
            ids = ", ".join(info.id for info in called)
            raise NotFound(
                f'{len(called)} datasets are called "{shortened(text)}": {ids}. Name one by its id.'
            )
        return called[0]

    def _generated(self) -> builtins.list[DatasetInfo]:
        finished = self._runs.list(statuses=(RunStatus.SUCCEEDED,))
        found = []
        for run in finished:
            if run.stage in _GENERATING:
                with suppress(NotFound):  # somebody removed its folder
                    found.append(self._account(run))
        return found

    def _info_of(self, run_id: str) -> DatasetInfo:
        run = self._runs.get(run_id)
        if run is None:
            raise NotFound(
                f'There is no run "{shortened(run_id)}". Write run:RUN, with the id of a run that made rows.'
            )
        if run.stage not in _GENERATING:
            raise NotFound(
                f"{name_of(run)} makes no rows. Those that do: {', '.join(_GENERATING) or 'none yet'}."
            )
        if run.status is not RunStatus.SUCCEEDED:
            raise NotFound(
                f"{name_of(run)} is {run.status}, so its rows are not complete. Wait for it, or resume it."
            )
        return self._account(run)

    def _account(self, run: Run) -> DatasetInfo:
        return generated_info(self._home.run(run.id)).model_copy(update={"owner": run.owner})

    def inspect(self, path: Path, name: str, reading: Reading | None = None) -> Detection:
        """What the file holds; nothing is stored.

        Raises:
            InvalidInput: it cannot be used, in one sentence that names the row or the columns.
        """
        return inspect(path, shortened(Path(name).name, NAME_LENGTH) or "The file", reading=reading)

    def store(self, path: Path, name: str, *, user: str, reading: Reading | None = None) -> DatasetInfo:
        """Store the usable rows of the file, all or nothing; the same rows give the same dataset.

        Raises:
            InvalidInput: as `inspect`.
            NotPossibleNow: there is no room.
            NotAllowed: `user` may only look.
        """
        self._rights.check_change(user)
        return self.keep(self.inspect(path, name, reading), user=user)

    def keep(self, found: Detection, *, user: str) -> DatasetInfo:
        """Store what an inspection found.

        Raises:
            NotPossibleNow: there is no room.
            NotAllowed: `user` may only look.
        """
        self._rights.check_change(user)
        with being_stored(self._home):
            return self._rows.put(store(self._home, found, owner=user))

    def preview(self, dataset_id: str, n: int = 5) -> Sequence[dict[str, Any]]:
        """The first n rows as messages, of a run's rows as they are after edits; raises NotFound."""
        return first_rows(self._home, dataset_id, n)

    def rows_path(self, dataset_id: str) -> Path:
        """Where an uploaded dataset's rows lie; raises NotFound, for built-in ones too, which have no file."""
        return stored_rows(self._home, dataset_id)

    def check_use(self, dataset_id: str, types: Sequence[DataType]) -> str | None:
        """A sentence if a stage that learns from rows of these types cannot use this dataset."""
        wanted = "rows with prompts" if set(types) == set(ANY_PROMPTS) else " or ".join(types)
        if not dataset_id:
            return f"Choose the {wanted} to learn from."
        try:
            info = self.get(dataset_id)
        except NotFound as error:
            return str(error)
        if info.held_out:
            return (
                f"{info.called} is kept as held-out prompts, so nothing is trained on it. Choose other data, or take the mark "
                f"off: rlft data mark {info.id} --not-held-out."
            )
        if info.type in types:
            return None
        fitting = ", ".join(other.id for kind in types for other in self.list(kind) if not other.held_out)
        told = f"{info.name} ({info.id}) holds {info.type}, but this stage learns from {wanted}."
        learner = f" {LEARNS_TEXT}" if info.type is DataType.TEXT else ""
        return f"{told}{learner} Choose one of: {fitting or 'none yet; upload a file'}."

    def check_needs(self, dataset_id: str, kind: Stage, given: Mapping[str, Any]) -> str | None:
        """A sentence if rows lack what the stage needs of them under these settings.

        Raises:
            NotFound: there is no such dataset.
            InvalidInput: its file was changed.
        """
        info = self.get(dataset_id)
        for need in kind.needs(given):
            lacking = _lacking(self._home, dataset_id, info.sha256, need.column)
            if lacking:
                how_many = "None" if lacking == info.rows else f"Only {info.rows - lacking:,}"
                return (
                    f'{how_many} of the {info.rows:,} rows of {info.name} has a column "{need.column}". '
                    f"{need.why} {need.mend}"
                )
            if need.useless and (why := self._useless(dataset_id, need.column, need.useless)):
                return f"None of the {info.rows:,} rows of {info.name} can be learnt from: {why}. {need.mend}"
        return None

    def _useless(self, dataset_id: str, column: str, useless: Callable[[object], str | None]) -> str | None:
        """Why no row is of use; None if one is."""
        why = None
        for row in load_rows(self._home, dataset_id):
            if (why := useless(row.get(column))) is None:
                return None
        return why

    def length_report(self, dataset_id: str, base: str, max_length: int) -> LengthReport:
        """How many rows are longer than a limit, or than the base model can read; an estimate in its tokens.

        Raises:
            NotFound: there is no such dataset or model.
            InvalidInput: the model cannot be used, or its tokens cannot be counted here.
        """
        info, card = self.get(dataset_id), self._models.describe(base)
        lengths, limit = self.lengths(dataset_id, base), min(max_length, card.context or max_length)
        return _report(lengths, info.rows, limit, are_texts=info.type is DataType.TEXT)

    def lengths(self, dataset_id: str, base: str) -> tuple[tuple[int, int], ...]:
        """Of the rows, or of evenly spaced ones, in the base's tokens: prompt alone, and prompt with its longest answer.

        Raises:
            NotFound, InvalidInput: as `length_report`.
        """
        info, card = self.get(dataset_id), self._models.describe(base)
        file = card.folder / "tokenizer.json" if card.folder else None
        if file is None or not file.is_file():
            raise InvalidInput(
                f"The tokenizer.json of {card.title} is not on this machine, so rows cannot be measured."
            )
        return _measured_lengths(self._home, info.id, file, file.stat().st_mtime_ns)


def _built_in_infos() -> tuple[DatasetInfo, ...]:
    return tuple(info for candidate in BUILT_IN if (info := _info_if_there(candidate)))


def _info_if_there(candidate: BuiltIn) -> DatasetInfo | None:
    """None if Lantern's files are missing: uploads can be used without them."""
    try:
        return candidate.info()
    except NotFound:
        return None


@lru_cache(maxsize=64)
def _lacking(home: Home, dataset_id: str, _content: str, column: str) -> int:
    """How many rows have no such column; kept while the content is the same."""
    return sum(row.get(column) in (None, "") for row in load_rows(home, dataset_id))


@lru_cache(maxsize=16)
def _measured_lengths(
    home: Home, dataset_id: str, tokenizer_file: Path, _changed: int
) -> tuple[tuple[int, int], ...]:
    """Lengths of the rows, or of evenly spaced ones; kept, since a dataset never changes and only limits vary."""
    rows = load_rows(home, dataset_id)
    spaced = rows[:: -(-len(rows) // _MEASURED_ROWS)]
    try:
        return tuple(token_lengths(spaced, tokenizer_file))
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def _report(
    lengths: tuple[tuple[int, int], ...], total: int, max_length: int, *, are_texts: bool
) -> LengthReport:
    whole = [length for _, length in lengths]
    dropped = sum(prompt >= max_length for prompt, _ in lengths)
    over = sum(length > max_length for length in whole) - dropped
    scale = total / len(lengths)
    return LengthReport(
        max_length=max_length,
        longest=max(whole),
        median=round(statistics.median(whole)),
        over=0 if are_texts else round(over * scale),
        split=round(over * scale) if are_texts else 0,
        dropped=round(dropped * scale),
        total=total,
        measured=len(lengths),
    )
