"""What can be chosen: methods whose stages are all there, reward models that fit, and proposals with their source."""

from typing import Any

import pytest

from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.pipelines import catalogue
from tests.ui.fakes import FakeRuns, make_run


@pytest.fixture
def runs() -> Any:  # stands in for Runs
    made = FakeRuns()
    made.add(make_run("policy", stage="sft"))
    made.add(make_run("fits", stage="reward_model"))
    made.add(make_run("still-going", stage="reward_model", status=RunStatus.RUNNING))
    other = make_run("other-base", stage="reward_model")
    made.add(Run.model_validate({**other.model_dump(), "base": "org/other"}))
    return made


def test_only_finished_reward_models_of_the_same_base_are_offered(runs: Any) -> None:
    assert [run.id for run in catalogue.reward_models(runs, "lantern")] == ["fits"]
    assert [run.id for run in catalogue.reward_models(runs, "org/other")] == ["other-base"]


def test_every_method_is_offered_once_its_stages_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalogue.offered() == catalogue.METHODS
    without = tuple(kind for kind in catalogue.STAGES if kind.name != "rloo")
    monkeypatch.setattr(catalogue, "STAGES", without)
    left = {method.name for method in catalogue.METHODS} - {method.name for method in catalogue.offered()}
    assert left == {"rlhf"}, "an option that leads to a missing stage is no option"


def test_a_run_that_is_continued_stands_for_a_policy_and_not_for_a_reward_model() -> None:
    rlhf = catalogue.method("rlhf")
    assert catalogue.optional_stages(rlhf, {}) == ("sft", "reward_model")
    assert catalogue.warm_ups(rlhf, {}) == ("sft",)


def test_plans_follow_every_choice_of_the_options() -> None:
    plans = catalogue.every_plan(catalogue.method("constitutional"))
    assert [[link.name for link in plan] for plan in plans] == [
        ["critique_revision", "sft", "ai_feedback", "dpo"],
        ["critique_revision", "sft", "ai_feedback", "reward_model", "ppo"],
        ["critique_revision", "sft"],
    ]


def test_the_methods_own_defaults_are_proposed_over_the_stages() -> None:
    base = "org/unknown"
    assert catalogue.proposed_values("constitutional", "ai_feedback", base)["by"] == "constitution"
    live = catalogue.proposed_values("rlaif", "ppo", base, options={"route": "live"})
    assert live["rewards"] == {"judge": 1.0}


def test_another_methods_pipeline_on_the_same_base_helps_out_but_does_not_overrule_the_method() -> None:
    sft = catalogue.proposal("grpo", "sft", "lantern")
    assert sft is not None
    assert (sft.preset, sft.values["data"]) == ("lantern-sft", "lantern:demonstrations")
    by_principle = catalogue.proposed_values("constitutional", "ai_feedback", "lantern")
    assert by_principle["by"] == "constitution"
    rounds = catalogue.proposed_values("iterated", "ppo", "lantern", options={"learner": "ppo"})
    assert rounds["rewards"] == {"reward_model": 1.0}


def test_options_left_out_count_as_their_defaults_when_a_preset_is_chosen() -> None:
    spelled_out = catalogue.proposal("rlhf", "ppo", "lantern", options={"optimizer": "ppo"})
    assert spelled_out == catalogue.proposal("rlhf", "ppo", "lantern")
    assert spelled_out is not None


def test_shipped_texts_come_whole_with_their_names() -> None:
    texts = {text["name"]: text for text in catalogue.texts("constitutions")}
    assert len(texts) >= 2
    assert "principles:" in texts["lantern"]["text"]
    assert all(text["title"] for text in texts.values())
