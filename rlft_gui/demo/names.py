"""How visitors are called. A visitor is known by a secret that his browser keeps; names on disk and in rows are a hash of it."""

import hashlib
import re
import secrets

STRANGER = "stranger"  #: who has shown no secret: he may look
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_VISITOR = re.compile(r"visitor-[0-9a-f]{20}")


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def visitor_of(secret: str | None) -> str:
    """The name of who shows this secret."""
    if secret is None or not _SECRET.fullmatch(secret):
        return STRANGER
    return f"visitor-{hashlib.sha256(secret.encode()).hexdigest()[:20]}"


def is_visitor(name: str) -> bool:
    return _VISITOR.fullmatch(name) is not None
