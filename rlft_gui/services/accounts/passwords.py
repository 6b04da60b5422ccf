"""Passwords: what may be one, its hash, and whether one fits. A wrong name takes as long as a wrong password."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from rlft_gui.domain.errors import InvalidInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 1_000
#: A hash takes 64 MB and a processor for some hundredths of a second; more at once would be a way to fill the memory.
_AT_ONCE = BoundedSemaphore(2)


def hash_of(password: str) -> str:
    """The hash that is stored.

    Raises:
        InvalidInput: the password is too short or too long.
    """
    password = _as_typed(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            f"A password has {SHORTEST} to {LONGEST:,} characters; found {len(password):,}. Four words that have "
            "nothing to do with each other make a good one."
        )
    with _AT_ONCE:
        return _hasher().hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether this is the password of that hash; for None, where there is no account, no, after as long a time."""
    from argon2.exceptions import InvalidHashError, VerificationError

    password = _as_typed(password)[: LONGEST + 1]
    with _AT_ONCE:
        try:
            _hasher().verify(stored or _of_nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def _as_typed(password: str) -> str:
    """Keyboards spell the same letter in several ways."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # brings cffi, which nothing else needs before somebody signs in

    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash("the password of nobody")
