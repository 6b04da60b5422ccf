"""One SQLite file: the engine and its transactions.

Every write transaction is BEGIN IMMEDIATE: a deferred one that reads first and then writes fails at once with
"database is locked", whatever the busy timeout says.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

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

    def __init__(self, path: Path, *, is_fixed: bool = False) -> None:
        """`is_fixed`: nobody writes the file while it is open. It is then read without locks, and not one byte beside it changes."""
        self.path = path
        self._driver = _driver()
        self._engine = _engine(path, self._driver, is_fixed)
        self._writes = 0
        self._mine = threading.local()  # the transaction that this thread has begun

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent snapshot; never waits for writers. Inside `write` it sees what was written there."""
        if (begun := self._begun()) is not None:
            yield begun
            return
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sa.Connection]:
        """One write transaction: commits at the end, rolls back on any error.

        `durable` survives a power cut (synchronous FULL). Without it (NORMAL) a power cut may lose the last
        moments, never more: good for what can be read again from a run folder.

        Inside another `write` of the same thread it is part of that one, so that what one subject's rows do and what
        another's tell of it are stored together or not at all.
        """
        if (begun := self._begun()) is not None:
            with begun.begin_nested():
                yield begun
            return
        with self._told(), self._engine.connect() as connection:
            # A pragma holds for a connection, and connections go round in a pool, so every transaction sets it.
            connection = connection.execution_options(rlft_write="FULL" if durable else "NORMAL")
            with connection.begin():
                self._mine.connection = connection
                try:
                    yield connection
                finally:
                    self._mine.connection = None
        self._writes += 1  # an approximate count would do: two at once still change it

    @property
    def writes(self) -> int:
        """Grows with every write transaction of this process."""
        return self._writes

    def use_write_ahead_log(self) -> None:
        """Set once; the file remembers it. Not possible inside a transaction, hence the bare connection."""
        with self._told(), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")

    def close(self) -> None:
        self._engine.dispose()

    def _begun(self) -> sa.Connection | None:
        return getattr(self._mine, "connection", None)

    def _told(self) -> AbstractContextManager[None]:
        return database_told(self.path, self._driver)


def _engine(path: Path, driver: ModuleType, is_fixed: bool) -> sa.Engine:
    address = f"file:{quote(str(path))}?mode=ro&immutable=1&uri=true" if is_fixed else str(path)
    engine = sa.create_engine(
        f"sqlite:///{address}",
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


def _driver() -> ModuleType:
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
