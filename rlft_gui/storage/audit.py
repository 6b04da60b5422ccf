"""What was done by whom, in rows that are only added."""

import sqlalchemy as sa

from rlft_gui.domain.accounts import AuditEntry
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database


class AuditRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        with self._database.write() as connection:
            connection.execute(sa.insert(t.audit).values(entry.model_dump(exclude={"number"})))

    def list(self, limit: int) -> tuple[AuditEntry, ...]:
        """The newest, newest first."""
        query = sa.select(t.audit).order_by(t.audit.c.number.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(AuditEntry.model_validate(dict(row._mapping)) for row in connection.execute(query))
