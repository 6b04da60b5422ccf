"""Sessions: who signs in by the machine's token or by name and password, what a session is worth, and how it ends."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from rlft_gui.domain.accounts import LOCAL_OWNER, Session
from rlft_gui.domain.errors import NotAllowed
from rlft_gui.domain.home import Home
from rlft_gui.services.accounts.machine_token import machine_token, new_machine_token
from rlft_gui.services.accounts.passwords import fits
from rlft_gui.services.accounts.throttle import Throttle
from rlft_gui.services.audit import Audit
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

DAY = 24 * 3600.0
IDLE_SECONDS = 7 * DAY  #: a session ends when nobody used it for so long
LONGEST_SECONDS = 30 * DAY  #: and after this in any case
SEEN_EVERY = 300.0  #: seconds; how exactly it is remembered when a session was used
_LONGEST_NAME = 200  #: characters of a wrong name that the audit log keeps


@dataclass(frozen=True)
class Known:
    """Whose session it is, and whether it is time to remember that it was used."""

    user: str
    is_to_be_seen: bool


class SigningIn:
    """May be shared by threads. `clock` tells seconds since 1970."""

    def __init__(self, home: Home, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self._home = home
        self._storage = storage
        self._rows = storage.sessions
        self._audit = Audit(storage)
        self._rights = Rights(storage)
        self._throttle = Throttle()
        self._clock = clock

    def token(self) -> str:
        """The machine's token.

        Raises:
            InvalidInput, StorageTrouble: it cannot be used or read.
        """
        return machine_token(self._home.token)

    def renew_token(self, *, user: str) -> str:
        """A new one. Sessions that were made with the old one end, and scripts need the new one.

        Raises:
            NotAllowed: `user` is no admin.
        """
        self._rights.check_admin(user)
        token = new_machine_token(self._home.token)
        with self._storage.write():
            self._rows.end_all(LOCAL_OWNER)
            self._audit.add(user, "made a new token")
        return token

    def is_token(self, token: str) -> bool:
        """Whether this is the machine's token.

        Raises:
            InvalidInput, StorageTrouble: it cannot be used or read.
        """
        return hmac.compare_digest(token.encode(), self.token().encode())

    def by_token(self, token: str) -> str:
        """Begin a session of the machine's owner; returns what its cookie holds.

        Raises:
            NotAllowed: it is another token.
        """
        if not self.is_token(token):
            self._audit.add(LOCAL_OWNER, "was refused", "a wrong token")
            raise NotAllowed(
                "This is not the token of this machine, or not any more. `rlft token` prints the link that opens the app."
            )
        return self._begin(LOCAL_OWNER, token)

    def by_password(self, name: str, password: str, *, address: str) -> str:
        """Begin a session of an account; returns what its cookie holds.

        Args:
            address: of the caller, by which wrong passwords are counted.

        Raises:
            NotAllowed: there is no such account, or it has another password.
            NotPossibleNow: there were too many wrong ones; says how long to wait.
        """
        name = name.strip()[:_LONGEST_NAME]
        self._throttle.begin(name, address)
        account = self._storage.accounts.get(name)
        if not fits(password, account.password if account else None) or account is None:
            self._audit.add(name, "was refused", "a wrong name or password")
            raise NotAllowed(
                "There is no account with this name and password. Mind capitals, then try again."
            )
        self._throttle.succeed(name, address)
        return self._begin(account.name, account.password)

    def known(self, secret: str) -> Known | None:
        """Whose session this is; None if there is none, or it has ended."""
        found, now = self._rows.get(_hash(secret)), self._clock()
        if found is None or now - found.created_at > LONGEST_SECONDS or now - found.seen_at > IDLE_SECONDS:
            return None
        if not hmac.compare_digest(found.made_with, _hash(self._signs_in_with(found.user))):
            return None
        return Known(found.user, is_to_be_seen=now - found.seen_at > SEEN_EVERY)

    def see(self, secret: str) -> None:
        """Remember that a session was used now."""
        self._rows.see(_hash(secret), self._clock())

    def sign_out(self, secret: str, *, user: str) -> None:
        """End this session."""
        with self._storage.write():
            self._rows.end(_hash(secret))
            self._audit.add(user, "signed out")

    def sign_out_everywhere(self, *, user: str) -> None:
        """End all sessions of this user."""
        with self._storage.write():
            self._rows.end_all(user)
            self._audit.add(user, "signed out everywhere")

    def _begin(self, user: str, made_with: str) -> str:
        secret, now = secrets.token_urlsafe(32), self._clock()
        new = Session(user=user, made_with=_hash(made_with), created_at=now, seen_at=now)
        with self._storage.write():
            self._rows.purge(made_before=now - LONGEST_SECONDS, seen_before=now - IDLE_SECONDS)
            self._rows.add(_hash(secret), new)
            self._audit.add(user, "signed in")
        return secret

    def _signs_in_with(self, user: str) -> str:
        """What this user would sign in with today; "" if he could not."""
        if user == LOCAL_OWNER:
            return self.token()
        account = self._storage.accounts.get(user)
        return account.password if account else ""


def _hash(secret: str) -> str:
    """Secrets here have 256 bits, or are hashes by argon2 already: no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
