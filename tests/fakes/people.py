"""Accounts for tests in which nobody signs in."""

from rlft_gui.domain.accounts import Account, Role
from rlft_gui.storage import Storage


def member(storage: Storage, name: str, role: Role = Role.MEMBER) -> str:
    """The name of somebody who may act, by now. Without a password, whose hash takes its time."""
    storage.accounts.add(Account(name=name, role=role, password="", created_at=0.0))
    return name
