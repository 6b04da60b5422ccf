"""The home folder as a folder: made for its owner alone, and tightened where it was made more open before."""

import logging
import stat
from pathlib import Path

from rlft_gui.domain.errors import InvalidInput

logger = logging.getLogger(__name__)

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_home(path: Path) -> None:
    """Make the folder, with mode 0700, unless it is there; take it from others if they could enter.

    Raises:
        InvalidInput: it is a folder that all users share, such as /tmp.
        OSError: it cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    mode = path.stat().st_mode
    if mode & stat.S_ISVTX:
        raise InvalidInput(
            f"{path} is shared by all users of this machine. Choose a folder of your own, such as {path / 'rlft'}."
        )
    if mode & FOR_OTHERS:
        _tighten(path, mode)


def _tighten(path: Path, mode: int) -> None:
    try:
        path.chmod(stat.S_IMODE(mode) & ~FOR_OTHERS)
    except OSError as error:
        logger.warning("Others can read %s, and that cannot be changed: %s.", path, error.strerror)
