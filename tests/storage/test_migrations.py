"""Databases of every released schema open, and processes that open a fresh home at once take turns."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import rlft_gui.storage
from rlft_gui.domain.errors import NotPossibleNow, StorageTrouble
from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage
from rlft_gui.storage._migrate import SCHEMA
from rlft_gui.storage.tables import metadata

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.db"))


def _home_with(tmp_path: Path, file: Path) -> Home:
    home = Home(tmp_path)
    shutil.copy(file, home.database)
    return home


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_a_stored_database_of_each_schema_opens_and_matches_the_tables(tmp_path: Path, file: Path) -> None:
    storage = open_storage(_home_with(tmp_path, file))
    with storage.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == SCHEMA
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.scalar(sa.text("SELECT count(*) FROM run")) == 2
        assert connection.scalar(sa.text("SELECT count(*) FROM metric WHERE nonfinite = 'nan'")) == 1
    storage.close()


def test_the_newest_schema_has_a_stored_database_and_is_what_migrations_lead_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(rlft_gui.storage.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA
    assert SCHEMAS[-1].stem == SCHEMA


def test_processes_that_open_a_fresh_home_at_once_all_succeed(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from rlft_gui.domain.home import Home; from rlft_gui.storage import open_storage; open_storage(Home(Path({str(tmp_path)!r})))"
    openers = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    results = [(opener.communicate()[1], opener.returncode) for opener in openers]
    assert results == [(b"", 0)] * 4


def test_a_database_of_a_newer_version_is_refused_with_advice(tmp_path: Path) -> None:
    home = Home(tmp_path)
    storage = open_storage(home)
    with storage.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    storage.close()
    with pytest.raises(NotPossibleNow, match="newer version"):
        open_storage(home)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_an_upgrade_keeps_the_database_as_it_was(tmp_path: Path, file: Path) -> None:
    home = _home_with(tmp_path, file)
    open_storage(home).close()
    copies = sorted(tmp_path.glob("rlft.db.before-*"))
    if file.stem == SCHEMA:
        assert copies == []
        return
    (copy,) = copies
    assert copy.name == f"rlft.db.before-{SCHEMA}"
    assert _content(copy) == _content(file)


def test_a_home_of_the_first_release_is_kept_as_it_was(tmp_path: Path) -> None:
    archive = Path(__file__).parents[1] / "fixtures/home-0.2.0.tar.gz"
    subprocess.run(["tar", "-xzf", archive, "-C", tmp_path], check=True)
    before = _content(Home(tmp_path).database)
    open_storage(Home(tmp_path)).close()
    assert _content(tmp_path / f"rlft.db.before-{SCHEMA}") == before


def test_only_the_newest_copies_are_kept(tmp_path: Path) -> None:
    home = _home_with(tmp_path, SCHEMAS[0])
    for number in range(2, 7):
        copy = tmp_path / f"rlft.db.before-000{number}"
        copy.write_text("old")
        os.utime(copy, (number, number))
    open_storage(home).close()
    assert sorted(path.name for path in tmp_path.glob("rlft.db.before-*")) == [
        "rlft.db.before-0005",
        "rlft.db.before-0006",
        f"rlft.db.before-{SCHEMA}",
    ]


def test_no_upgrade_begins_where_the_copy_cannot_be_written(tmp_path: Path) -> None:
    home = _home_with(tmp_path, SCHEMAS[0])
    (tmp_path / f"rlft.db.before-{SCHEMA}").mkdir()
    with pytest.raises((StorageTrouble, OSError)):
        open_storage(home)
    assert _content(home.database) == _content(SCHEMAS[0])


def _content(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def test_a_file_that_is_no_database_is_refused_with_advice(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.database.write_bytes(b"not a database at all, " * 100)
    with pytest.raises(NotPossibleNow, match="cannot be read as a database"):
        open_storage(home)


def test_every_connection_has_the_promised_settings(tmp_path: Path) -> None:
    storage = open_storage(Home(tmp_path))
    with storage.write() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "journal_size_limit", "synchronous")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "journal_size_limit": 64 * 1024 * 1024,
        "synchronous": 2,
    }
    with storage.write(durable=False) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
    storage.close()
