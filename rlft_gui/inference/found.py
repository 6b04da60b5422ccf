"""A checkpoint as it lies on disk, and whether it is still the one that was found once it has been read."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import RunFolder
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.checkpoints import CheckpointMarker


@dataclass(frozen=True)
class Found:
    """A complete checkpoint on disk, as it is now."""

    run_id: str
    path: Path
    marker: CheckpointMarker
    fingerprint: str

    @property
    def id(self) -> str:
        return f"{self.run_id}@{self.marker.step}"

    @property
    def slot(self) -> str:
        """A name for its adapter; PEFT allows no dots."""
        return f"{self.id}#{self.fingerprint[:12]}".replace(".", "_")

    def check_unchanged(self) -> None:
        """Once it was read, make sure that what was read is what was found.

        Raises:
            NotFound: its files went or changed meanwhile.
        """
        if not self.path.is_dir() or _fingerprint(self.path) != self.fingerprint:
            raise NotFound(f"Checkpoint {self.id} was replaced while it was being read. Ask again.")


def find(folder: RunFolder, step: int | None) -> Found:
    """The checkpoint of that step, or with None the newest.

    Raises:
        NotFound: there is no such complete checkpoint, or it is damaged.
    """
    path = checkpoints.resolve(folder, step)
    # The marker goes first when a checkpoint is discarded, so read it after the files: it vouches for them.
    fingerprint = _fingerprint(path)
    marker = checkpoints.marker(folder, int(path.name.removeprefix("step-")))
    _check_sound(folder, marker.step, fingerprint)
    return Found(folder.run_id, path, marker, fingerprint)


@lru_cache(maxsize=256)
def _check_sound(folder: RunFolder, step: int, fingerprint: str) -> None:
    """Compare a checkpoint's files with what was written, once while its fingerprint stays the same.

    Raises:
        NotFound: it is damaged.
    """
    checkpoints.sound(folder, step)


def _fingerprint(path: Path) -> str:
    """Changes whenever the checkpoint is written anew, were it with the same names and sizes."""
    facts = [
        (file.name, status.st_ino, status.st_size, status.st_mtime_ns)
        for file in sorted(path.iterdir())
        if file.is_file() and (status := file.stat())
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
