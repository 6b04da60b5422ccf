"""The token of this machine: a file that only its owner can read, made once. Whoever knows it is the owner."""

import os
import secrets
import stat
import uuid
from pathlib import Path

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.trouble import disk_told

_BYTES = 32
_SHORTEST = 32  #: characters; a file that was cut, or filled by hand, is no secret
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def machine_token(path: Path) -> str:
    """The token, made if there is none. Of several processes that make one at once, all get the same.

    Raises:
        InvalidInput: what stands there is no token, or others can read it.
        StorageTrouble: it cannot be read or written.
    """
    with disk_told(path):
        if not path.exists():
            draft = _written(path)
            try:
                os.link(draft, path)  # unlike a rename, it leaves what another process put there
            except FileExistsError:
                pass
            finally:
                draft.unlink()
            _keep_name(path)
        return _read(path)


def new_machine_token(path: Path) -> str:
    """Put a new token in the place of the old one, which opens nothing any more.

    Raises:
        StorageTrouble: it cannot be written.
    """
    with disk_told(path):
        _written(path).replace(path)
        _keep_name(path)
        return _read(path)


def _written(path: Path) -> Path:
    """A new token beside its place, on the disk already."""
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return draft


def _keep_name(path: Path) -> None:
    """A name survives a power cut once its folder is on disk."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> str:
    with path.open(encoding="ascii", errors="replace") as file:
        mode, token = os.fstat(file.fileno()).st_mode, file.read().strip()
    if mode & _FOR_OTHERS:
        raise InvalidInput(
            f"Others than you can read {path}, so it is no secret any more. Make a new one: rlft token --new"
        )
    if len(token) < _SHORTEST or not token.isascii():
        raise InvalidInput(f"{path} holds no token that could be used. Make a new one: rlft token --new")
    return token
