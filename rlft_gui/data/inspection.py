"""What a file turns out to be: its shape, its rows as messages, and an account of every row left out.

Nothing is stored here.
"""

import hashlib
import json
from collections import Counter
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rlft_gui.data.files.limits import LIMITS, Limits
from rlft_gui.data.files.reading import ReadRow, read_rows
from rlft_gui.data.shapes.answering import CHANGES
from rlft_gui.data.shapes.faults import MEND, OtherShape, RowFault, kind
from rlft_gui.data.shapes.formats import Format, detect
from rlft_gui.data.shapes.verdicts import check_both_verdicts
from rlft_gui.domain.dataset import DataType, Detection, RowProblem
from rlft_gui.domain.errors import InvalidInput

_LOOKED_AT = 100  #: rows that decide which shape a file has
_SHOWN_OF_A_REASON = 3
_SHOWN = 20
_MOST_COLUMNS = 200


class Unusable(InvalidInput):
    """A file whose rows were read and cannot be used, with what was found in it."""

    def __init__(
        self,
        message: str,
        form: Format | None,
        columns: tuple[str, ...],
        columns_not_read: tuple[str, ...],
        problems: tuple[RowProblem, ...],
    ) -> None:
        super().__init__(message)
        self.form = form
        self.columns = columns
        self.columns_not_read = columns_not_read
        self.problems = problems


class _Account:
    """Rows kept, and why the others were not."""

    def __init__(self) -> None:
        self.read = 0
        self.kept: list[dict[str, Any]] = []
        self.reasons: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.columns: dict[str, None] = {}
        self.problems: list[RowProblem] = []
        self.of_other_shape = 0
        self._seen: set[bytes] = set()

    def take(self, number: int, value: Any, form: Format | None) -> None:
        self.read += 1
        if isinstance(value, dict) and len(self.columns) < _MOST_COLUMNS:
            self.columns.update(dict.fromkeys(value))
        try:
            self._keep(_normalised(value, form))
        except RowFault as fault:
            self._drop(number, fault)

    def _keep(self, row: dict[str, Any]) -> None:
        changes = row.pop(CHANGES, ())
        digest = hashlib.sha256(encoded(row)).digest()[:16]
        if digest in self._seen:
            raise RowFault("the row repeats an earlier one")
        self._seen.add(digest)
        self.changes.update(changes)
        self.kept.append(row)

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

    def not_read(self, form: Format | None) -> tuple[str, ...]:
        return tuple(column for column in self.columns if form is not None and column not in form.reads)


def _normalised(value: Any, form: Format | None) -> dict[str, Any]:
    if isinstance(value, RowFault):
        raise value
    if not isinstance(value, dict) or form is None:
        raise RowFault(f"the row is {kind(value)}, expected an object with named fields")
    return form.read(value)


def encoded(row: dict[str, Any]) -> bytes:
    """One row as it is stored; a dataset's hash is over these lines."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def inspect(path: Path, name: str, limits: Limits = LIMITS) -> Detection:
    """Read a JSON or JSONL file.

    Args:
        name: what the file is called in messages and lists.

    Raises:
        InvalidInput: it cannot be read, has no known shape, no usable row, or only good or only bad answers.
    """
    rows = read_rows(path, name, limits)
    head = list(islice(rows, _LOOKED_AT))
    if not head:
        raise InvalidInput(f"{name} is an empty list; it needs at least one row.")
    form = _form(name, head)
    account = _Account()
    for number, value in chain(head, rows):
        account.take(number, value, form)
    _check_usable(name, form, account)
    assert form is not None
    return Detection(
        name=name,
        type=form.type,
        format=form.name,
        rows_read=account.read,
        rows=tuple(account.kept),
        dropped=account.read - len(account.kept),
        drop_reasons=dict(account.reasons.most_common()),
        problems=tuple(account.problems),
        changes=dict(account.changes.most_common()),
        columns=tuple(account.columns),
        columns_not_read=account.not_read(form),
    )


def _check_usable(name: str, form: Format | None, account: _Account) -> None:
    """Raises Unusable if nothing can be learnt from what is left."""
    try:
        if form is None or not account.kept:
            raise InvalidInput(f"{name}: no row can be used; {account.main_problem()}")
        if form.type is DataType.THUMBS:
            check_both_verdicts([row["label"] for row in account.kept], name)
    except InvalidInput as refusal:
        is_other = 2 * account.of_other_shape > account.read
        raise Unusable(
            str(refusal),
            None if is_other else form,
            tuple(account.columns),
            account.not_read(form),
            tuple(account.problems),
        ) from None


def _form(name: str, head: list[ReadRow]) -> Format | None:
    """None if no row is an object."""
    objects = [value for _, value in head if isinstance(value, dict)]
    return detect(name, objects) if objects else None
