"""One SQLite file: the engine and its transactions.

Every write transaction is BEGIN IMMEDIATE: a deferred one that reads first and then writes fails at once with
"database is locked", whatever the busy timeout says.
"""

import json
import logging
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from rlft_gui.storage._files import Files, files_of, refuse_replaced
from rlft_gui.storage._trouble import database_told, is_busy

logger = logging.getLogger(__name__)

#: SQLite below this can corrupt a database in WAL mode when a checkpoint and a reset of the log meet.
FIRST_SAFE_SQLITE = (3, 51, 3)

BUSY_SECONDS = 10
#: Seconds between two tries to begin a write, drawn anew for each. SQLite's own waits grow with every try, so that whoever
#: has waited longest tries most rarely: of eight writers some got nothing for ten seconds.
TRY_SECONDS = (0.0005, 0.005)
JOURNAL_BYTES = 64 * 1024 * 1024


class Database:
    """Threads may share one; each transaction takes its own connection. Processes open their own.

    Whatever the database cannot do is raised as StorageTrouble, after a roll-back; DatabaseReplaced among it, by every
    transaction from when one of its files is not the one any more that was opened. A write that ended without an error
    was committed to files that stood at their places afterwards.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._driver = _driver()
        self._engine = _engine(path, self._driver)
        self._opened: Files | None = None
        self._writes = 0
        sa.event.listen(self._engine, "connect", self._meet)
        sa.event.listen(self._engine, "begin", self._begin)

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
            self._refuse_replaced()
        self._writes += 1  # an approximate count would do: two at once still change it

    @property
    def writes(self) -> int:
        """Grows with every write transaction of this process."""
        return self._writes

    def use_write_ahead_log(self) -> None:
        """Set once; the file remembers it. Not possible inside a transaction, hence the bare connection."""
        with self._told(), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
            connection.cursor().execute(_OPEN)
            self._opened = files_of(self.path)

    def close(self) -> None:
        self._engine.dispose()

    def _meet(self, connection: Any, _record: object) -> None:
        """SQLite opens its files when it first reads, so it is made to: they stay the same from here on, for a connection
        stays open and others delete the log only after the last one."""
        connection.execute(_OPEN).fetchall()
        if self._opened is None:
            self._opened = files_of(self.path)
        self._refuse_replaced()

    def _begin(self, connection: sa.Connection) -> None:
        self._refuse_replaced()
        _begin(connection)

    def _refuse_replaced(self) -> None:
        if self._opened is not None:
            refuse_replaced(self.path, self._opened)

    def _told(self) -> AbstractContextManager[None]:
        return database_told(self.path, self._driver)


#: Makes SQLite open its files; a bare pragma does not.
_OPEN = "SELECT 1 FROM sqlite_master LIMIT 1"


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
    _begin_write(connection.connection.driver_connection)


def _begin_write(connection: Any) -> None:
    """Wait for the turn, which every writer gets as likely as any other."""
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _has_begun(connection, is_last=time.monotonic() > deadline):
            time.sleep(random.uniform(*TRY_SECONDS))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_SECONDS)}")


def _has_begun(connection: Any, *, is_last: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except Exception as error:
        if is_last or not is_busy(error):
            raise
        return False
    return True
