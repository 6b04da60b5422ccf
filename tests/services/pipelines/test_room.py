"""What checkpoints will take of the disk: as much as they did, refused where it is not there."""

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidPipeline
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.models.service import Models
from rlft_gui.services.pipelines.planning import PlannedStage
from rlft_gui.services.pipelines.room import DiskRoom
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


def needed(case: Case, **sft: Any) -> int:
    found = case.launching.room(spec(learning_rate=1e-4, **sft))
    assert found is not None
    return found.needed


def test_as_many_count_as_are_kept_and_one_more_while_it_is_written(case: Case) -> None:
    one = 12 * 184_320  # trained numbers of rank 16 on Lantern
    assert needed(case, max_steps=200, checkpoint_every=10, keep_checkpoints=3) == 4 * one
    assert needed(case, max_steps=20, checkpoint_every=10, keep_checkpoints=30) == 3 * one
    assert needed(case, max_steps=5, keep_checkpoints=3) == 2 * one
    assert needed(case, epochs=1, batch_size=64, checkpoint_every=5) == 3 * one, "640 rows make 10 steps"


def test_an_adapter_takes_as_much_as_its_shape_and_a_whole_model_all(case: Case) -> None:
    usual = needed(case, max_steps=1)
    assert needed(case, max_steps=1, lora_rank=32) == 2 * usual
    assert needed(case, max_steps=1, lora_targets="attention") == usual * 73_728 // 184_320
    assert needed(case, max_steps=1, tuning="full") == 2 * 12 * 1_250_640


def test_stages_add_up(case: Case) -> None:
    both = PipelineSpec(
        method="dpo",
        stages={
            "sft": {"data": "lantern:demonstrations", "learning_rate": 1e-4, "max_steps": 1},
            "dpo": {"data": "lantern:preferences", "learning_rate": 1e-4, "max_steps": 1},
        },
    )
    found = case.launching.room(both)
    assert found is not None
    assert found.needed == 3 * 12 * 184_320


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
        f"The checkpoints of this pipeline will take about 60 MB, and the disk of {case.home.path} has 20 MB free. SFT keeps 3 "
        "of 15 MB: keep fewer, train an adapter (lora), or make room."
    )
    assert case.storage.runs.list() == ()


def test_what_will_be_tight_is_launched_with_a_warning(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = spec(learning_rate=1e-4, max_steps=1)
    frees(monkeypatch, 5_000_000)
    tight = case.launching.room(asked)
    assert tight is not None
    assert str(tight.warning()).startswith("The checkpoints of this pipeline will take about 4 MB of 5 MB")
    case.launching.launch(asked, launch_id="a", user="local")
    frees(monkeypatch, 6_000_000)
    enough = case.launching.room(asked)
    assert enough is not None
    assert enough.warning() is None


def test_nothing_is_said_of_a_base_that_is_not_here_or_a_pipeline_that_is_wrong(case: Case) -> None:
    assert case.launching.room(spec(learning_rate=7.0)) is None
    disk = DiskRoom(case.home, Models(case.home), Datasets(case.home, case.storage))
    settings = {"keep_checkpoints": 3, "tuning": "full"}
    planned = PlannedStage(stage="sft", key="sft", title="SFT", settings=settings, parent=None)
    assert disk.room([planned], "/no/such/model") is None


@pytest.mark.slow
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_a_checkpoint_is_as_large_as_was_said(case: Case, tuning: str) -> None:
    home = Home(case.home.path)
    settings: dict[str, Any] = {"tuning": tuning, "max_steps": 1, "probe_every": 1000}
    attempt(home, recipe(stage("sft"), "sft-1", "lantern:demonstrations", **settings))
    files = home.run("sft-1").checkpoint(1).rglob("*")
    written = sum(file.stat().st_size for file in files if file.is_file())

    said = needed(case, max_steps=1, tuning=tuning) / 2
    assert said <= written <= 1.05 * said
    assert shutil.disk_usage(home.path).free > written
