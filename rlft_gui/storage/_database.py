"""One SQLite file: the engine and its transactions.

Every write transaction is BEGIN IMMEDIATE: a deferred one that reads first and then writes fails at once with
"database is locked", whatever the busy timeout says.
"""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from rlft_gui.storage._trouble import database_told

logger = logging.getLogger(__name__)

#: SQLite below this can corrupt a database in WAL mode when a checkpoint and a reset of the log meet.
FIRST_SAFE_SQLITE = (3, 51, 3)

BUSY_SECONDS = 10
JOURNAL_BYTES = 64 * 1024 * 1024


class Database:
    """Threads may share one; each transaction takes its own connection. Processes open their own.

    Whatever the database cannot do is raised as StorageTrouble, after a roll-back.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._driver = sqlite_driver()
        self._engine = _engine(path, self._driver)
        self._writes = 0

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent snapshot; never waits for writers."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sa.Connection]:
        """One write transaction: commits at the end, rolls back on any error.

        `durable` survives a power cut (synchronous FULL). Without it (NORMAL) a power cut may lose the last
        moments, never more: good for what can be read again from a run folder.
        """
        with self._told(), self._engine.connect() as connection:
            # A pragma holds for a connection, and connections go round in a pool, so every transaction sets it.
            connection = connection.execution_options(rlft_write="FULL" if durable else "NORMAL")
            with connection.begin():
                yield connection
        self._writes += 1  # an approximate count would do: two at once still change it

    @property
    def writes(self) -> int:
        """Grows with every write transaction of this process."""
        return self._writes

    def use_write_ahead_log(self) -> None:
        """Set once; the file remembers it. Not possible inside a transaction, hence the bare connection."""
        with self._told(), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")

    def copy(self, place: Path) -> None:
        """Write the database as it is at this moment into a new file, while others read and write.

        By SQLite, and never by reading the file: to close a file drops all locks that this process has on it.
        """
        with self._told(), closing(self._engine.raw_connection()) as connection:
            source: Any = connection.driver_connection
            with closing(self._driver.connect(place)) as target:
                source.backup(target)  # in one step: one snapshot, however much is written meanwhile
                # What SQLite needs beside a file in this mode is made anew by whoever opens it.
                target.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def problems(self) -> tuple[str, ...]:
        """What SQLite's own check finds wrong, and rows that refer to rows that are gone."""
        with self.read() as connection:
            told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(20)")]
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        tables = sorted({str(row[0]) for row in lost})
        return (
            *(one for one in told if one != "ok"),
            *(f"rows of {name} refer to rows that are gone" for name in tables),
        )

    def close(self) -> None:
        self._engine.dispose()

    def _told(self) -> AbstractContextManager[None]:
        return database_told(self.path, self._driver)


def _engine(path: Path, driver: ModuleType) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        module=driver,
        json_deserializer=_json_or_text,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=4,
        max_overflow=60,  # a burst of page requests opens connections rather than waiting
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _json_or_text(text: str) -> Any:
    """What a JSON column holds; the bare text if it is damaged, so that one bad row does not hide all others."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def sqlite_driver() -> ModuleType:
    try:
        import pysqlite3

        driver: ModuleType = pysqlite3
    except ImportError:
        driver = sqlite3
    if driver.sqlite_version_info < FIRST_SAFE_SQLITE:
        logger.warning(
            "SQLite %s is older than 3.51.3 and can, rarely, corrupt a database that several processes write. "
            "Install a newer one, for example with: pip install pysqlite3",
            driver.sqlite_version,
        )
    return driver


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin says, not where the driver guesses
    # Off by default, and a setting of the connection, not of the file.
    connection.execute("PRAGMA foreign_keys = ON")
    # The write-ahead log never shrinks by itself: one long reader would leave it large for good.
    connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")


def _begin(connection: sa.Connection) -> None:
    durability = connection.get_execution_options().get("rlft_write")
    if durability is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous = {durability}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
