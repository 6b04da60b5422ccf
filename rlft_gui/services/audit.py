"""Tells who did what, from where. Who changes rows writes it in the same transaction, so that neither is without the other."""

import time
from contextvars import ContextVar

from rlft_gui.domain.accounts import AuditEntry
from rlft_gui.storage import Storage

#: From where the present caller asks; whoever answers requests sets it.
calling_from: ContextVar[str] = ContextVar("calling_from", default="terminal")


class Audit:
    """May be shared by threads."""

    def __init__(self, storage: Storage) -> None:
        self._rows = storage.audit

    def add(self, user: str, action: str, subject: str = "") -> None:
        """Tell that `user` did it now."""
        self._rows.add(
            AuditEntry(at=time.time(), user=user, action=action, subject=subject, address=calling_from.get())
        )
