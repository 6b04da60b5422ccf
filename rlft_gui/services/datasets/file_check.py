"""What a data file holds, said before anything is stored or trained: for `rlft data check`."""

from pathlib import Path

from pydantic import Field

from rlft_gui.data.checks import check
from rlft_gui.data.inspection import Detection, Unusable, inspect
from rlft_gui.data.proposing import propose
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import Checked, DataType, Reading
from rlft_gui.domain.errors import InvalidInput


class FileProblem(Frozen):
    """`row` counts from 1 as in the file; None where the file as a whole is meant."""

    row: int | None
    problem: str
    fix: str


class FileCheck(Frozen):
    """A file as it would be taken, or why it would not. `type` and `shape` are None where no shape was found.

    Attributes:
        rows: that can be used.
        changes: what is changed in rows that are used → how many.
        notes: how the file was read, where that is not plain.
        checks: what may be wrong with the rows that can be used.
        proposed: target → column, where columns fit no shape and something suggests itself.
        refused: the sentence of the refusal, None where the file can be used.
    """

    shape: str | None = None
    type: DataType | None = None
    notes: tuple[str, ...] = ()
    rows_read: int = 0
    rows: int = 0
    dropped: int = 0
    drop_reasons: dict[str, int] = Field(default_factory=dict)
    columns: tuple[str, ...] = ()
    columns_not_read: tuple[str, ...] = ()
    changes: dict[str, int] = Field(default_factory=dict)
    problems: tuple[FileProblem, ...] = ()
    checks: Checked = Checked()
    proposed: dict[str, str] = Field(default_factory=dict)
    refused: str | None = None


def check_file(path: Path, reading: Reading) -> FileCheck:
    """Look at a file as an upload would."""
    try:
        return _usable(inspect(path, path.name, reading=reading))
    except Unusable as refusal:
        return _unusable(refusal)
    except InvalidInput as refusal:
        return FileCheck(problems=(_of_the_file(refusal),), refused=str(refusal))


def _usable(found: Detection) -> FileCheck:
    return FileCheck(
        shape=found.format,
        type=found.type,
        notes=found.notes,
        rows_read=found.rows_read,
        rows=len(found.rows),
        dropped=found.dropped,
        drop_reasons=found.drop_reasons,
        columns=found.columns,
        columns_not_read=found.columns_not_read,
        changes=found.changes,
        problems=tuple(FileProblem(row=p.row, problem=p.message, fix=p.fix) for p in found.problems),
        checks=check(found.rows.numbered(), len(found.rows)),
    )


def _unusable(refusal: Unusable) -> FileCheck:
    rows = tuple(FileProblem(row=p.row, problem=p.message, fix=p.fix) for p in refusal.problems)
    return FileCheck(
        shape=refusal.form.name if refusal.form else None,
        type=refusal.form.type if refusal.form else None,
        rows_read=refusal.rows_read,
        dropped=refusal.rows_read,
        columns=refusal.columns,
        columns_not_read=refusal.columns_not_read,
        problems=rows or (_of_the_file(refusal),),
        proposed=propose(refusal.head) if refusal.form is None else {},
        refused=str(refusal),
    )


def _of_the_file(refusal: InvalidInput) -> FileProblem:
    """What to do stands behind the last semicolon of a refusal."""
    problem, _, fix = str(refusal).rpartition("; ")
    return FileProblem(row=None, problem=problem or fix, fix=fix[:1].upper() + fix[1:] if problem else "")
