"""What a file turns out to be: its shape, its rows as messages, and an account of every row left out.

Nothing is stored here.
"""

import hashlib
import json
from collections import Counter
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rlft_gui.data.faults import RowFault, kind
from rlft_gui.data.formats import Format, detect
from rlft_gui.data.judgements import check_both_verdicts
from rlft_gui.data.limits import LIMITS, Limits
from rlft_gui.data.reading import ReadRow, read_rows
from rlft_gui.domain.dataset import DataType, Detection, RowProblem
from rlft_gui.domain.errors import InvalidInput

_LOOKED_AT = 100  #: rows that decide which shape a file has
_SHOWN_OF_A_REASON = 3
_SHOWN = 20


class _Account:
    """Rows kept, and why the others were not."""

    def __init__(self) -> None:
        self.read = 0
        self.kept: list[dict[str, Any]] = []
        self.reasons: Counter[str] = Counter()
        self.problems: list[RowProblem] = []
        self._seen: set[bytes] = set()

    def take(self, number: int, value: Any, form: Format | None) -> None:
        self.read += 1
        try:
            self._keep(_normalised(value, form))
        except RowFault as fault:
            self._drop(number, fault)

    def _keep(self, row: dict[str, Any]) -> None:
        digest = hashlib.sha256(encoded(row)).digest()[:16]
        if digest in self._seen:
            raise RowFault("the row repeats an earlier one")
        self._seen.add(digest)
        self.kept.append(row)

    def _drop(self, number: int, fault: RowFault) -> None:
        self.reasons[fault.reason] += 1
        if self.reasons[fault.reason] <= _SHOWN_OF_A_REASON and len(self.problems) < _SHOWN:
            self.problems.append(RowProblem(row=number, message=str(fault)))

    def main_problem(self) -> str:
        """The most frequent reason, with the first row that has it where that one is shown."""
        reason, _ = self.reasons.most_common(1)[0]
        return next(f"row {p.row}: {p.message}" for p in self.problems if p.message.startswith(reason))


def _normalised(value: Any, form: Format | None) -> dict[str, Any]:
    if isinstance(value, RowFault):
        raise value
    if not isinstance(value, dict) or form is None:
        raise RowFault(f"the row is {kind(value)}, expected an object with named fields")
    return form.normalised(value)


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
    if form is None or not account.kept:
        raise InvalidInput(f"{name}: no row can be used; {account.main_problem()}.")
    if form.type is DataType.THUMBS:
        check_both_verdicts([row["label"] for row in account.kept], name)
    return Detection(
        name=name,
        type=form.type,
        format=form.name,
        rows_read=account.read,
        rows=tuple(account.kept),
        dropped=account.read - len(account.kept),
        drop_reasons=dict(account.reasons.most_common()),
        problems=tuple(account.problems),
    )


def _form(name: str, head: list[ReadRow]) -> Format | None:
    """None if no row is an object."""
    objects = [value for _, value in head if isinstance(value, dict)]
    return detect(name, objects) if objects else None
