"""Checkpoints on disk: only marked ones count."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.training import checkpoints
from rlft_gui.training.checkpoints import CheckpointMarker, mark_complete


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return Home(tmp_path).run("r1")


def _write(folder: RunFolder, step: int, *, complete: bool = True) -> Path:
    path = folder.checkpoint(step)
    path.mkdir(parents=True)
    (path / "adapter_model.safetensors").write_bytes(b"weights")
    if complete:
        mark_complete(
            path,
            CheckpointMarker(step=step, stage="sft", base="b", base_hash="h", kind="adapter", parent="r0@3"),
        )
    return path


def test_a_checkpoint_without_its_marker_is_not_there(folder: RunFolder) -> None:
    _write(folder, 5)
    _write(folder, 10, complete=False)
    assert checkpoints.complete_steps(folder) == [5]
    assert checkpoints.last_complete(folder) == 5
    assert checkpoints.resolve(folder, None) == folder.checkpoint(5)
    with pytest.raises(NotFound, match=r"Run r1 has no checkpoint at step 10\. It has: 5\."):
        checkpoints.resolve(folder, 10)


def test_a_run_without_checkpoints_says_so(folder: RunFolder) -> None:
    assert checkpoints.last_complete(folder) is None
    with pytest.raises(NotFound, match="no complete checkpoint yet"):
        checkpoints.resolve(folder, None)


def test_steps_are_compared_as_numbers(folder: RunFolder) -> None:
    for step in (100, 20, 3):
        _write(folder, step)
    assert checkpoints.complete_steps(folder) == [3, 20, 100]
    assert checkpoints.last_complete(folder) == 100


def test_the_marker_says_what_the_checkpoint_is(folder: RunFolder) -> None:
    _write(folder, 7)
    found = checkpoints.marker(folder, 7)
    assert (found.step, found.base_hash, found.kind, found.parent) == (7, "h", "adapter", "r0@3")
    assert not list(folder.checkpoint(7).glob("*.draft"))


def test_an_unreadable_marker_is_a_sentence(folder: RunFolder) -> None:
    (_write(folder, 7) / checkpoints.MARKER).write_text("{")
    with pytest.raises(NotFound, match="cannot be read"):
        checkpoints.marker(folder, 7)


def test_rotation_keeps_the_newest_and_clears_torn_ones(folder: RunFolder) -> None:
    for step in (1, 2, 3, 4):
        _write(folder, step)
    _write(folder, 5, complete=False)
    checkpoints.rotate(folder, keep=2)
    assert sorted(path.name for path in folder.checkpoints.iterdir()) == ["step-3", "step-4"]
