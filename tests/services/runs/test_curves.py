"""A chart asks for what is new; what it gets never reshuffles, and nothing new costs next to nothing."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import Curve, CurveUpdate, Point
from rlft_gui.services.runs.curves import stride
from tests.storage.test_events import Case


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    made.storage.close()


def _ask(case: Case, cursor: str, names: list[str] | None = None, budget: int = 2000) -> CurveUpdate:
    (update,) = case.runs.curves([(case.run.id, cursor)], names, budget)
    return update


def test_a_reader_gets_each_point_once(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"loss": 1.0, "lr": 0.1})
    case.ingest()
    first = _ask(case, "")
    assert first.reset
    assert first.points == {"loss": Curve((0,), (1.0,)), "lr": Curve((0,), (0.1,))}
    reporter.metrics(1, {"loss": 0.5})
    case.ingest()
    second = _ask(case, first.cursor)
    assert not second.reset
    assert second.points == {"loss": Curve((1,), (0.5,))}
    assert _ask(case, second.cursor).points == {}


def test_a_point_reported_late_for_an_earlier_step_is_not_missed(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(10, {"loss": 1.0})
    case.ingest()
    cursor = _ask(case, "").cursor
    reporter.metrics(5, {"probe/gold": 2.0})
    case.ingest()
    update = _ask(case, cursor)
    assert update.reset, "a reader looks only above its step, so it is told to read all again"
    assert update.points == {"loss": Curve((10,), (1.0,)), "probe/gold": Curve((5,), (2.0,))}


def test_nothing_new_costs_less_than_200_bytes(case: Case) -> None:
    reporter = case.reporter()
    reporter.plan(100_000, {})
    for step in range(300):
        reporter.metrics(step, {f"metric/{n}": 1.0 for n in range(20)})
    case.ingest()
    cursor = _ask(case, "").cursor
    answer = _ask(case, cursor).model_dump_json()
    assert len(answer) < 200, answer


def test_only_the_names_asked_for_are_sent(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"loss": 1.0, "lr": 0.1})
    case.ingest()
    first = _ask(case, "", ["lr"])
    reporter.metrics(1, {"loss": 1.0, "lr": 0.2})
    case.ingest()
    assert set(first.points) == {"lr"}
    assert _ask(case, first.cursor, ["lr"]).points == {"lr": Curve((1,), (0.2,))}


def test_a_resumed_attempt_that_took_points_back_makes_the_reader_start_afresh(case: Case) -> None:
    first = case.reporter()
    for step in range(5):
        first.metrics(step, {"loss": float(step)})
    case.ingest()
    cursor = _ask(case, "").cursor
    second = case.reporter(attempt=2)
    second.state("running")
    case.ingest()
    assert not _ask(case, cursor).reset  # nothing was taken back so far
    second.resumed(2)
    second.metrics(3, {"loss": 30.0})
    case.ingest()
    update = _ask(case, cursor)
    assert update.reset
    assert update.points["loss"] == Curve((0, 1, 2, 3), (0, 1, 2, 30))


@pytest.mark.parametrize("cursor", ["nonsense", "1:2", "0:1:0", "a:b:c:d", "0:-1:0:0", "9:9:9:9:9"])
def test_a_cursor_that_is_none_starts_afresh(case: Case, cursor: str) -> None:
    case.reporter().metrics(0, {"loss": 1.0})
    case.ingest()
    update = _ask(case, cursor)
    assert update.reset
    assert update.points["loss"].steps == (0,)


def test_a_run_that_is_gone_is_named(case: Case) -> None:
    with pytest.raises(NotFound, match="sft-gone"):
        case.runs.curves([(case.run.id, ""), ("sft-gone", "")])


@pytest.mark.parametrize(
    ("length", "expected"), [(0, 1), (20, 1), (21, 2), (40, 2), (41, 4), (80, 4), (81, 8), (10**6, 65536)]
)
def test_the_stride_is_the_power_of_two_that_leaves_one_to_two_budgets(length: int, expected: int) -> None:
    assert stride(length, budget=10) == expected


def test_points_shown_stay_shown_while_a_series_grows(case: Case) -> None:
    reporter = case.reporter()
    cursor, shown, kept, told = "", list[int](), 1, 0
    for step in range(0, 1000, 10):  # steps that are no multiples of a power of two
        reporter.metrics(step, {"loss": 1.0})
        case.ingest()
        update = _ask(case, cursor, budget=10)
        assert update.reset == (not cursor), "being thinned is no reason to read all again"
        if update.strides:
            told += 1
            shown, kept = shown[:: update.strides["loss"] // kept], update.strides["loss"]
        shown += update.points["loss"].steps if update.points else ()
        cursor = update.cursor
        assert len(shown) <= 20
    assert told == 4, "at the start, and when the stride became 2, 4 and 8"
    assert shown == list(_ask(case, "", budget=10).points["loss"].steps)
    assert len(shown) > 10


def test_a_cursor_of_series_that_were_thinned_more_starts_afresh(case: Case) -> None:
    reporter = case.reporter()
    for step in range(100):
        reporter.metrics(step, {"loss": 1.0})
    reporter.metrics(100, {"lr": 0.1})
    case.ingest()
    update = _ask(case, _ask(case, "", ["loss"], budget=10).cursor, ["lr"], budget=10)
    assert update.reset
    assert update.points["lr"] == Curve((100,), (0.1,))


def test_a_hundred_thousand_points_are_thinned_and_followed(case: Case) -> None:
    reporter = case.reporter()
    for step in range(50_000):
        reporter.metrics(step, {"loss": math.sin(step), "lr": 0.1})
    case.ingest()
    update = _ask(case, "")
    assert {name: len(curve.steps) for name, curve in update.points.items()} == {"loss": 3125, "lr": 3125}
    reporter.metrics(50_000, {"loss": 0.0, "lr": 0.1})
    case.ingest()
    news = _ask(case, update.cursor)
    assert (news.reset, news.points["loss"].steps) == (False, (50_000,))
    assert len(case.runs.metrics(case.run.id)["loss"]) == 50_001
    assert case.runs.last_values(case.run.id)["loss"] == Point(step=50_000, value=0.0)
