"""What a chart is told: compact points, only what is new, and no NaN as zero."""

import json

from rlft_gui.domain.run import Curve, CurveUpdate
from rlft_gui.domain.status import RunStatus
from rlft_gui.ui.components.curves import run_curves, serve_curves
from rlft_gui.ui.components.payloads import CurvesAsked, CurvesFound, RunCurves
from rlft_gui.ui.contract import Written
from tests.ui.fakes import World


def ask(world: World, *runs: tuple[str, str]) -> list[dict[str, object]]:
    answer = serve_curves(world).answer(CurvesAsked(runs=runs), "local")  # type: ignore[arg-type]
    assert isinstance(answer, Written)
    found = CurvesFound.model_validate(json.loads(answer.body)["ok"])
    return [one.model_dump(mode="json") for one in found.runs]


def test_the_first_answer_brings_titles_and_later_ones_do_not() -> None:
    world = World()
    (first,) = ask(world, ("beta-sweep", ""))
    (later,) = ask(world, ("beta-sweep", str(first["cursor"])))

    assert first["info"]["loss"]["title"] == "Loss"  # type: ignore[index]
    assert later["info"] == {}


def test_nothing_new_costs_less_than_a_kilobyte_for_six_runs() -> None:
    world = World()
    (first,) = ask(world, ("beta-sweep", ""))

    answer = ask(world, *[("beta-sweep", str(first["cursor"]))] * 6)

    assert len(json.dumps(answer)) < 1000
    assert all(one["points"] == {} for one in answer)


def test_new_points_come_once() -> None:
    world = World()
    (first,) = ask(world, ("beta-sweep", ""))
    world.runs.advance("beta-sweep", 40)

    (later,) = ask(world, ("beta-sweep", str(first["cursor"])))

    assert later["points"]["loss"]["steps"] == [39, 40]  # type: ignore[index]


def test_a_run_that_is_gone_is_told_beside_the_others() -> None:
    gone, there = ask(World(), ("nobody", ""), ("tour-sft", ""))

    assert "nobody" in str(gone["missing"])
    assert there["points"]


def test_values_that_are_not_finite_go_by_name() -> None:
    curve = Curve((1, 2, 3), (0.5, "nan", "-inf"))
    update = CurveUpdate(
        run_id="r",
        cursor="3",
        reset=False,
        points={"loss": curve},
        strides={},
        status=RunStatus.RUNNING,
        step=3,
        total_steps=9,
    )

    written = RunCurves.model_validate_json(run_curves(update, is_first=True))
    assert written.points["loss"].values == (0.5, "nan", "-inf")
