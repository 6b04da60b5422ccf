"""What a file turns out to be: its shape, its rows as messages, and an account of every row left out.

Nothing is stored here.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rlft_gui.data.files.json_rows import ReadRow
from rlft_gui.data.files.limits import LIMITS, Limits
from rlft_gui.data.files.reading import opened_rows
from rlft_gui.data.kept import KeptRows, encoded
from rlft_gui.data.mapping import check_columns, check_targets, columns_of, mapped
from rlft_gui.data.proposing import first_row_is_data, propose
from rlft_gui.data.shapes.answering import CHANGES
from rlft_gui.data.shapes.exports import exported_by, flat
from rlft_gui.data.shapes.faults import MEND, OtherShape, RowFault, kind, shortened
from rlft_gui.data.shapes.form import Format
from rlft_gui.data.shapes.formats import detect
from rlft_gui.data.shapes.telling import verdicts_among
from rlft_gui.data.shapes.verdicts import check_both_verdicts
from rlft_gui.domain.dataset import DataType, Reading, RowProblem, VoteOrigin
from rlft_gui.domain.errors import InvalidInput

_LOOKED_AT = 100  #: rows that decide which shape a file has
_SHOWN_OF_A_REASON = 3
_SHOWN = 20
_MOST_COLUMNS = 200

Row = dict[str, Any]


@dataclass(frozen=True)
class Detection:
    """What a file turned out to be, before it is stored.

    Attributes:
        rows: normalised rows that are kept.
        changes: what was changed in rows that are kept → how many.
        notes: sentences on how the file was read, where that is not plain.
        votes: of rows that were made of votes and come from no file.
    """

    name: str
    type: DataType
    format: str
    rows_read: int
    rows: KeptRows
    dropped: int = 0
    drop_reasons: dict[str, int] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()
    changes: dict[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    columns_not_read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reading: Reading = field(default_factory=Reading)
    votes: VoteOrigin | None = None


class Unusable(InvalidInput):
    """A file whose rows were read and cannot be used, with what was found in it.

    Attributes:
        form: None where no shape was found, or rows are of another than they seem.
        head: its first rows, as they were read.
    """

    def __init__(
        self,
        message: str,
        form: Format | None,
        columns: tuple[str, ...],
        columns_not_read: tuple[str, ...] = (),
        problems: tuple[RowProblem, ...] = (),
        rows_read: int = 0,
        head: tuple[Row, ...] = (),
    ) -> None:
        super().__init__(message)
        self.form = form
        self.columns = columns
        self.columns_not_read = columns_not_read
        self.problems = problems
        self.rows_read = rows_read
        self.head = head


class _Account:
    """Rows kept, and why the others were not."""

    def __init__(self, form: Format | None, reading: Reading, *, lowered: bool, to_learn: bool) -> None:
        self.read = 0
        self.kept = KeptRows()
        self.reasons: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.columns: dict[str, None] = {}
        self.problems: list[RowProblem] = []
        self.of_other_shape = 0
        self.verdicts: Counter[bool] = Counter()
        self._form = form
        self._reading = reading
        self._lowered = lowered
        self._to_learn = to_learn
        self._taken: set[str] = set()
        self._seen: set[bytes] = set()

    def take(self, number: int, value: Any) -> None:
        self.read += 1
        try:
            row = as_read(value, self._reading, lowered=self._lowered)
            if len(self.columns) < _MOST_COLUMNS:
                self._remember(value, row)
            if self._form is None:
                raise RowFault(f"the row is {kind(value)}, expected an object with named fields")
            self._keep(number, self._form.read(row))
        except RowFault as fault:
            self._drop(number, fault)

    def _remember(self, value: Row, row: Row) -> None:
        """Which columns there are, and of a mapping which it reads."""
        if self._reading.mapping:
            self.columns.update(dict.fromkeys(value))
            self._taken.update(columns_of(self._reading.mapping, value))
        else:
            self.columns.update(dict.fromkeys(row))

    def _keep(self, number: int, row: Row) -> None:
        changes = row.pop(CHANGES, ())
        line = encoded(row)
        if self._to_learn:
            self._check_new(line)
        self.changes.update(changes)
        if "label" in row:
            self.verdicts[row["label"]] += 1
        self.kept.add(line, number)

    def _check_new(self, line: bytes) -> None:
        digest = hashlib.blake2b(line, digest_size=16).digest()
        if digest in self._seen:
            raise RowFault("the row repeats an earlier one")
        self._seen.add(digest)

    def _drop(self, number: int, fault: RowFault) -> None:
        self.reasons[fault.reason] += 1
        self.of_other_shape += isinstance(fault, OtherShape)
        if self.reasons[fault.reason] <= _SHOWN_OF_A_REASON and len(self.problems) < _SHOWN:
            self.problems.append(RowProblem(row=number, message=str(fault), fix=fault.fix))

    def main_problem(self) -> str:
        """The most frequent reason, with the first row that has it where that one is shown."""
        reason, _ = self.reasons.most_common(1)[0]
        first = next(p for p in self.problems if p.message.startswith(reason))
        advice = "" if first.fix == MEND else f"; {first.fix[:1].lower()}{first.fix[1:-1]}"
        return f"row {first.row}: {first.message}{advice}."

    def not_read(self) -> tuple[str, ...]:
        if self._form is None:
            return ()
        reads = self._taken if self._reading.mapping else self._form.reads
        return tuple(column for column in self.columns if column not in reads)


def as_read(value: Any, reading: Reading, *, lowered: bool = False) -> Row:
    """A row of a file with the columns by which its shape is known.

    Args:
        lowered: names are written with a capital, as heads of tables are, and meant without.

    Raises:
        RowFault: it is no object, or an export that nobody has judged.
    """
    if isinstance(value, RowFault):
        raise value
    if not isinstance(value, dict):
        raise RowFault(f"the row is {kind(value)}, expected an object with named fields")
    if reading.mapping:
        return mapped(value, reading.mapping)
    return flat(_lowered(value) if lowered else value)


def _lowered(row: Row) -> Row:
    """Of a name like isGood the capital parts words, so it stays."""
    small = {name: name.strip().lower() if _is_written_large(name.strip()) else name for name in row}
    return (
        {small[name]: value for name, value in row.items()} if len(set(small.values())) == len(row) else row
    )


def _is_written_large(name: str) -> bool:
    return name.isupper() or not any(letter.isupper() for letter in name[1:])


def first_rows(path: Path, name: str, reading: Reading) -> tuple[Row, ...]:
    """The first rows of a file, as they are written, by which its columns are known.

    Raises:
        InvalidInput: it cannot be read.
    """
    with opened_rows(path, name, LIMITS, reading.encoding) as file:
        return _objects(list(islice(file.rows, _LOOKED_AT)))


def inspect(
    path: Path,
    name: str,
    limits: Limits = LIMITS,
    reading: Reading | None = None,
    most: int | None = None,
    *,
    to_learn: bool = True,
) -> Detection:
    """Read a file.

    Args:
        name: what the file is called in messages and lists.
        reading: how, where a person says so.
        most: rows that are read, to show at once what it would be; None reads all.
        to_learn: whether something is to be learnt from the rows. Only then does a row that repeats another say nothing new,
            and only then must there be good answers and bad ones.

    Raises:
        InvalidInput: it cannot be read.
        Unusable: it has no known shape, no usable row, or only good or only bad answers.
    """
    reading = reading or Reading()
    check_targets(reading.mapping)
    with opened_rows(path, name, limits, reading.encoding) as file:
        head = list(islice(file.rows, _LOOKED_AT))
        if not head:
            raise InvalidInput(f"{name} is an empty list; it needs at least one row.")
        lowered = not reading.mapping and _is_known_only_lowered(name, head)
        form = _form(name, head, reading, lowered=lowered)
        account = _Account(form, reading, lowered=lowered, to_learn=to_learn)
        for number, value in islice(chain(head, file.rows), most):
            account.take(number, value)
        left_out = _left_out(account.not_read(), reading) if to_learn else ()
        notes = (*file.notes, *_notes(head, lowered), *left_out)
    _check_usable(name, form, account, head, to_learn=to_learn)
    assert form is not None
    return Detection(
        name=name,
        type=form.type,
        format=form.name,
        rows_read=account.read,
        rows=account.kept,
        dropped=account.read - len(account.kept),
        drop_reasons=dict(account.reasons.most_common()),
        problems=tuple(account.problems),
        changes=dict(account.changes.most_common()),
        columns=tuple(account.columns),
        columns_not_read=account.not_read(),
        notes=notes,
        reading=reading,
    )


def _check_usable(
    name: str, form: Format | None, account: _Account, head: list[ReadRow], *, to_learn: bool
) -> None:
    """Raises Unusable if nothing is left, or nothing can be learnt from what is."""
    try:
        if form is None or not len(account.kept):
            raise InvalidInput(f"{name}: no row can be used; {account.main_problem()}")
        if to_learn and form.type is DataType.THUMBS:
            check_both_verdicts(account.verdicts[True], account.verdicts[False], name)
    except InvalidInput as refusal:
        is_other = 2 * account.of_other_shape > account.read
        raise Unusable(
            str(refusal),
            None if is_other else form,
            tuple(account.columns),
            account.not_read(),
            tuple(account.problems),
            account.read,
            _objects(head),
        ) from None


def _is_known_only_lowered(name: str, head: list[ReadRow]) -> bool:
    """Whether columns fit a shape once their names are written small."""
    rows = list(_readable(head, Reading()))
    small = list(_readable(head, Reading(), lowered=True))
    return small != rows and not _is_known(name, rows) and _is_known(name, small)


def _is_known(name: str, rows: list[Row]) -> bool:
    try:
        detect(name, rows)
    except InvalidInput:
        return False
    return True


def _form(name: str, head: list[ReadRow], reading: Reading, *, lowered: bool) -> Format | None:
    """None if no row is an object.

    Raises:
        Unusable: the columns fit no shape.
        InvalidInput: a column that is mapped is not there.
    """
    check_columns(reading.mapping, _objects(head), name)
    rows = list(_readable(head, reading, lowered=lowered))
    if not rows:
        return None
    try:
        return detect(name, rows)
    except InvalidInput as refusal:
        objects = _objects(head)
        columns = tuple(dict.fromkeys(column for row in objects for column in row))
        if first_row_is_data(objects):
            raise Unusable(_without_names(name, columns), None, columns, head=objects) from None
        proposed = propose(objects)
        named = ", ".join(f"{target}={column}" for target, column in proposed.items())
        is_new = any(target != column for target, column in proposed.items())
        advice = f"; or say which column is what: {named}" if is_new else ""
        raise Unusable(f"{str(refusal)[:-1]}{advice}.", None, columns, head=objects) from None


def _without_names(name: str, columns: tuple[str, ...]) -> str:
    shown = ", ".join(f'"{shortened(column, 40)}"' for column in columns[:3])
    return (
        f"{name}: the first row looks like data ({shown}), and a table's first line is read as the names of its columns; put a "
        "line with their names above it, such as prompt,completion."
    )


def _readable(head: list[ReadRow], reading: Reading, *, lowered: bool = False) -> Iterator[Row]:
    for _, value in head:
        try:
            yield as_read(value, reading, lowered=lowered)
        except RowFault:
            continue


def _objects(head: list[ReadRow]) -> tuple[Row, ...]:
    return tuple(value for _, value in head if isinstance(value, dict))


def _left_out(columns: tuple[str, ...], reading: Reading) -> list[str]:
    """A mapping that passes over what people said of the answers is obeyed, and told: bad ones would be imitated."""
    verdicts = ", ".join(verdicts_among(columns)) if reading.mapping else ""
    if not verdicts:
        return []
    return [
        f"Not read, though it seems to say how good an answer is: {verdicts}. Map it to label or rating if it does."
    ]


def _notes(head: list[ReadRow], lowered: bool) -> list[str]:
    """Which tool exported the rows, and that names were read otherwise than they are written."""
    tools = (exported_by(row) for row in _objects(head))
    found = [f"It was read as an export of {tool}." for tool in dict.fromkeys(tools) if tool]
    return [*found, "The capitals of its column names do not count."] if lowered else found
