"""Files that are whole or absent, even after a power cut."""

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
