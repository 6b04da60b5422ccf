"""Who is being answered, for code that is built once and answers many: set around each event and server function."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CALLER: ContextVar[str] = ContextVar("caller")


@contextmanager
def calling(user: str) -> Iterator[None]:
    """Inside, `caller` is this user: in this task or thread, and in what is handed its context."""
    token = _CALLER.set(user)
    try:
        yield
    finally:
        _CALLER.reset(token)


def caller() -> str | None:
    """The name of who is being answered; None where nobody is, as while pages are built."""
    return _CALLER.get(None)
