"""A look at a database that may be damaged, locked or of another version: reads only, migrates nothing, and ends in time."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rlft_gui.domain.status import LIVE
from rlft_gui.storage._database import FIRST_SAFE_SQLITE, sqlite_driver

_LIVE = ", ".join(f"'{status}'" for status in LIVE)
#: Instructions of SQLite's machine between two looks at the clock.
_STRIDE = 100_000


@dataclass(frozen=True)
class Look:
    """What could be read.

    Attributes:
        trouble: why it could not be read, or not to its end; None if it could.
        problems: what SQLite's own check finds wrong.
        schema: its revision; None if it has none.
        begun: ids of runs that an attempt was made of; `runs` of all, also in the bin.
        live: (id, attempt) of runs that have a worker, by their rows.
        checkpoints: (id, step) of the newest that ended runs reported.
        deleted: (id, when) of runs in the bin.
    """

    trouble: str | None = None
    problems: tuple[str, ...] = ()
    schema: str | None = None
    runs: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    live: tuple[tuple[str, int], ...] = ()
    checkpoints: tuple[tuple[str, int], ...] = ()
    deleted: tuple[tuple[str, float], ...] = field(default=())
    datasets: frozenset[str] = frozenset()


def sqlite_version() -> tuple[str, bool]:
    """The version that is used, and whether it is safe from corruption when the write-ahead log is reset."""
    driver = sqlite_driver()
    return driver.sqlite_version, driver.sqlite_version_info >= FIRST_SAFE_SQLITE


def look(path: Path, seconds: float) -> Look:
    """Within so many seconds, whatever state the file is in."""
    driver = sqlite_driver()
    found: dict[str, Any] = {}
    try:
        with closing(driver.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
            deadline = time.monotonic() + seconds
            connection.set_progress_handler(lambda: time.monotonic() > deadline, _STRIDE)
            _read(lambda query: [tuple(row) for row in connection.execute(query)], found)
    except (driver.Error, sqlite3.Error) as error:
        return Look(**found, trouble=f"{error}".rstrip("."))
    return Look(**found)


def _read(ask: Callable[[str], list[tuple[Any, ...]]], found: dict[str, Any]) -> None:
    """What is read stays in `found` where the next question fails."""
    told = [str(row[0]) for row in ask("PRAGMA quick_check(20)")]
    lost = sorted({str(row[0]) for row in ask("PRAGMA foreign_key_check")})
    lost_told = [f"rows of {table} refer to rows that are gone" for table in lost]
    found["problems"] = (*(one for one in told if one != "ok"), *lost_told)
    if not ask("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"):
        return
    found["schema"] = ask("SELECT version_num FROM alembic_version")[0][0]
    found["runs"] = frozenset(row[0] for row in ask("SELECT id FROM run"))
    begun = "SELECT DISTINCT run.id FROM run JOIN attempt ON run_number = number"
    found["begun"] = frozenset(row[0] for row in ask(begun))
    found["live"] = tuple(ask(f"SELECT id, attempt FROM run WHERE status IN ({_LIVE})"))  # noqa: S608 - no input
    found["checkpoints"] = tuple(
        ask(
            "SELECT run.id, max(checkpoint.step) FROM run JOIN checkpoint ON run_number = number "
            "WHERE ended_at IS NOT NULL GROUP BY run.id"
        )
    )
    found["datasets"] = frozenset(row[0] for row in ask("SELECT id FROM dataset"))
    if any(row[1] == "deleted_at" for row in ask("PRAGMA table_info(run)")):
        found["deleted"] = tuple(ask("SELECT id, deleted_at FROM run WHERE deleted_at IS NOT NULL"))
