"""Homes in trouble: another process holds the lock, pages are overwritten, rows no longer fit."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rlft_gui.storage._database import _driver

# The product's own library: closing a file by another one in this process would take the product's locks away.
sqlite3 = _driver()

HOLD = (
    "import sqlite3, sys\n"
    "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
    "connection.execute('BEGIN IMMEDIATE')\n"
    "print('held', flush=True)\n"
    "sys.stdin.read()\n"
)


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another process holds the write lock."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


def damage(database: Path) -> None:
    """Overwrite all pages but the first, which names the tables."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def spoil(database: Path, table: str, column: str, row_id: str, text: str) -> None:
    """Write a text into a stored row."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (text, row_id))
