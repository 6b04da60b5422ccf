"""Bring a database to the present schema. Alembic is imported only where there is something to do."""

from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.storage._database import Database

#: The newest revision in migrations/versions.
SCHEMA = "0012"


def migrate(database: Database) -> None:
    """Create or upgrade the schema; processes that open a fresh home at once take turns.

    Raises:
        NotPossibleNow: the file was written by a newer version.
        StorageTrouble: it is no database at all, or cannot be read or written.
    """
    with FileLock(database.path.with_suffix(".lock")):
        # Asked under the lock, for another process may migrate while this one waits for it.
        found = _revision(database)
        if found == SCHEMA:
            return
        _refuse_newer(database.path, found)
        _upgrade(database)


def refuse_other_schema(database: Database) -> None:
    """Raises NotPossibleNow: the file was written by an older or a newer version."""
    found = _revision(database)
    _refuse_newer(database.path, found)
    if found != SCHEMA:
        raise NotPossibleNow(
            f"{database.path} was written by an older version (schema {found or 'none'}, this version reads {SCHEMA}). "
            "Make it anew with this version."
        )


def _revision(database: Database) -> str | None:
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def _refuse_newer(path: Path, found: str | None) -> None:
    # Revisions are numbered with leading zeros, so that they compare as text.
    if found is not None and found > SCHEMA:
        raise NotPossibleNow(
            f"{path} was written by a newer version (schema {found}, this version knows {SCHEMA}). "
            "Install the newer version, or choose another folder with --home."
        )


def _upgrade(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    database.use_write_ahead_log()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
