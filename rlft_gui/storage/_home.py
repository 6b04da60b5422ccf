"""The home folder as a folder: made for its owner alone, and tightened where it was made more open before."""

import errno
import logging
import os
import stat
from pathlib import Path

from rlft_gui.domain.errors import InvalidInput, StorageTrouble
from rlft_gui.domain.home import Home
from rlft_gui.domain.trouble import told_of_disk
from rlft_gui.storage._mounts import refuse_unfit

logger = logging.getLogger(__name__)

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_home(path: Path) -> None:
    """Make the folder, with mode 0700, unless it is there; take it from others if they could enter.

    Raises:
        InvalidInput: no database can be kept there, or it is a folder that all users share, such as /tmp.
        StorageTrouble: it cannot be made or written.
    """
    refuse_unfit(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        _refuse_shared(path)
        _try_to_write(path)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise StorageTrouble(told_of_disk(error) or _unusable(path, error)) from error


def _refuse_shared(path: Path) -> None:
    told = path.stat()
    if told.st_mode & stat.S_ISVTX:
        raise InvalidInput(
            f"{path} is shared by all users of this machine. Choose a folder of your own, such as {path / 'rlft'}."
        )
    if hasattr(os, "geteuid") and told.st_uid != os.geteuid():
        _refuse_anothers(path, told.st_uid)
    elif told.st_mode & FOR_OTHERS:
        _tighten(path, told.st_mode)


def _refuse_anothers(path: Path, owner: int) -> None:
    """The administrator may: in containers, folders of the machine outside often belong to a user of that machine."""
    if os.geteuid() != 0:
        raise InvalidInput(
            f"{path} belongs to another user (number {owner}). Choose a folder of your own with --home."
        )
    logger.warning(
        "%s belongs to another user (number %d), who may be unable to use what is made there.", path, owner
    )


def _try_to_write(path: Path) -> None:
    """Locks are waited for, and wait for ever where their file cannot be made; and whoever opens a pipe waits for a writer.

    Raises:
        OSError: the first file that would be made cannot be, or is no file.
    """
    home = Home(path)
    lock = os.open(home.database.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o644)
    os.close(lock)
    for file in (home.database, home.database.with_suffix(".lock")):
        if file.exists() and not file.is_file():
            raise OSError(errno.EINVAL, "it is no file", str(file))


def _unusable(path: Path, error: OSError) -> str:
    return f"{path} cannot be a home: {error.strerror} ({error.filename}). Choose another folder with --home."


def _tighten(path: Path, mode: int) -> None:
    try:
        path.chmod(stat.S_IMODE(mode) & ~FOR_OTHERS)
    except OSError as error:
        logger.warning("Others can read %s, and that cannot be changed: %s.", path, error.strerror)
