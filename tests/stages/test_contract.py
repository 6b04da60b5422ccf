"""What every stage promises. A new stage is tested by being in STAGES and having a case (tests/stages/cases).

The first tests hold for all stages; those that train here hold for all but the ones that make rows, which
test_making_contract.py covers.
"""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any, get_args

import pytest
import yaml
from annotated_types import Ge, Gt, Le, Lt

from rlft_gui.domain.home import Home
from rlft_gui.domain.metrics import METRICS, describe
from rlft_gui.stages import STAGES, Stage
from rlft_gui.training import checkpoints
from tests.stages.attempts import (
    TINY,
    attempt,
    attempt_in_fresh_process,
    comparable,
    difference,
    joined,
    recipe,
    small_dataset,
    weights,
)
from tests.stages.cases import CASES, Case, case_of
from tests.stages.cases._base import Reached

TRAINED = tuple(stage for stage in STAGES if not stage.makes_data)
#: Other values where the wizard offers a control of its own: by the field's "control".
OTHERS = {"rewards": {"length:2-3": 1.0}, "reward": "length:2-3", "rubric": "lantern"}
CONTROLS = {"data", "reward_model", "rewards", "reward", "judge", "text", "rubric", "constitution"}

every_stage = pytest.mark.parametrize("tested", STAGES, ids=lambda stage: stage.name)
every_trained = pytest.mark.parametrize("tested", TRAINED, ids=lambda stage: stage.name)
every_field = pytest.mark.parametrize(
    ("tested", "field"),
    [(stage, field) for stage in STAGES for field in stage.settings.model_fields],
    ids=lambda value: value.name if isinstance(value, Stage) else value,
)
every_trained_field = pytest.mark.parametrize(
    ("tested", "field"),
    [(stage, field) for stage in TRAINED for field in stage.settings.model_fields],
    ids=lambda value: value.name if isinstance(value, Stage) else value,
)
every_way_to_resume = pytest.mark.parametrize(
    ("tested", "variant"),
    [(stage, name) for stage in TRAINED for name in ("", *case_of(stage.name).variants)],
    ids=lambda value: value.name if isinstance(value, Stage) else value or "plain",
)

PROBE_METRICS = {"probe/gold", "probe/gold/low", "probe/gold/high", "probe/kl/seq", "probe/kl/token"} | {
    "probe/length",
    "probe/truncated",
    "probe/seconds",
}


def test_every_stage_that_trains_has_a_case() -> None:
    assert {case.stage for case in CASES} == {stage.name for stage in TRAINED}


@every_stage
def test_defaults_are_valid_and_survive_yaml_and_json(tested: Stage) -> None:
    settings = tested.settings.model_validate({"data": "d"})
    plain = settings.model_dump(mode="json")
    assert tested.settings.model_validate_json(settings.model_dump_json()) == settings
    assert tested.settings.model_validate(yaml.safe_load(yaml.safe_dump(plain))) == settings


@every_field
def test_every_field_explains_itself(tested: Stage, field: str) -> None:
    info = tested.settings.model_fields[field]
    assert info.title
    assert info.description
    assert info.description.endswith(".")
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    assert extra["group"] in ("basic", "advanced")
    if info.annotation in (int, float):
        assert any(isinstance(rule, Ge | Gt) for rule in info.metadata)
        assert any(isinstance(rule, Le | Lt) for rule in info.metadata)
    else:
        choices = () if _is_mapping(info.annotation) else get_args(info.annotation)
        assert info.annotation is bool or choices or extra["control"] in CONTROLS


@every_stage
def test_promised_metrics_are_in_the_vocabulary(tested: Stage) -> None:
    known = {metric.name for metric in METRICS}
    assert all(name in known or describe(name).about != name for name in tested.metrics)


@every_stage
def test_importing_a_stage_leaves_torch_unloaded(tested: Stage) -> None:
    code = f"import sys, {tested.train.__module__}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@every_trained_field
def test_every_field_changes_what_reaches_the_trainer(
    tested: Stage, field: str, home: Home, monkeypatch: pytest.MonkeyPatch, plain: dict[str, Any]
) -> None:
    case = case_of(tested.name)
    without, changed = case.changes.get(field) or ({}, {field: _another_value(tested, field)})
    differing = {name for name in {**without, **changed} if without.get(name) != changed.get(name)}
    assert differing == {field}
    before = _reaching(case, home, monkeypatch, without) if without else plain[tested.name]
    assert _reaching(case, home, monkeypatch, changed) != before


@pytest.mark.slow
@every_trained
def test_a_few_steps_report_everything_promised(tested: Stage, home: Home, prepared: None) -> None:
    run_id = f"{tested.name}-few"
    told = attempt(home, _recipe(tested, run_id, home, **case_of(tested.name).three_steps, probe_every=2))
    assert set(tested.metrics) <= set(told.curves)
    assert set(told.curves["loss"]) == {1, 2, 3}
    assert told.checkpoints == [3]
    assert checkpoints.complete_steps(home.run(run_id)) == [3]
    assert told.total_steps == 3
    assert not told.alarms
    assert told.phases[0][0] == "loading"
    if tested.produces == "policy":
        assert set(told.curves) >= PROBE_METRICS
        assert any(name.startswith("probe/score/") for name in told.curves)
        assert set(told.curves["probe/gold"]) == {0, 2, 3}
        assert told.curves["probe/kl/seq"][0] == 0
        assert {step for step, *_ in told.samples} == {0, 2, 3}
        assert [phase for phase, _ in told.phases][:3] == ["loading", "probing", "training"]


@pytest.mark.slow
@every_way_to_resume
def test_a_stopped_run_saves_where_it_stood_and_goes_on_as_if_never_stopped(
    tested: Stage, variant: str, home: Home, prepared: None
) -> None:
    """Over the end of an epoch, in a fresh process, in the middle of the three steps that a point averages."""
    case = case_of(tested.name)
    name = f"{tested.name}-{variant}" if variant else tested.name
    shared: dict[str, Any] = {"log_every": 3, "probe_every": 5, "checkpoint_every": 100}
    shared |= {**case.two_epochs, **case.resumed_with, **case.variants.get(variant, {})}
    straight = attempt(home, _recipe(tested, f"{name}-straight", home, **shared))
    assert straight.total_steps is not None
    steps_in_epoch = straight.total_steps // 2
    broken = _recipe(tested, f"{name}-broken", home, **shared)
    stopped = attempt(home, broken, stop_after=3)
    assert stopped.checkpoints == [4]
    assert steps_in_epoch > 4
    resumed = attempt_in_fresh_process(home, broken)
    assert resumed.said[0] == "resumed"
    assert resumed.resumed_from == 4
    assert difference(home, f"{name}-straight", f"{name}-broken") == 0.0
    assert joined(stopped, resumed) == comparable(straight)
    assert _moved(weights(home, broken.run_id, 4), weights(home, broken.run_id)) > 0


@pytest.fixture(scope="module")
def prepared(home: Home) -> None:
    """What stages need before they can be tried, e.g. a reward model."""
    for case in CASES:
        case.prepare(home)


@pytest.fixture(scope="module")
def plain(home: Home, prepared: None) -> Mapping[str, Any]:
    """What reaches each stage's trainer by default, worked out when first asked for."""
    return _Plain(home)


class _Plain(dict[str, Any]):
    def __init__(self, home: Home) -> None:
        super().__init__()
        self._home = home

    def __missing__(self, name: str) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            self[name] = _reaching(case_of(name), self._home, patch, {})
        return self[name]


def _recipe(tested: Stage, run_id: str, home: Home, **settings: Any) -> Any:
    case = case_of(tested.name)
    data = settings.pop("data", None) or small_dataset(home, case.data)
    return recipe(tested, run_id, data, **{**case.settings, **settings})


def _reaching(
    case: Case, home: Home, patch: pytest.MonkeyPatch, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything that the trainer and what watches it would have begun with."""
    case.reaching(patch)
    tested = next(stage for stage in TRAINED if stage.name == case.stage)
    with pytest.raises(Reached) as caught:
        attempt(home, _recipe(tested, f"{case.stage}-reach", home, **settings))
    return caught.value.what


def _moved(before: dict[str, Any], after: dict[str, Any]) -> float:
    return max(float((before[name] - after[name]).abs().max()) for name in before)


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict


def _another_value(tested: Stage, field: str) -> Any:
    info = tested.settings.model_fields[field]
    case = case_of(tested.name)
    default = {**TINY, **case.settings}.get(field, info.default)
    extra = info.json_schema_extra
    control = extra.get("control") if isinstance(extra, dict) else None
    if control == "data":
        return f"lantern:{case.data.value}"
    if control in OTHERS:
        return OTHERS[str(control)]
    if info.annotation is bool:
        return not default
    if choices := get_args(info.annotation):
        return next(choice for choice in choices if choice != default)
    high: Any = next(
        rule.le if isinstance(rule, Le) else rule.lt for rule in info.metadata if isinstance(rule, Le | Lt)
    )
    if info.annotation is int:
        return default // 2 if default >= high // 2 or field == "max_length" else default * 2 or 1
    return default * 2 or high / 10
