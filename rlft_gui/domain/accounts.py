"""Who may use a home besides its owner, and what was done in it."""

from enum import StrEnum

from rlft_gui.domain._base import Frozen

#: Who owns the machine and with it the home. No account may have this name.
LOCAL_OWNER = "local"


class Role(StrEnum):
    """What an account may do; each may do what the one before may."""

    VIEWER = "viewer"  #: look
    MEMBER = "member"  #: change what is theirs
    ADMIN = "admin"  #: change everything, accounts included

    @property
    def may_change(self) -> bool:
        return self is not Role.VIEWER


class Account(Frozen):
    """Somebody who signs in by name and password.

    Attributes:
        password: its argon2 hash.
        created_at: seconds since 1970.
    """

    name: str
    role: Role
    password: str
    created_at: float


class Session(Frozen):
    """A browser that is signed in.

    Attributes:
        user: an account's name, or `LOCAL_OWNER`.
        made_with: a hash of what it was signed in with, so that it ends when that changes.
        created_at, seen_at: seconds since 1970.
    """

    user: str
    made_with: str
    created_at: float
    seen_at: float


class AuditEntry(Frozen):
    """One thing that was done.

    Attributes:
        at: seconds since 1970.
        subject: what it was done to.
        address: from where, or "terminal".
    """

    number: int = 0
    at: float
    user: str
    action: str
    subject: str
    address: str
