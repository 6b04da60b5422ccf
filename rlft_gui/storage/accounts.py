"""Who has an account. Names that differ in capitals alone are one name."""

import sqlalchemy as sa

from rlft_gui.domain.accounts import Account, Role
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database


class AccountRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: Account) -> bool:
        """False if there is one of that name."""
        row = {"key": account.name.casefold(), **account.model_dump(mode="json")}
        with self._database.write() as connection:
            if connection.scalar(sa.select(t.account.c.key).where(t.account.c.key == row["key"])):
                return False
            connection.execute(sa.insert(t.account).values(row))
        return True

    def get(self, name: str) -> Account | None:
        query = sa.select(t.account).where(t.account.c.key == name.casefold())
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _account(row)

    def list(self) -> tuple[Account, ...]:
        """By name."""
        with self._database.read() as connection:
            return tuple(map(_account, connection.execute(sa.select(t.account).order_by(t.account.c.key))))

    def set_role(self, name: str, role: Role) -> None:
        with self._database.write() as connection:
            connection.execute(_named(name).values(role=role.value))

    def set_password(self, name: str, password: str) -> None:
        with self._database.write() as connection:
            connection.execute(_named(name).values(password=password))

    def remove(self, name: str) -> None:
        with self._database.write() as connection:
            connection.execute(sa.delete(t.account).where(t.account.c.key == name.casefold()))


def _named(name: str) -> sa.Update:
    return sa.update(t.account).where(t.account.c.key == name.casefold())


def _account(row: "sa.Row[tuple[object, ...]]") -> Account:
    return Account.model_validate({name: row._mapping[name] for name in Account.model_fields})
