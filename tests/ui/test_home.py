"""What the start page says about runs, and the one button of the quick tour."""

from rlft_gui.domain.run import Point
from rlft_gui.domain.status import RunStatus
from rlft_gui.domain.votes import Rater, VoteSet
from rlft_gui.services.pipelines.specs import load_spec
from rlft_gui.ui.components.payloads import Outcome
from rlft_gui.ui.pages.home import page as home
from rlft_gui.ui.pages.home.payloads import HomeAsked, HomeState, TourAsked
from tests.services.feedback.voting_home import compared
from tests.ui.fakes import World, make_run


def answers(world: World) -> home._Answers:
    return home._Answers(world)  # type: ignore[arg-type]


def told(world: World) -> HomeState:
    state = answers(world).facts(HomeAsked(), "local").state
    assert state is not None, "whoever has seen nothing is told everything"
    return state


def test_it_shows_what_runs_with_its_alarm_what_waits_with_its_reason_and_what_ended() -> None:
    state = told(World())

    assert [(each.run.id, each.alarm and each.alarm.name) for each in state.live] == [
        ("beta-sweep", "over_refusal")
    ]
    assert (state.queued[0].run.reason or "").startswith("Starts when beta-sweep ends")
    assert {result.run.id for result in state.results} >= {"tour-sft", "tour-dpo", "smol-first-try"}


def test_a_result_has_a_difference_only_if_two_probes_were_measured() -> None:
    results = {result.run.id: result for result in told(World()).results}

    assert results["tour-dpo"].gain.low > 0
    assert results["tour-dpo"].verdict == "higher"
    assert results["smol-first-try"].gain is None


def test_the_tour_is_offered_for_comparison_once_it_has_succeeded() -> None:
    offer = told(World()).offer

    assert offer is not None
    assert offer.comparison.words == "Compare base, SFT and DPO"
    assert offer.comparison.models == "base,tour-sft,tour-dpo"


def test_another_pipeline_that_succeeded_is_not_the_tour() -> None:
    world = World(empty=True)
    world.runs.add(make_run("mine", title="My support bot", pipeline_id="p-mine"))
    world.runs.specs["p-mine"] = load_spec("lantern-dpo").model_copy(update={"title": "My support bot"})

    assert told(world).offer is None


def test_what_waits_for_a_review_names_the_run_whose_rows_are_to_be_looked_at() -> None:
    world = World()
    world.reviewing.waiting_for["cards"] = ("beta-sweep-2",)

    assert told(world).queued[0].review == "cards"


def test_a_tour_with_a_stage_to_go_is_not_offered() -> None:
    world = World(empty=True)
    assert told(world).offer is None

    run = answers(world).start_tour(TourAsked(launch_id="0123456789"), "local").run
    world.runs.advance(run, 80)

    assert world.runs.get(run).status is RunStatus.SUCCEEDED
    assert told(world).offer is None


def test_a_second_click_is_the_same_launch() -> None:
    world = World(empty=True)
    first = answers(world).start_tour(TourAsked(launch_id="0123456789"), "local")
    second = answers(world).start_tour(TourAsked(launch_id="0123456789"), "local")

    assert first == second
    assert len(world.runs.runs) == 2


def test_what_has_not_changed_is_not_sent_again() -> None:
    world = World()
    first = answers(world).facts(HomeAsked(), "local")

    again = answers(world).facts(HomeAsked(seen=first.version), "local")

    assert (again.version, again.state) == (first.version, None)


def test_a_result_on_own_data_is_its_held_out_loss_and_the_suite_a_side_effect() -> None:
    world = World(empty=True)
    run = make_run("mine")
    settings = {"data": "d-b5cee2e5d3"}
    run = run.model_copy(update={"recipe": run.recipe.model_copy(update={"settings": settings})})
    world.runs.add(run, 0.8, 0.3)
    world.runs.series["mine"]["eval/loss"] = [Point(step=0, value=4.5), Point(step=80, value=3.25)]

    (result,) = told(world).results

    assert result.measured_by == "own"
    assert result.outcome == Outcome(kind="held_out", value=3.25)
    assert (result.curve, result.loss_change) == (((0, 4.5), (80, 3.25)), -1.25)
    assert result.verdict == "", "one loss without an interval is no verdict"
    assert result.gain.delta < 0


def test_a_result_on_built_in_data_is_the_probe_though_it_has_a_held_out_loss() -> None:
    world = World()
    world.runs.series["tour-sft"]["eval/loss"] = [Point(step=0, value=4.5), Point(step=80, value=3.25)]

    results = {result.run.id: result for result in told(world).results}

    assert results["tour-sft"].measured_by == "suite"
    assert results["tour-sft"].outcome.kind == "gold"
    assert results["tour-sft"].loss_change is None


def test_where_there_is_nothing_but_the_tour_what_it_waits_for_is_started_ahead() -> None:
    full, empty = World(), World()
    empty.runs.runs.clear()
    for world in (full, empty):
        told(world)
    assert (full.launching.prepared, empty.launching.prepared) == (0, 1)


def test_sets_in_which_something_waits_for_a_rater_are_told_with_how_much() -> None:
    world = World()
    assert told(world).votes == ()
    world = World()  # the count is some seconds old at most
    source = compared(world.storage, "c-1", 3)
    name = world.voting.create(VoteSet(name="week 1", sources=(source,)), user="local").name
    world.voting.next(name, Rater(name="Anna"), user="local")
    assert [(one.name, one.waiting) for one in told(world).votes] == [("week 1", 2)]
