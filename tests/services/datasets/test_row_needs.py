"""What a stage needs of its rows under its settings is told at the Data step and before launch, with what to do."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.resources import assets_dir
from rlft_gui.services import Services, open_services
from rlft_gui.ui.pages.new.data import show_preview
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from tests.fakes.homes import fresh_home


@pytest.fixture
def services(tmp_path: Path) -> Any:
    opened = open_services(fresh_home(tmp_path / "home").path)
    yield opened
    opened.storage.close()


def stored(services: Services, tmp_path: Path, *rows: dict[str, Any]) -> str:
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return services.datasets.store(file, "mine.jsonl", user="local").id


def told(services: Services, stage_name: str, method: str, data: str, **settings: Any) -> dict[str, str]:
    stages = {stage_name: {"data": data, **settings}}
    found = services.launching.check(PipelineSpec(method=method, base="lantern", stages=stages))
    return {problem.field: problem.message for problem in found}


SENTENCE = (
    'None of the 2 rows of mine.jsonl has a column "answer". The reward "number" compares each answer with it. '
    "Choose prompts that have their right answer in it, or another reward in the settings."
)


def without_answers(services: Services, tmp_path: Path) -> str:
    rows = [{"prompt": f"What is {i} + {i}?", "completion": f"It is {2 * i}."} for i in (1, 2)]
    return stored(services, tmp_path, *rows)


def test_grpo_by_number_is_refused_before_launch_where_rows_have_no_answer(
    services: Services, tmp_path: Path
) -> None:
    data = without_answers(services, tmp_path)
    assert told(services, "grpo", "grpo", data) == {"stages.grpo.data": SENTENCE}
    assert told(services, "grpo", "grpo", data, rewards={"random": 1.0}) == {}
    assert "stages.grpo.data" in told(services, "grpo", "grpo", data, rewards={"random": 1.0}, veto="number")
    assert told(services, "grpo", "grpo", "lantern:cards") == {}


def test_rows_of_which_some_have_no_answer_are_counted(services: Services, tmp_path: Path) -> None:
    rows = ({"prompt": "2 + 2?", "answer": "4"}, {"prompt": "3 + 3?"}, {"prompt": "4 + 4?"})
    found = told(services, "grpo", "grpo", stored(services, tmp_path, *rows))
    assert found["stages.grpo.data"].startswith('Only 1 of the 3 rows of mine.jsonl has a column "answer".')


def test_answers_that_no_number_can_score_are_told_before_launch_where_none_is_left(
    services: Services, tmp_path: Path
) -> None:
    rows = [{"prompt": "Is it so?", "answer": "yes"}, {"prompt": "Is it not?", "answer": "no"}]
    data = stored(services, tmp_path, *rows)
    assert told(services, "grpo", "grpo", data)["stages.grpo.data"].startswith(
        'None of the 2 rows of mine.jsonl can be learnt from: the reward "number" cannot read the right answer as one '
        "number. Choose prompts"
    )
    assert told(services, "grpo", "grpo", data, rewards={"random": 1.0}) == {}
    some = stored(services, tmp_path, *rows, {"prompt": "2 + 2?", "answer": "4"})
    assert told(services, "grpo", "grpo", some) == {}


def test_the_data_step_says_so_and_lets_the_settings_be_changed(services: Services, tmp_path: Path) -> None:
    data = without_answers(services, tmp_path)
    resolved = ResolvedDraft(services, Draft(method="grpo", skip=("sft",), data={"grpo": data}))
    (group,) = resolved.takers
    shown = json.loads(str(show_preview(resolved, group, data)))["dataset"]
    assert shown["lacks"] == SENTENCE
    assert len(shown["examples"]) == 2


def test_a_reward_models_objective_and_its_rows_must_suit(services: Services) -> None:
    found = told(services, "reward_model", "rlhf", "lantern:ratings")
    assert "Bradley-Terry learns from pairs." in found["stages.reward_model.data"]
    found = told(services, "reward_model", "rlhf", "lantern:preferences", objective="regression")
    assert "This objective learns from ratings." in found["stages.reward_model.data"]


def test_gold_outside_lantern_is_refused_before_launch(services: Services, tmp_path: Path) -> None:
    base = tmp_path / "other"
    shutil.copytree(assets_dir() / "lantern", base)
    data = stored(services, tmp_path, {"prompt": "a"}, {"prompt": "b"})
    stages = {"grpo": {"data": data, "rewards": {"gold": 1.0}}}
    found = services.launching.check(PipelineSpec(method="grpo", base=str(base), stages=stages))
    (sentence,) = [problem.message for problem in found if problem.field == "stages.grpo.rewards"]
    assert sentence.startswith('The reward "gold" exists in Lantern\'s world only, and this base is ')
