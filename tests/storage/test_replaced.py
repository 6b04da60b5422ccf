"""A file of the database is moved, deleted or replaced under an open one: whoever has it open stops and says so."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import DatabaseReplaced
from rlft_gui.domain.home import Home
from rlft_gui.storage import Storage, open_storage
from rlft_gui.storage._files import files_of
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline

#: Stores runs for as long as it can and prints the name of each that it was told is stored; then what it was told last.
WRITER = """
import sys
from pathlib import Path
from rlft_gui.domain.errors import StorageTrouble
from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage
from tests.fakes.pipelines import pipeline
storage = open_storage(Home(Path(sys.argv[1])))
try:
    while True:
        made = pipeline("sft")
        storage.transitions.add(made, launch_id=made.id)
        print(made.id, flush=True)
except StorageTrouble as error:
    print("told:", type(error).__name__, error, flush=True)
storage.close()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fresh_home(tmp_path / "home")


@pytest.fixture
def storage(home: Home) -> Iterator[Storage]:
    storage = open_storage(home)
    yield storage
    storage.close()


def part(home: Home, name: str) -> Path:
    return home.path / f"rlft.db{name}"


def other_database(home: Home) -> Path:
    return fresh_home(home.path.parent / "other").database


def delete_log(home: Home) -> None:
    part(home, "-wal").unlink()


def delete_index(home: Home) -> None:
    part(home, "-shm").unlink()


def delete_all(home: Home) -> None:
    for name in ("", "-wal", "-shm"):
        part(home, name).unlink()


def move_away(home: Home) -> None:
    home.database.rename(home.path / "kept.db")


def replace(home: Home) -> None:
    os.replace(other_database(home), home.database)


def restore_copy(home: Home) -> None:
    """As `cp` to a new name and `mv` over the old one do."""
    shutil.copy(home.database, home.path / "copy")
    os.replace(home.path / "copy", home.database)


def swap_home(home: Home) -> None:
    other = other_database(home).parent
    home.path.rename(home.path.parent / "old")
    other.rename(home.path)


ALL = [delete_log, delete_index, delete_all, move_away, replace, restore_copy, swap_home]


@pytest.mark.parametrize("harm", ALL, ids=lambda harm: harm.__name__)
def test_nothing_is_read_or_written_any_more(
    home: Home, storage: Storage, harm: Callable[[Home], None]
) -> None:
    storage.transitions.add(made := pipeline("sft"), launch_id=made.id)

    harm(home)

    for _ in range(2):  # and it does not go on by itself
        with pytest.raises(DatabaseReplaced, match=r"Training goes on\. Put the file back"):
            storage.transitions.add(pipeline("sft"), launch_id="later")
        with pytest.raises(DatabaseReplaced):
            storage.runs.list()


def test_a_home_that_was_put_back_is_gone_on_with(home: Home, storage: Storage) -> None:
    home.path.rename(away := home.path.parent / "away")
    with pytest.raises(DatabaseReplaced, match="was deleted or moved away"):
        storage.runs.list()

    away.rename(home.path)

    assert storage.transitions.add(pipeline("sft"), launch_id="l")


def test_a_write_that_was_under_way_is_not_said_to_be_stored(home: Home, storage: Storage) -> None:
    def delete_while_writing() -> None:
        with storage.write() as connection:
            connection.exec_driver_sql("CREATE TABLE late (x)")
            part(home, "-wal").unlink()

    with pytest.raises(DatabaseReplaced):
        delete_while_writing()


def test_the_log_stays_while_other_processes_come_and_go(home: Home, storage: Storage) -> None:
    """The last to close a database deletes its log, which must not be told as harm, nor happen while it is open here."""
    code = f"from pathlib import Path; from rlft_gui.domain.home import Home; from rlft_gui.storage import open_storage; s = open_storage(Home(Path({str(home.path)!r}))); s.runs.list(); s.close()"
    before = files_of(home.database)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], check=True)
        assert storage.runs.list() == ()
    assert files_of(home.database) == before


def test_a_database_that_was_restored_without_a_log_gets_one_again(home: Home) -> None:
    connection = sqlite3.connect(home.database)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()

    storage = open_storage(home)

    with storage.read() as opened:
        assert opened.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    storage.close()


@pytest.mark.slow
@pytest.mark.parametrize("harm", [delete_log, swap_home], ids=lambda harm: harm.__name__)
def test_everything_that_was_said_to_be_stored_is_there(home: Home, harm: Callable[[Home], None]) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home.path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    acknowledged = [writer.stdout.readline().strip() for _ in range(50)]

    harm(home)

    rest = writer.communicate(timeout=60)[0].splitlines()
    assert rest[-1].startswith("told: DatabaseReplaced")
    acknowledged += rest[:-1]
    kept = Home(home.path.parent / "old") if harm is swap_home else home
    opened = open_storage(kept)
    stored = {one.id for one in opened.runs.pipelines(limit=10_000)}
    opened.close()
    assert set(acknowledged) <= stored
