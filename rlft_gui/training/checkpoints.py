"""Checkpoints of a run on disk: which are complete, how one becomes complete, which may go.

A checkpoint counts only once its marker, complete.json, is there; the marker is written last, after everything
else has reached the disk. Whatever a kill tore has no marker and is never used. No torch here: the app asks too.
"""

import os
import re
import shutil
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import RunFolder

MARKER = "complete.json"


class CheckpointMarker(Frozen):
    """What a complete checkpoint says of itself.

    `base_hash` is the content hash of the base model (rlft_gui.training.loading.base_hash). `parent` names the
    checkpoint that the run's adapter continued, as "RUN@step".
    """

    step: int
    stage: str
    base: str
    base_hash: str
    kind: Literal["adapter", "full"]
    parent: str | None = None


def complete_steps(folder: RunFolder) -> list[int]:
    """The steps of all complete checkpoints, ascending."""
    found = [re.fullmatch(r"step-(\d+)", path.parent.name) for path in folder.checkpoints.glob(f"*/{MARKER}")]
    return sorted(int(match[1]) for match in found if match)


def last_complete(folder: RunFolder) -> int | None:
    """The newest complete checkpoint's step, or None."""
    return max(complete_steps(folder), default=None)


def marker(folder: RunFolder, step: int) -> CheckpointMarker:
    """What the checkpoint of that step says of itself.

    Raises:
        NotFound: there is no such complete checkpoint.
    """
    path = resolve(folder, step) / MARKER
    try:
        return CheckpointMarker.model_validate_json(path.read_bytes())
    except ValidationError:
        raise NotFound(f"The marker {path} cannot be read. Use another checkpoint of this run.") from None


def resolve(folder: RunFolder, step: int | None) -> Path:
    """The folder of a complete checkpoint: of that step, or with None of the newest.

    Raises:
        NotFound: the run has none, or none at that step; the sentence names those it has.
    """
    steps = complete_steps(folder)
    if not steps:
        raise NotFound(f"Run {folder.run_id} has no complete checkpoint yet. Let it reach its first one.")
    if step is not None and step not in steps:
        known = ", ".join(map(str, steps))
        raise NotFound(f"Run {folder.run_id} has no checkpoint at step {step}. It has: {known}.")
    return folder.checkpoint(steps[-1] if step is None else step)


def mark_complete(path: Path, marker: CheckpointMarker) -> None:
    """Declare the checkpoint in `path` complete, once all its files have reached the disk."""
    for file in sorted(path.rglob("*")):
        if file.is_file():
            _flush(file)
    _flush(path)
    draft = path / f"{MARKER}.draft"
    draft.write_text(marker.model_dump_json(), encoding="utf-8")
    _flush(draft)
    draft.rename(path / MARKER)
    _flush(path)
    _flush(path.parent)


def discard(path: Path) -> None:
    """Remove a checkpoint, its marker first, so that half of it is never taken for the whole."""
    (path / MARKER).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def rotate(folder: RunFolder, keep: int) -> None:
    """Keep the newest `keep` complete checkpoints; older ones and torn leftovers go."""
    kept = {folder.checkpoint(step) for step in complete_steps(folder)[-keep:]}
    for path in folder.checkpoints.glob("step-*"):
        if path not in kept:
            discard(path)


def _flush(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
