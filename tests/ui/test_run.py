"""What the page of a run is told."""

import pytest

from rlft_gui.domain.errors import NotFound, NotPossibleNow
from rlft_gui.domain.status import RunStatus
from rlft_gui.ui import run
from rlft_gui.ui.run import LogAsked, RunAsked
from rlft_gui.ui.run_actions import DoAsked, serve_actions
from tests.ui.fakes import World


def answers(world: World) -> run._Answers:
    return run._Answers(world)  # type: ignore[arg-type]


def do(world: World, run_id: str, action: str) -> None:
    serve_actions(world).answer(DoAsked.model_validate({"run": run_id, "action": action}), "ada")  # type: ignore[arg-type]


def test_facts_hold_ancestors_the_run_and_what_goes_on_from_it() -> None:
    facts = answers(World()).facts(RunAsked(run="tour-sft"), "local")

    assert [(one["id"], one["here"], one["mine"]) for one in facts["lineage"]["nodes"]] == [
        ("tour-sft", True, True),
        ("tour-dpo", False, True),
        ("beta-sweep", False, False),
    ]
    assert facts["lineage"]["links"] == [
        [None, "adapter", "tour-sft"],
        ["tour-sft", "adapter", "tour-dpo"],
        ["tour-sft", "adapter", "beta-sweep"],
    ]
    assert facts["compare"]["models"] == "base,tour-sft,tour-dpo"
    assert facts["checkpoint"]["step"] == 80


def test_a_stage_that_continues_another_pipeline_is_compared_with_it_too() -> None:
    world = World()
    world.runs.advance("beta-sweep", 60)

    facts = answers(world).facts(RunAsked(run="beta-sweep"), "local")

    assert facts["compare"]["models"] == "base,tour-sft,beta-sweep"


def test_facts_that_did_not_change_are_a_few_bytes() -> None:
    world = World()
    first = answers(world).facts(RunAsked(run="tour-sft"), "local")

    again = answers(world).facts(RunAsked(run="tour-sft", seen=first["version"]), "local")

    assert set(again) == {"version", "now"}


def test_a_log_is_sent_again_only_when_it_grew() -> None:
    world = World()
    first = answers(world).log(LogAsked(run="beta-sweep"), "local")

    assert len(first["lines"]) == 38
    assert "lines" not in answers(world).log(LogAsked(run="beta-sweep", seen=first["total"]), "local")


def test_an_unknown_run_is_a_sentence() -> None:
    with pytest.raises(NotFound, match="nobody"):
        answers(World()).facts(RunAsked(run="nobody"), "local")


def test_actions_reach_the_service_with_the_name_of_the_caller() -> None:
    world = World()

    do(world, "beta-sweep", "stop")
    do(world, "cards", "resume")

    assert world.runs.done == [("stop", "beta-sweep", "ada"), ("resume", "cards", "ada")]
    assert world.runs.get("beta-sweep").status is RunStatus.STOPPING


def test_what_is_not_possible_now_is_said_and_changes_nothing() -> None:
    world = World()

    with pytest.raises(NotPossibleNow, match="Stop it first"):
        do(world, "beta-sweep", "delete")
    assert "beta-sweep" in world.runs.runs
