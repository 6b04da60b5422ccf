"""Checkpoints on disk: only marked ones count."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete


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


def test_rotation_keeps_what_it_is_told_and_clears_torn_ones(folder: RunFolder) -> None:
    for step in (1, 2, 3, 4):
        _write(folder, step)
    _write(folder, 5, complete=False)
    assert checkpoints.rotate(folder, {3, 4, 5}) == (1, 2)
    assert sorted(path.name for path in folder.checkpoints.iterdir()) == ["step-3", "step-4"]


def test_what_others_named_is_known_to_the_trainer(folder: RunFolder) -> None:
    assert checkpoints.named_steps(folder) == frozenset()
    checkpoints.leave_word(folder, {3})
    assert not folder.path.exists(), "a run that is gone is not brought back"
    _write(folder, 3)
    checkpoints.leave_word(folder, {3, 9})
    assert checkpoints.named_steps(folder) == {3, 9}


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (lambda file: file.write_bytes(b"weig"), "has 4 bytes instead of 7"),
    "one byte": (lambda file: file.write_bytes(b"weightz"), "is not what was written"),
    "gone": (lambda file: file.unlink(), "cannot be read (No such file or directory)"),
}


@pytest.mark.parametrize(("harm", "words"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_checkpoint_is_refused_and_the_one_before_is_gone_on_from(
    folder: RunFolder, harm: Callable[[Path], object], words: str
) -> None:
    _write(folder, 5)
    harm(_write(folder, 10) / "adapter_model.safetensors")

    with pytest.raises(NotFound) as refusal:
        checkpoints.sound(folder, None)
    assert str(refusal.value) == (
        f"Checkpoint r1@10 is damaged: its file adapter_model.safetensors {words}. "
        "Use another checkpoint of this run: 5."
    )
    assert checkpoints.sound(folder, 5)[1].step == 5
    step, told = checkpoints.last_sound(folder)
    assert (step, len(told)) == (5, 1)
    assert told[0].endswith(f"{words}. The run goes on from step 5 instead.")
    assert checkpoints.last_sound(folder) == (5, ()), "it no longer counts"
    _write(folder, 7)
    checkpoints.rotate(folder, {7})
    assert checkpoints.complete_steps(folder) == [7]


def test_an_unreadable_marker_counts_as_damage(folder: RunFolder) -> None:
    _write(folder, 5)
    (_write(folder, 7) / checkpoints.MARKER).write_text("{")
    step, told = checkpoints.last_sound(folder)
    assert step == 5
    assert "complete.json cannot be read" in told[0]


def test_a_run_with_damaged_checkpoints_only_says_so_every_time(folder: RunFolder) -> None:
    for step in (5, 10):
        (_write(folder, step) / "adapter_model.safetensors").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(NotFound, match=r"^Checkpoint 10 is damaged.*no sound checkpoint left\. Clone it"):
            checkpoints.last_sound(folder)


def test_a_run_without_checkpoints_begins_anew(folder: RunFolder) -> None:
    assert checkpoints.last_sound(folder) == (None, ())


def test_a_checkpoint_of_an_earlier_version_has_no_sums_and_is_gone_on_from(folder: RunFolder) -> None:
    path = _write(folder, 5)
    old = '{"step":5,"stage":"sft","base":"b","base_hash":"h","kind":"adapter","parent":null}'
    (path / checkpoints.MARKER).write_text(old)
    assert checkpoints.sound(folder, None)[0] == path
    assert checkpoints.last_sound(folder) == (5, ())


def test_the_marker_holds_every_file_with_size_and_sum(folder: RunFolder) -> None:
    path = folder.checkpoint(3)
    (path / "optimizer").mkdir(parents=True)
    (path / "optimizer" / "state").write_bytes(b"abc")
    mark_complete(path, CheckpointMarker(step=3, stage="sft", base="b", base_hash="h", kind="full"))
    files = checkpoints.marker(folder, 3).files
    assert files is not None
    assert {name: (one.bytes, one.sha256[:8]) for name, one in files.items()} == {
        "optimizer/state": (3, "ba7816bf")
    }
