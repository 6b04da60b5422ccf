"""What the page of a run is told."""

from typing import Any

import pytest

from rlft_gui.data.generated import GeneratedRow
from rlft_gui.domain.errors import NotFound, NotPossibleNow
from rlft_gui.domain.status import RunStatus
from rlft_gui.ui.components.payloads import ActionAsked
from rlft_gui.ui.components.run_actions import serve_actions
from rlft_gui.ui.pages.run import page as run
from rlft_gui.ui.pages.run.generated import PAGE_ROWS, serve_edits, serve_rows
from rlft_gui.ui.pages.run.payloads import (
    EditAsked,
    LineageLink,
    LogAsked,
    RowCounts,
    RowsAsked,
    RowsReview,
    RunAsked,
    RunState,
    WaitingRun,
)
from tests.fakes.stages import generated_row
from tests.ui.fakes import World, make_run


def answers(world: World) -> run._Answers:
    return run._Answers(world)  # type: ignore[arg-type]


def told(world: World, run_id: str) -> RunState:
    state = answers(world).facts(RunAsked(run=run_id), "local").state
    assert state is not None, "whoever has seen nothing is told everything"
    return state


def do(world: World, run_id: str, action: str) -> None:
    serve_actions(world).answer(ActionAsked.model_validate({"run": run_id, "action": action}), "ada")  # type: ignore[arg-type]


def test_facts_hold_ancestors_the_run_and_what_goes_on_from_it() -> None:
    facts = told(World(), "tour-sft")

    assert [(node.id, node.here, node.mine) for node in facts.lineage.nodes] == [
        ("tour-sft", True, True),
        ("tour-dpo", False, True),
        ("beta-sweep", False, False),
    ]
    assert facts.lineage.links == (
        LineageLink(source=None, role="adapter", taker="tour-sft"),
        LineageLink(source="tour-sft", role="adapter", taker="tour-dpo"),
        LineageLink(source="tour-sft", role="adapter", taker="beta-sweep"),
    )
    assert facts.compare is not None
    assert facts.compare.models == "base,tour-sft,tour-dpo"
    assert facts.checkpoint is not None
    assert facts.checkpoint.step == 80


def test_a_stage_that_continues_another_pipeline_is_compared_with_it_too() -> None:
    world = World()
    world.runs.advance("beta-sweep", 60)

    facts = told(world, "beta-sweep")

    assert facts.compare is not None
    assert facts.compare.models == "base,tour-sft,beta-sweep"


def test_facts_that_did_not_change_are_a_few_bytes() -> None:
    world = World()
    first = answers(world).facts(RunAsked(run="tour-sft"), "local")

    again = answers(world).facts(RunAsked(run="tour-sft", seen=first.version), "local")

    assert (again.version, again.state) == (first.version, None)
    assert len(again.model_dump_json()) < 100


def generating(world: World) -> World:
    """A run that made 25 rows, for which an SFT run waits."""
    world.runs.add(make_run("maker", stage="critique_revision", method="constitutional"))
    world.runs.add(make_run("taker", pipeline_id="p-maker", position=1, status=RunStatus.QUEUED, step=0))
    world.reviewing.made["maker"] = [
        GeneratedRow(number, generated_row(number), is_edited=False, is_dropped=number == 2)
        for number in range(1, 26)
    ]
    world.reviewing.waiting_for["maker"] = ("taker",)
    return world


def test_of_a_run_that_makes_rows_it_is_said_who_waits_and_whether_they_can_be_changed() -> None:
    world = generating(World())
    facts = told(world, "maker")
    assert facts.run.output == "rows"
    assert facts.review == RowsReview(waiting=(WaitingRun(id="taker", stage="SFT"),), fixed=None)

    world.reviewing.fixed["maker"] = "SFT took these rows when it began."
    fixed = told(world, "maker").review
    assert fixed is not None
    assert (fixed.fixed or "").startswith("SFT took")
    assert told(world, "taker").look_at == "maker"
    tour = told(world, "tour-sft")
    assert (tour.review, tour.look_at) == (None, None)


def test_only_policies_are_offered_to_be_compared() -> None:
    world = generating(World())
    assert told(world, "maker").compare is None
    world.runs.advance("taker", 80)
    compare = told(world, "maker").compare
    assert compare is not None
    assert compare.models == "base,taker"


def test_rows_come_in_pages_and_a_page_that_did_not_change_is_a_few_bytes() -> None:
    rows: Any = serve_rows(generating(World())).answer  # type: ignore[arg-type]
    first = rows(RowsAsked(run="maker"), "local")
    assert len(first.page.rows) == PAGE_ROWS
    assert first.page.counts == RowCounts(all=25, edited=0, dropped=1)
    assert rows(RowsAsked(run="maker", offset=20), "local").page.rows[0].number == 21
    assert rows(RowsAsked(run="maker", seen=first.version), "local").page is None
    assert rows(RowsAsked(run="maker", which="dropped", seen=first.version), "local").page is not None


def test_edits_and_letting_pass_reach_the_service_with_the_name_of_the_caller() -> None:
    world = generating(World())
    serve_edits(world).answer(EditAsked(run="maker", number=2, drop=False), "ada")  # type: ignore[arg-type]
    do(world, "maker", "approve")
    assert world.runs.done == [("edit", "maker 2 {} False", "ada"), ("approve", "maker", "ada")]


def test_a_log_is_sent_again_only_when_it_grew() -> None:
    world = World()
    first = answers(world).log(LogAsked(run="beta-sweep"), "local")

    assert len(first.lines or ()) == 38
    assert answers(world).log(LogAsked(run="beta-sweep", seen=first.total), "local").lines is None


def test_an_unknown_run_is_a_sentence() -> None:
    with pytest.raises(NotFound, match="nobody"):
        told(World(), "nobody")


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
