"""What the disk says when it cannot go on, as sentences. What the database says is in rlft_gui.storage."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rlft_gui.domain.errors import StorageTrouble

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


def told_of_disk(error: OSError) -> str | None:
    """A sentence for an error that a user can mend; None for any other."""
    where = error.filename or "the home folder"
    if error.errno in _FULL:
        return f"The disk is full, so {where} could not be written. Free some space, then try again."
    if error.errno in _CLOSED:
        return f"{where} cannot be used: {error.strerror}. Make it writable, or choose another folder with --home."
    if error.errno in _IN_THE_WAY:
        return f"{where} cannot be used, for a file is where a folder is needed. Choose another with --home."
    if error.errno == errno.EIO:
        return f"The disk failed at {where}: {error.strerror}. Copy the home folder to another disk."
    return None


@contextmanager
def disk_told(path: Path) -> Iterator[None]:
    """Raises: StorageTrouble, for an OSError about `path` or below that a user can mend."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        sentence = told_of_disk(error)
        if sentence is None:
            raise
        raise StorageTrouble(sentence) from error
