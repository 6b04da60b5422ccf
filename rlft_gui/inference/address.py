"""Where a home's inference process listens, and the token that opens it.

Loopback TCP rather than a Unix socket: one way that works everywhere, while a socket's path may hold only about 100
characters, which a home folder easily exceeds. The token is new with every start, so a stale address that another
program's port happens to answer gives nothing away.
"""

import os
from pathlib import Path

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home

HOST = "127.0.0.1"


class Address(Frozen):
    """Contents of `address.json`, which only its owner may read."""

    port: int
    token: str
    pid: int


def lock_path(home: Home) -> Path:
    """Held by the one live inference process of this home."""
    return home.inference / "server.lock"


def log_path(home: Home) -> Path:
    return home.inference / "log"


def make_folder(home: Home) -> None:
    """Create the process's folder, closed to other users."""
    home.inference.mkdir(mode=0o700, parents=True, exist_ok=True)


def write(home: Home, address: Address) -> None:
    """Publish the address at once and whole; the file is never readable by others, not even while it is written."""
    draft = home.inference / f"address.{address.pid}"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(address.model_dump_json())
    draft.replace(_path(home))


def read(home: Home) -> Address | None:
    """The published address, or None. It may be stale: only a welcome proves that the process lives."""
    try:
        return Address.model_validate_json(_path(home).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def remove(home: Home) -> None:
    _path(home).unlink(missing_ok=True)


def _path(home: Home) -> Path:
    return home.inference / "address.json"
