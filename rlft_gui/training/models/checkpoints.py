"""Checkpoints of a run on disk: which are complete, how one becomes complete, which may go.

A checkpoint counts only once its marker, complete.json, is there; the marker is written last, after everything
else has reached the disk. Whatever a kill tore has no marker and is never used. The marker holds each file's size and
SHA-256, which whoever loads a checkpoint compares first; merely looking which there are reads no file. No torch here:
the app asks too.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import RunFolder
from rlft_gui.durable import write_whole

MARKER = "complete.json"
_NAMED = TypeAdapter(tuple[int, ...])


class FileSum(Frozen):
    """What a file was when it was written."""

    bytes: int
    sha256: str


class CheckpointMarker(Frozen):
    """What a complete checkpoint says of itself.

    `base_hash` is the content hash of the base model (rlft_gui.training.models.loading.base_hash). `parent` names the
    checkpoint that the run's adapter continued, as "RUN@step". `files` is None in checkpoints of version 0.2.0, which
    cannot be checked.
    """

    step: int
    stage: str
    base: str
    base_hash: str
    kind: Literal["adapter", "full"]
    parent: str | None = None
    files: dict[str, FileSum] | None = None  #: by path below the checkpoint's folder


def is_same_base(before: str, now: str) -> bool:
    """Whether two hashes are of one base. One that says nothing of the chat template fits any."""
    # "+": hashes of version 0.2.0 say nothing of the chat template and have none.
    weights, _, chat = before.partition("+")
    weights_now, _, chat_now = now.partition("+")
    return weights == weights_now and (not chat or not chat_now or chat == chat_now)


def differs(before: str, now: str) -> str:
    """In what two bases differ, for people."""
    (weights, _, chat), (weights_now, _, chat_now) = before.partition("+"), now.partition("+")
    if weights != weights_now:
        return f"weights or tokenizer {weights[:12]} against {weights_now[:12]}"
    return f"chat template or special tokens {chat[:12]} against {chat_now[:12]}"


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


def sound(folder: RunFolder, step: int | None) -> tuple[Path, CheckpointMarker]:
    """The folder and marker of a complete checkpoint whose files are as they were written: to be asked before loading.

    Raises:
        NotFound: the run has no such complete checkpoint, or it is damaged.
    """
    path = resolve(folder, step)
    found = marker(folder, int(path.name.removeprefix("step-")))
    if problem := damage(path, found):
        known = ", ".join(str(one) for one in complete_steps(folder) if one != found.step)
        others = (
            f"Use another checkpoint of this run: {known}." if known else "This run has no other checkpoint."
        )
        raise NotFound(f"Checkpoint {folder.run_id}@{found.step} is damaged: {problem}. {others}")
    return path, found


def damage(path: Path, marker: CheckpointMarker) -> str | None:
    """What is wrong with a checkpoint's files, as part of a sentence. Reads them all: a GB in about a second."""
    for name, written in (marker.files or {}).items():
        try:
            found = _sum(path / name)
        except OSError as error:
            return f"its file {name} cannot be read ({error.strerror})"
        if found.bytes != written.bytes:
            return f"its file {name} has {found.bytes:,} bytes instead of {written.bytes:,}"
        if found != written:
            return f"its file {name} is not what was written"
    return None


def last_sound(folder: RunFolder) -> tuple[int | None, tuple[str, ...]]:
    """The newest checkpoint to go on from, or None if there is none yet, and a sentence for each damaged one above it.

    Those no longer count from then on, or the next rotation would keep them in place of sound ones.

    Raises:
        NotFound: all are damaged; they are left as they are.
    """
    damaged: list[tuple[Path, str]] = []
    for step in reversed(complete_steps(folder)):
        path = folder.checkpoint(step)
        if not (problem := _problem(folder, step)):
            for bad, _ in damaged:
                # The files stay, for somebody may want to look; without a marker they are no checkpoint.
                (bad / MARKER).unlink()
            return step, tuple(f"{told} The run goes on from step {step} instead." for _, told in damaged)
        damaged.append((path, f"Checkpoint {step} is damaged: {problem}."))
    if damaged:
        told = " ".join(told for _, told in damaged)
        raise NotFound(f"{told} This run has no sound checkpoint left. Clone it to start anew.")
    return None, ()


def _problem(folder: RunFolder, step: int) -> str | None:
    try:
        return damage(folder.checkpoint(step), marker(folder, step))
    except NotFound:
        return f"its file {MARKER} cannot be read"


def mark_complete(path: Path, marker: CheckpointMarker) -> None:
    """Declare the checkpoint in `path` complete, once all its files have reached the disk."""
    sums = {}
    for file in sorted(path.rglob("*")):
        if file.is_file():
            _flush(file)
            sums[file.relative_to(path).as_posix()] = _sum(file)
    _flush(path)
    draft = path / f"{MARKER}.draft"
    draft.write_text(marker.model_copy(update={"files": sums}).model_dump_json(), encoding="utf-8")
    _flush(draft)
    # A rename is seen whole or not at all, whatever happens to the machine in between.
    draft.rename(path / MARKER)
    _flush(path)
    _flush(path.parent)


def discard(path: Path) -> None:
    """Remove a checkpoint, its marker first, so that half of it is never taken for the whole."""
    (path / MARKER).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def rotate(folder: RunFolder, kept: Collection[int]) -> tuple[int, ...]:
    """Remove all but these steps, and torn leftovers. Returns which complete ones went."""
    complete = complete_steps(folder)
    stay = {folder.checkpoint(step) for step in complete if step in kept}
    for path in folder.checkpoints.glob("step-*"):
        if path not in stay:
            discard(path)
    return tuple(step for step in complete if step not in kept)


def named_steps(folder: RunFolder) -> frozenset[int]:
    """Steps that others named, as the app has left word: they stay whatever a rule says."""
    try:
        return frozenset(_NAMED.validate_json(folder.named.read_bytes()))
    except (FileNotFoundError, ValidationError):
        return frozenset()


def leave_word(folder: RunFolder, steps: Collection[int]) -> None:
    """Say which steps others named; nothing where the run has no folder, and so no checkpoint, any more.

    A trainer that is removing one of them this very moment does not see it: who named it is told then that it is not there.
    """
    if folder.path.is_dir() and frozenset(steps) != named_steps(folder):
        write_whole(folder.named, json.dumps(sorted(steps)))


def _sum(path: Path) -> FileSum:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        # Where reading ended, rather than what the folder says: both figures are then of the same bytes.
        return FileSum(bytes=file.tell(), sha256=digest)


def _flush(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
