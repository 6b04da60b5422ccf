"""A judge that is a model is found as a base is: by folder, GGUF file or short name."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.resources import assets_dir
from rlft_gui.services import Services, open_services
from rlft_gui.services.pipelines.named_models import named_models, renamed
from tests.fakes.homes import fresh_home


def spec(judge: Any) -> PipelineSpec:
    return PipelineSpec(method="rlaif", stages={"ai_feedback": {"data": "lantern:prompts", "judge": judge}})


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(fresh_home(tmp_path / "home").path)
    yield opened
    opened.storage.close()


@pytest.mark.parametrize(
    "judge", ["base", "reward_model:run", "endpoint:gpt", "biased", "biased:x", "", 3, None]
)
def test_other_judges_are_left_alone(judge: Any) -> None:
    assert named_models(spec(judge)) == ("lantern",)
    assert renamed(spec(judge), str) == spec(judge)


def test_a_judge_that_is_a_model_is_named_too() -> None:
    assert named_models(spec("smollm2")) == ("lantern", "smollm2")
    assert renamed(spec("smollm2"), str.upper).stages["ai_feedback"]["judge"] == "SMOLLM2"


def test_one_that_is_not_there_is_told_before_the_launch(services: Services) -> None:
    problems = {one.field: one.message for one in services.launching.check(spec("smollm2"))}
    assert "is not on this machine yet" in problems["stages.ai_feedback.judge"]


def test_a_short_name_stands_for_its_folder(services: Services, tmp_path: Path) -> None:
    shutil.copytree(assets_dir() / "lantern", tmp_path / "critic")
    services.adding._names.add("critic", str(tmp_path / "critic"), "folder", "critic")
    assert "stages.ai_feedback.judge" not in {one.field for one in services.launching.check(spec("critic"))}
    planned = services.launching.plan(spec("critic"))
    judges = [one.settings["judge"] for one in planned if one.key == "ai_feedback"]
    assert judges == [str(tmp_path / "critic")]
