"""Browsers that are signed in, each by a hash of what its cookie holds."""

import sqlalchemy as sa

from rlft_gui.domain.accounts import Session
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database


class SessionRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session_id: str, session: Session) -> None:
        with self._database.write() as connection:
            connection.execute(sa.insert(t.session).values(id=session_id, **session.model_dump()))

    def get(self, session_id: str) -> Session | None:
        query = sa.select(t.session).where(t.session.c.id == session_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Session.model_validate({name: row._mapping[name] for name in Session.model_fields})

    def see(self, session_id: str, now: float) -> None:
        """Remember when it was last used. After a power cut an older time may stand."""
        with self._database.write(durable=False) as connection:
            connection.execute(sa.update(t.session).where(t.session.c.id == session_id).values(seen_at=now))

    def end(self, session_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(sa.delete(t.session).where(t.session.c.id == session_id))

    def end_all(self, user: str) -> None:
        """Of one user."""
        with self._database.write() as connection:
            connection.execute(sa.delete(t.session).where(t.session.c.user == user))

    def purge(self, *, made_before: float, seen_before: float) -> None:
        """Forget those that ended by themselves."""
        is_over = sa.or_(t.session.c.created_at < made_before, t.session.c.seen_at < seen_before)
        with self._database.write(durable=False) as connection:
            connection.execute(sa.delete(t.session).where(is_over))
