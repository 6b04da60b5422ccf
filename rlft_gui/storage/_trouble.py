"""What SQLite says when it cannot go on, as sentences: everything above storage meets StorageTrouble only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from rlft_gui.domain.errors import StorageTrouble

#: SQLite's primary result codes, which never change (https://sqlite.org/rescode.html).
_BUSY, _LOCKED, _READONLY, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 11, 13, 14, 26


@contextmanager
def database_told(path: Path, driver: ModuleType) -> Iterator[None]:
    """Raises: StorageTrouble, for whatever the database cannot do."""
    try:
        yield
    except (sa.exc.DBAPIError, driver.Error) as error:
        raise StorageTrouble(_sentence(path, getattr(error, "orig", None) or error)) from error
    except sa.exc.TimeoutError as error:  # every connection is in use
        raise StorageTrouble(_busy(path)) from error


def is_busy(error: BaseException) -> bool:
    """Whether an error of the driver says that another connection has the lock."""
    return _code(error) in (_BUSY, _LOCKED)


def _code(error: BaseException) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code


def _sentence(path: Path, error: BaseException) -> str:
    code = _code(error)
    if code in (_BUSY, _LOCKED):
        return _busy(path)
    if code == _FULL:
        return f"The disk is full, so {path} could not be written. Free some space, then try again."
    if code in (_READONLY, _CANTOPEN):
        return f"{path} cannot be opened for writing: {error}. Make its folder writable, or choose another with --home."
    if code == _NOTADB:
        return f"{path} cannot be read as a database: {error}. {_START_AFRESH}"
    if code == _CORRUPT:
        return f"{path} is damaged: {error}. {_START_AFRESH}"
    return f"{path} cannot be used: {error}."


def _busy(path: Path) -> str:
    return (
        f"Another process has been writing to {path} for too long, so nothing was changed. Try again in a moment; "
        "training goes on."
    )


_START_AFRESH = "Move it away to start afresh; the run folders beside it keep every run's results."
