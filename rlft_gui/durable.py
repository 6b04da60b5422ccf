"""Files and folders that are whole or absent, even after a power cut."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write beside, flush to the disk, then put in place in one step."""
    # By process, for two may write the same file; beside it, for a rename is one step only within a file system.
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def put_in_place(draft: Path, place: Path) -> None:
    """Give a folder that is whole its name; where another process was faster, its folder stands."""
    if not place.is_dir():
        try:
            draft.rename(place)
        except OSError:
            if not place.is_dir():
                raise
    descriptor = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # a rename survives a power cut once its folder is on disk
    finally:
        os.close(descriptor)
