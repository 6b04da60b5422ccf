"""Accounts: add, list, change, remove. How one signs in with them: signing_in.py."""

import re
import time

from rlft_gui.domain.accounts import LOCAL_OWNER, Account, AuditEntry, Role
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.services.accounts.passwords import hash_of
from rlft_gui.services.audit import Audit
from rlft_gui.services.feedback.rater_names import named
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

#: An account's name stands in commands and addresses, so it is narrower than a rater's.
_NAME = re.compile(r"[\w.@+-]{1,40}")
MOST_TOLD = 10_000  #: entries of the audit log


class Accounts:
    """May be shared by threads."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._rows = storage.accounts
        self._rights = Rights(storage)
        self._audit = Audit(storage)

    def add(self, name: str, role: Role, password: str, *, user: str) -> Account:
        """Raises:
        NotAllowed: `user` is no admin.
        InvalidInput: the name or the password cannot be used, or the name is taken.
        """
        self._rights.check_admin(user)
        new = Account(name=_checked(name), role=role, password=hash_of(password), created_at=time.time())
        with self._storage.write():
            if not self._rows.add(new):
                raise InvalidInput(f'There is an account "{new.name}" already. Choose another name.')
            self._audit.add(user, "added user", f"{new.name}, {role}")
        return new

    def list(self) -> tuple[Account, ...]:
        """By name."""
        return self._rows.list()

    def get(self, name: str) -> Account:
        """Raises: NotFound."""
        found = self._rows.get(name)
        if found is None:
            raise NotFound(f'There is no account "{name}". `rlft user list` tells all.')
        return found

    def is_taken(self, name: str) -> bool:
        """Whether an account has this name, in whatever capitals."""
        return self._rows.get(name) is not None

    def set_role(self, name: str, role: Role, *, user: str) -> None:
        """Counts from the next request on.

        Raises:
            NotAllowed: `user` is no admin.
            NotFound: there is no such account.
        """
        self._rights.check_admin(user)
        with self._storage.write():
            account = self.get(name)
            self._rows.set_role(account.name, role)
            self._audit.add(user, "changed role", f"{account.name}, {role}")

    def set_password(self, name: str, password: str, *, user: str) -> None:
        """Ends all sessions of the account.

        Raises:
            NotAllowed: `user` is no admin.
            NotFound: there is no such account.
            InvalidInput: the password cannot be used.
        """
        self._rights.check_admin(user)
        stored = hash_of(password)  # takes a moment, and nobody else could write meanwhile
        with self._storage.write():
            account = self.get(name)
            self._rows.set_password(account.name, stored)
            self._storage.sessions.end_all(account.name)
            self._audit.add(user, "changed password", account.name)

    def remove(self, name: str, *, user: str) -> None:
        """Ends all sessions of the account. What it made stays, under its name.

        Raises:
            NotAllowed: `user` is no admin.
            NotFound: there is no such account.
        """
        self._rights.check_admin(user)
        with self._storage.write():
            account = self.get(name)
            self._rows.remove(account.name)
            self._storage.sessions.end_all(account.name)
            self._audit.add(user, "removed user", account.name)

    def audit_log(self, limit: int = 200, *, user: str) -> tuple[AuditEntry, ...]:
        """What was done by whom, newest first.

        Raises:
            NotAllowed: `user` is no admin.
        """
        self._rights.check_admin(user)
        return self._storage.audit.list(max(1, min(limit, MOST_TOLD)))


def _checked(name: str) -> str:
    cleaned = named(name).name
    if not _NAME.fullmatch(cleaned):
        raise InvalidInput(
            f'A user\'s name has 1 to 40 letters, digits or . _ - @ +, and no spaces; found "{cleaned}".'
        )
    if cleaned.casefold() == LOCAL_OWNER:
        raise InvalidInput(
            f'"{LOCAL_OWNER}" is the owner of this machine, who needs no account. Choose another name.'
        )
    return cleaned
