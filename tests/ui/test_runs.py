"""Filter, order and pages of the table of runs, and the metrics that a chart can offer."""

import pytest

from rlft_gui.ui.pages.runs import page as runs
from rlft_gui.ui.pages.runs.payloads import RunCounts, RunsAsked, RunsPage, SharedMetricsAsked
from tests.ui.fakes import NOW, World, make_run


def page(world: World, **asked: object) -> RunsPage:
    return runs._Answers(world).page(RunsAsked.model_validate(asked), "local")  # type: ignore[arg-type]


def ids(found: RunsPage) -> list[str]:
    return [row.run.id for row in found.rows]


def test_the_newest_come_first() -> None:
    assert ids(page(World()))[:2] == ["beta-sweep-2", "beta-sweep"]


@pytest.mark.parametrize(
    ("group", "expected"),
    [("active", {"beta-sweep", "beta-sweep-2"}), ("failed", {"smol-first-try"})],
)
def test_a_group_shows_its_runs_and_every_group_its_number(group: str, expected: set[str]) -> None:
    found = page(World(), group=group)

    assert set(ids(found)) == expected
    assert found.counts == RunCounts(all=7, active=2, failed=1)


def test_it_can_be_ordered_by_the_probe_with_unknown_values_last() -> None:
    found = page(World(), order="probe")

    golds = [row.probe.gold for row in found.rows]
    known = [gold for gold in golds if gold is not None]
    assert known == sorted(known, reverse=True)
    assert golds[len(known) :] == [None] * (len(golds) - len(known))


def test_a_page_holds_so_many_and_the_next_goes_on() -> None:
    world = World(empty=True)
    for i in range(30):
        world.runs.add(make_run(f"run-{i}", created_at=NOW - i))

    first, second = page(world), page(world, offset=25)

    assert (len(ids(first)), len(ids(second)), first.total) == (25, 5, 30)
    assert ids(second)[0] == "run-25"


def test_runs_on_the_chart_are_known_even_when_another_page_is_shown() -> None:
    found = page(World(), group="failed", drawn=("tour-sft", "deleted-meanwhile"))

    assert [run.id for run in found.drawn] == ["tour-sft"]


def test_metrics_say_how_many_of_the_runs_have_them() -> None:
    answer = runs._Answers(World()).shared_metrics(SharedMetricsAsked(runs=("tour-sft", "tour-dpo")), "local")  # type: ignore[arg-type]

    of = {metric.name: metric.runs for metric in answer.metrics}
    assert (of["probe/gold"], of["pref/margin"]) == (2, 1)
    assert "probe/gold/low" not in of
