"""The difference that the start page shows, by hand-checked numbers."""

from types import SimpleNamespace

import pytest

from rlft_gui.domain.run import Curve, Point, Value
from rlft_gui.domain.status import RunStatus
from rlft_gui.ui.components.payloads import Gain, Outcome, ProbeResult
from rlft_gui.ui.components.run_results import gain, last_probe, newest_probe, outcome, probe_curves, verdict
from tests.ui.fakes import World, make_run


def reported(*values: float) -> list[Point]:
    return [Point(step=10 * i, value=value) for i, value in enumerate(values)]


def series(*values: Value) -> Curve:
    return Curve(tuple(10 * i for i in range(len(values))), values)


def test_the_gain_is_last_minus_first_with_the_two_intervals_added_in_quadrature() -> None:
    points = {
        "probe/gold": series(0.5, 0.9, 1.0),
        "probe/gold/low": series(0.2, 0.6, 0.6),
        "probe/gold/high": series(0.8, 1.2, 1.4),
    }

    found = gain(points)

    assert found is not None
    assert found.delta == pytest.approx(0.5)
    assert found.low == pytest.approx(0.0)  # 0.5 − √(0.4² + 0.3²)
    assert found.high == pytest.approx(1.0)


@pytest.mark.parametrize(
    "points",
    [
        {},
        {"probe/gold": series(0.5)},
        {"probe/gold": series(0.5, 1.0)},
        {
            "probe/gold": series(0.5, "nan"),
            "probe/gold/low": series(0.1, 0.2),
            "probe/gold/high": series(0.8, 0.9),
        },
    ],
    ids=["nothing", "one probe", "no intervals", "not a number"],
)
def test_what_was_not_measured_has_no_gain(points: dict[str, Curve]) -> None:
    assert gain(points) is None
    assert verdict(gain(points)) == ""


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(0.1, 0.4, "higher"), (-0.4, -0.1, "lower"), (-0.1, 0.3, "unclear"), (0.0, 0.3, "unclear")],
)
def test_the_verdict_needs_an_interval_without_zero(low: float, high: float, word: str) -> None:
    assert verdict(Gain(delta=0.1, low=low, high=high)) == word


def test_the_newest_probe_is_the_end_of_its_curve() -> None:
    world = World()
    run = world.runs.get("tour-dpo")

    points = probe_curves(world, run)  # type: ignore[arg-type]

    assert newest_probe(world, run) == last_probe(points)  # type: ignore[arg-type]
    assert last_probe(points).gold == points["probe/gold"].values[-1]


def test_a_run_that_never_started_is_not_asked_for_curves() -> None:
    waiting = make_run("waiting", status=RunStatus.QUEUED, step=0, started_at=None)

    assert probe_curves(SimpleNamespace(), waiting) == {}  # type: ignore[arg-type]
    assert last_probe({}) == ProbeResult(gold=None, low=None, high=None, kl=None)


@pytest.mark.parametrize(
    ("metric", "kind"), [("probe/gold", "gold"), ("eval/pref/accuracy", "accuracy"), ("made/rows", "rows")]
)
def test_the_outcome_of_a_run_is_the_number_that_its_kind_is_judged_by(metric: str, kind: str) -> None:
    world = World(empty=True)
    run = world.runs.add(make_run("r"))
    world.runs.series["r"] = {"loss": reported(3.0, 2.0), metric: reported(0.5, 0.75)}

    assert outcome(world, run) == Outcome.model_validate({"kind": kind, "value": 0.75})  # type: ignore[arg-type]
    world.runs.series["r"] = {}
    assert outcome(world, run) is None  # type: ignore[arg-type]
