"""What a run trains, and which weights it may continue."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.models.adapters import check_base
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete
from rlft_gui.training.models.weights import KINDS, Kind, Tuning, parent_checkpoint


def _parent(home: Home, kind: Kind) -> ParentRef:
    path = home.run("parent").checkpoint(3)
    path.mkdir(parents=True)
    (path / ("adapter_model.safetensors" if kind == "adapter" else "model.safetensors")).write_bytes(b"")
    mark_complete(path, CheckpointMarker(step=3, stage="sft", base="lantern", base_hash="aaa", kind=kind))
    return ParentRef(run_id="parent")


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_weights_are_continued_as_what_they_are(tmp_path: Path, tuning: Tuning) -> None:
    home = Home(tmp_path)
    parent = _parent(home, KINDS[tuning])
    path, marker = parent_checkpoint(home, parent, "lantern", "aaa", tuning)
    assert (path.name, marker.kind) == ("step-3", KINDS[tuning])


@pytest.mark.parametrize(("tuning", "other"), [("lora", "full"), ("full", "lora")])
def test_weights_are_not_continued_as_what_they_are_not(
    tmp_path: Path, tuning: Tuning, other: Tuning
) -> None:
    home = Home(tmp_path)
    parent = _parent(home, KINDS[other])
    with pytest.raises(
        InvalidInput, match=f"cannot be continued with tuning {tuning}. Set tuning to {other}"
    ):
        parent_checkpoint(home, parent, "lantern", "aaa", tuning)


@pytest.mark.parametrize(
    ("kind", "why"), [("adapter", "An adapter only fits the base"), ("full", "Its distance from the base")]
)
def test_another_base_is_refused_with_the_reason_that_holds(kind: Kind, why: str) -> None:
    marker = CheckpointMarker(step=3, stage="sft", base="lantern", base_hash="aaa", kind=kind)
    check_base(marker, "Run r", "lantern", "aaa")
    with pytest.raises(InvalidInput, match=why):
        check_base(marker, "Run r", "lantern", "bbb")
