"""Files and folders as people name them."""

from pathlib import Path


def named_file(text: str) -> Path | None:
    """What lies there, its links not followed; None where nothing does, or where no text like this can name anything."""
    try:
        path = Path(text).expanduser()
        return path if text and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # unreadable, too long, a NUL, no such user
        return None
