"""What a pipeline will take of the disk: as much as it did, refused where it is not there."""

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidPipeline
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.disk.service import Disk
from rlft_gui.services.disk.usage import size_of
from rlft_gui.services.models.service import Models
from rlft_gui.services.pipelines.planning import PlannedStage
from rlft_gui.services.pipelines.room import DiskRoom, Room
from rlft_gui.services.pipelines.specs import load_spec
from rlft_gui.stages import stage
from tests.services.pipelines.test_launching import Case
from tests.stages.attempts import attempt, recipe

Usage = namedtuple("Usage", "free")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def frees(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(count))


def spec(**sft: Any) -> PipelineSpec:
    return PipelineSpec(method="sft", stages={"sft": {"data": "lantern:demonstrations", **sft}})


def room(case: Case, **sft: Any) -> Room:
    found = case.launching.room(spec(learning_rate=1e-4, **sft))
    assert found is not None
    return found


def count(case: Case, **sft: Any) -> int:
    """How many checkpoints are there at most at once."""
    return round(room(case, **sft).checkpoints / room(case, max_steps=1).checkpoints)


def test_as_many_count_as_are_kept_and_one_more_while_it_is_written(case: Case) -> None:
    usual = {"max_steps": 200, "checkpoint_every": 10}
    assert count(case, **usual, keep_checkpoints=3) == 3 + 1 + 1, "the best, and one that is being written"
    assert count(case, **usual, keep_checkpoints=3, keep_best=False) == 4
    assert count(case, **usual, keep_checkpoints=1, keep_best=False, keep_every=50) == 1 + 4 + 1
    assert count(case, max_steps=20, checkpoint_every=10, keep_checkpoints=30) == 2, "no more are made"
    assert count(case, max_steps=5, keep_checkpoints=3) == 1
    assert count(case, epochs=1, batch_size=64, checkpoint_every=5) == 2, "640 rows make 10 steps"
    found = room(case, **usual)
    assert found.stays < found.needed


def test_an_adapter_takes_as_much_as_its_shape_and_a_whole_model_all(case: Case) -> None:
    usual = room(case, max_steps=1).checkpoints
    assert usual == pytest.approx(12 * 184_320, rel=0.05)
    assert room(case, max_steps=1, lora_rank=32).checkpoints == pytest.approx(2 * usual, rel=0.05)
    attention = room(case, max_steps=1, lora_targets="attention").checkpoints
    assert attention == pytest.approx(usual * 73_728 / 184_320, rel=0.05)
    assert room(case, max_steps=1, tuning="full").checkpoints == pytest.approx(12 * 1_250_640, rel=0.02)


def test_stages_add_up_and_rows_that_are_made_count(case: Case) -> None:
    one = {"learning_rate": 1e-4, "max_steps": 1}
    both = PipelineSpec(
        method="dpo",
        stages={
            "sft": {"data": "lantern:demonstrations", **one},
            "dpo": {"data": "lantern:preferences", **one},
        },
    )
    found = case.launching.room(both)
    assert found is not None
    assert found.checkpoints == 2 * room(case, max_steps=1).checkpoints
    assert found.rows == 0
    sampled = load_spec("lantern-best-of-n")
    makes = case.launching.room(sampled)
    assert makes is not None
    assert makes.rows == 400 * 2 * 4 * 64


def test_what_does_not_fit_is_refused_before_anything_is_stored(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    frees(monkeypatch, 20_000_000)
    asked = spec(learning_rate=1e-4, tuning="full", max_steps=200, checkpoint_every=1)
    with pytest.raises(InvalidPipeline) as refused:
        case.launching.launch(asked, launch_id="a", user="local")

    (problem,) = refused.value.problems
    assert problem.field == "stages.sft.keep_checkpoints"
    assert problem.message == (
        f"This pipeline will take about 77 MB at once, and the disk of {case.home.path} has 20 MB free. SFT keeps 4 checkpoints "
        "of 15 MB: keep fewer, train an adapter (lora), make room, or remove old checkpoints (rlft disk clean)."
    )
    assert case.storage.runs.list() == ()


def test_what_will_be_tight_is_launched_with_a_warning(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = spec(learning_rate=1e-4, max_steps=1)
    frees(monkeypatch, 2_700_000)
    tight = case.launching.room(asked)
    assert tight is not None
    assert str(tight.warning()).startswith("This pipeline will take about 2.4 MB of 2.7 MB")
    case.launching.launch(asked, launch_id="a", user="local")
    frees(monkeypatch, 4_000_000)
    enough = case.launching.room(asked)
    assert enough is not None
    assert enough.warning() is None


def test_nothing_is_said_of_a_base_that_is_not_here_or_a_pipeline_that_is_wrong(case: Case) -> None:
    assert case.launching.room(spec(learning_rate=7.0)) is None
    disk = DiskRoom(
        case.home, Models(case.home), Datasets(case.home, case.storage), Disk(case.home, case.storage)
    )
    settings = {"keep_checkpoints": 3, "tuning": "full", "checkpoint_every": 50}
    planned = PlannedStage(stage="sft", key="sft", title="SFT", settings=settings, parent=None)
    assert disk.room([planned], "/no/such/model") is None


@pytest.mark.slow
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_a_run_takes_as_much_as_was_said(case: Case, tuning: str) -> None:
    home = Home(case.home.path)
    settings: dict[str, Any] = {"tuning": tuning, "max_steps": 2, "checkpoint_every": 1, "probe_every": 1000}
    attempt(home, recipe(stage("sft"), "sft-1", "lantern:demonstrations", **settings))
    written = size_of(home.run("sft-1").checkpoints)
    said = room(case, **settings).checkpoints
    assert written == pytest.approx(said, rel=0.05)
