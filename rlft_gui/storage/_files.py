"""Which files a database consists of: told by device and inode, which no other file has while a connection holds them open.

Whoever renames, deletes or restores one of them under a program that has it open leaves that program writing into a file
that nobody will find again, or two programs in two logs of one database. SQLite does not look. A file that is overwritten
in place keeps its inode and is not noticed; nor are locks, which a process loses that opens and closes one of these files
by any other means than SQLite (POSIX): nothing here reads or copies them as files while a connection is open.
"""

import os
from pathlib import Path

from rlft_gui.domain.errors import DatabaseReplaced

_PARTS = ("", "-wal", "-shm")

Identity = tuple[int, int] | None
Files = tuple[Identity, ...]


def files_of(path: Path) -> Files:
    """The database, its log and its index, as they are found now; some 5 µs."""
    return tuple(_identity(f"{path}{part}") for part in _PARTS)


def refuse_replaced(path: Path, opened: Files) -> None:
    """Raises: DatabaseReplaced, if one of the files is not the one that was opened."""
    found = files_of(path)
    if found != opened:
        at = next(place for place, one in enumerate(found) if one != opened[place])
        raise DatabaseReplaced(_sentence(f"{path}{_PARTS[at]}", is_there=found[at] is not None))


def _identity(path: str) -> Identity:
    try:
        told = os.stat(path)
    except OSError:
        return None
    return told.st_dev, told.st_ino


def _sentence(path: str, *, is_there: bool) -> str:
    happened = "was replaced by another file" if is_there else "was deleted or moved away"
    return (
        f"{path} {happened} while rlft_gui had it open, so nothing is written any more: what was stored before and after "
        "must not be mixed. Training goes on. Put the file back where it was, or, if the new one is the right one, end this "
        "program and start it again."
    )
