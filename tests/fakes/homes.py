"""Homes to begin with, whose database is there already."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage


def fresh_home(path: Path) -> Home:
    """A home without a row.

    Migrations take 70 ms and hundreds of tests want a home, so they are run once a process, and the file that they left
    is copied. How a home comes to be is tested where no such copy is made (`tests/storage/test_migrations.py`).
    """
    home = Home(path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.database.write_bytes(_migrated())
    return home


@cache
def _migrated() -> bytes:
    folder = Path(tempfile.mkdtemp())
    try:
        # Closing the last connection moves the write-ahead log into the one file.
        open_storage(Home(folder)).close()
        return Home(folder).database.read_bytes()
    finally:
        shutil.rmtree(folder)
