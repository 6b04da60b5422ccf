"""Every stage of every shipped pipeline is estimated from files alone; verdicts, ways to fit and times follow by rule."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Run, Span
from rlft_gui.resources import assets_dir
from rlft_gui.services import Services, open_services
from rlft_gui.services.machine import Memory
from rlft_gui.services.models.shape import read_shape
from rlft_gui.services.pipelines import estimating, timing
from rlft_gui.services.pipelines.estimating import PROCESS, verdict_on, ways_to_fit
from rlft_gui.services.pipelines.specs import load_spec, presets
from rlft_gui.services.pipelines.timing import StageTime, Timing
from rlft_gui.stages import STAGES, Stage, stage
from rlft_gui.training.estimate.duration import Speed
from rlft_gui.training.estimate.held import Given, RowLengths
from rlft_gui.training.estimate.memory import Device, needed
from rlft_gui.training.estimate.shape import ModelShape
from tests.ui.fakes import make_run

GIGABYTE = 10**9
ROOMY = Device("cpu", PROCESS["cpu"], 100 * GIGABYTE, 100 * GIGABYTE)
GIVEN = Given(RowLengths(prompt=40, whole=400, mean=120), rows=1_000)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    found = open_services(tmp_path / "home")
    yield found
    found.storage.close()


def larger() -> ModelShape:
    lantern = read_shape(assets_dir() / "lantern", "Lantern")
    assert lantern is not None
    return lantern.model_copy(update={"parameters": 100_000_000})


LARGER = larger()


def settings_of(kind: Stage, **changes: Any) -> dict[str, Any]:
    known = {"data": "lantern:prompts", "learning_rate": 1e-4, "reward_model": "rm"} | changes
    fields = kind.settings.model_fields
    given = {name: value for name, value in known.items() if name in fields}
    return kind.settings.model_validate(given).model_dump(mode="json")


@pytest.mark.parametrize("kind", STAGES, ids=lambda kind: kind.name)
def test_every_stage_says_what_it_holds_and_its_ways_to_fit_need_less(kind: Stage) -> None:
    shape = read_shape(assets_dir() / "lantern", "Lantern")
    assert shape is not None
    settings = settings_of(kind, tuning="full")
    found = needed(shape, kind.holds(settings, GIVEN), ROOMY)
    size = sum(found.values())
    assert found["process"] == PROCESS["cpu"]
    assert found["weights"] >= 4 * shape.parameters
    for way in ways_to_fit(kind, settings, GIVEN, shape, replace(ROOMY, total=int(size) - 1)):
        assert way.bytes < size
        kind.settings.model_validate(settings | way.settings)


@pytest.mark.parametrize("name", [preset.name for preset in presets() if preset.spec.base == "lantern"])
def test_every_pipeline_on_lantern_is_estimated(services: Services, name: str) -> None:
    spec = load_spec(name)
    found = services.estimating.estimate(spec)
    assert not found.unknown
    assert len(found.stages) == len(services.launching.outline(spec).stages)
    for one in found.stages:
        assert PROCESS["cpu"] < one.bytes < 3 * GIGABYTE, "Lantern is tiny"
        assert sum(one.parts.values()) == pytest.approx(one.bytes, abs=20)


def test_nothing_loads_torch(services: Services) -> None:
    code = (
        "import sys, pathlib; from rlft_gui.services import open_services; "
        "from rlft_gui.services.pipelines.specs import load_spec; "
        f"open_services(pathlib.Path({str(services.home.path)!r})).estimating.estimate(load_spec('lantern-rlhf')); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_missing_or_not_known_is_told_instead(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsound = PipelineSpec(method="sft", stages={"sft": {"data": "lantern:preferences"}})
    assert services.estimating.estimate(unsound).unknown == estimating._NOT_SOUND
    monkeypatch.setattr(estimating, "device_memory", lambda _: Memory(0, 0))
    assert services.estimating.estimate(load_spec("lantern-sft")).unknown == estimating._NO_MEMORY


@pytest.mark.parametrize(
    ("size", "free", "verdict"),
    [
        (84, 100, "fits"),
        (86, 100, "tight"),
        (84, 90, "tight"),
        (100, 10, "tight"),
        (101, 100, "will not fit"),
    ],
)
def test_all_memory_decides_what_fits_and_the_free_what_is_tight(size: int, free: int, verdict: str) -> None:
    assert verdict_on(size, replace(ROOMY, total=100, free=free)) == verdict


def test_half_the_batch_comes_first_and_the_figure_is_that_of_the_changed_settings() -> None:
    shape = read_shape(assets_dir() / "lantern", "Lantern")
    assert shape is not None
    kind = stage("dpo")
    settings = settings_of(kind, batch_size=64, max_length=512)
    size = sum(needed(shape, kind.holds(settings, GIVEN), ROOMY).values())
    device = replace(ROOMY, total=int(0.9 * size), free=int(0.9 * size))
    first, *others = ways_to_fit(kind, settings, GIVEN, shape, device)
    assert first.settings == {"batch_size": 32, "gradient_accumulation": 2}
    assert first.words == "Batch size 32 instead of 64, gradient accumulation 2"
    changed = needed(shape, kind.holds(settings | first.settings, GIVEN), device)
    assert (first.bytes, first.verdict) == (round(sum(changed.values())), "fits")
    assert "Gradient checkpointing" in [way.words for way in others]
    assert len(others) < 3


def test_where_others_use_the_memory_now_the_mildest_that_could_fit_later_is_offered() -> None:
    kind = stage("dpo")
    settings = settings_of(kind, batch_size=512)
    size = sum(needed(LARGER, kind.holds(settings, GIVEN), ROOMY).values())
    device = replace(ROOMY, total=int(0.9 * size), free=1)
    ways = ways_to_fit(kind, settings, GIVEN, LARGER, device)
    assert {"batch_size": 256, "gradient_accumulation": 2} in [way.settings for way in ways]
    assert {way.verdict for way in ways} == {"tight"}


def test_lora_is_offered_instead_of_full_tuning_and_kto_keeps_its_least_batch() -> None:
    shape = read_shape(Path(assets_dir() / "lantern"), "Lantern")
    assert shape is not None
    kind = stage("kto")
    settings = settings_of(kind, batch_size=4, tuning="full", max_length=16)
    ways = ways_to_fit(kind, settings, GIVEN, shape, replace(ROOMY, total=1, free=1))
    assert all("batch_size" not in way.settings for way in ways)


def test_of_a_tiny_model_only_earlier_runs_tell_the_time(services: Services) -> None:
    found = services.estimating.estimate(load_spec("lantern-dpo"), measures=True)
    assert [one.time for one in found.stages] == [None, None]
    assert not found.is_measurable
    assert not services.home.speeds.exists()


def test_a_measured_machine_gives_a_range_and_is_measured_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def measured(module: str, request: Any, **_: Any) -> dict[str, Any]:
        asked.append(request)
        return {"wide": 2e10, "thin": 1e10}

    monkeypatch.setattr(timing, "run_short", measured)
    kind, own = stage("sft"), Timing(services.home, services.storage)
    held = kind.holds(settings_of(kind), GIVEN)
    assert own.of(kind, "larger", LARGER, held, GIVEN, measures=False) is None
    assert own.would_tell(LARGER, is_on_cpu=True)
    assert not own.would_tell(LARGER, is_on_cpu=False)
    times = [own.of(kind, "larger", LARGER, held, GIVEN, measures=measures) for measures in (True, False)]
    assert times[0] == times[1]
    assert times[0] is not None
    assert 0 < times[0].low < times[0].high
    assert times[0].source == "this machine"
    assert not own.would_tell(LARGER, is_on_cpu=True)
    assert asked == [{"width": 144, "inner": 432}]


class Past:
    """Of storage, what the time is worked out from: one run of 12 steps of 10 s each, and 20 s of loading."""

    def __init__(self, **settings: Any) -> None:
        run = make_run("earlier")
        self._run = run.model_copy(
            update={
                "recipe": run.recipe.model_copy(update={"settings": settings_of(stage("sft"), **settings)})
            }
        )
        self.runs = self.reports = self

    def alike(self, stage: str, base: str, limit: int) -> tuple[Run, ...]:
        return (self._run,) if (stage, base) == ("sft", "lantern") else ()

    def spans(self, run_id: str) -> tuple[Span, ...]:
        loading = Span(attempt=1, name="loading", began_at=0, began_step=0, step=0)
        training = Span(attempt=1, name="training", began_at=20, began_step=0, step=12, stepped_at=140)
        return (loading, training)


@pytest.mark.parametrize(("batch_size", "steps", "seconds"), [(8, 12, 140), (16, 12, 260), (8, 24, 260)])
def test_earlier_runs_come_before_a_measurement_and_are_scaled_by_what_a_step_does(
    services: Services, batch_size: int, steps: int, seconds: float
) -> None:
    kind, shape = stage("sft"), read_shape(assets_dir() / "lantern", "Lantern")
    assert shape is not None
    past: Any = Past(batch_size=8, max_steps=12)
    held = kind.holds(settings_of(kind, batch_size=batch_size, max_steps=steps), GIVEN)
    found = Timing(services.home, past).of(kind, "lantern", shape, held, GIVEN, measures=True)
    assert found == StageTime(low=0.75 * seconds, high=1.25 * seconds, source="earlier runs")


@pytest.mark.slow
def test_this_machine_is_measured_in_a_process_of_its_own(services: Services) -> None:
    shape = read_shape(assets_dir() / "lantern", "Lantern")
    assert shape is not None
    found = Timing(services.home, services.storage)._speed_of_core(shape, measures=True)
    assert found is not None
    assert found.wide > 1e8, "operations a second"
    (file,) = services.home.speeds.iterdir()
    assert Speed.model_validate_json(file.read_bytes()) == found
