"""What every stage promises. A new stage is tested by being in STAGES."""

import subprocess
import sys
from typing import Any, get_args

import pytest
import yaml
from annotated_types import Ge, Gt, Le, Lt

from rlft_gui.domain.home import Home
from rlft_gui.domain.metrics import METRICS
from rlft_gui.stages import STAGES, Stage
from rlft_gui.training import checkpoints, trainers
from tests.stages.attempts import (
    attempt,
    attempt_in_fresh_process,
    comparable,
    difference,
    joined,
    recipe,
    small_dataset,
    weights,
)

every_stage = pytest.mark.parametrize("tested", STAGES, ids=lambda stage: stage.name)
every_field = pytest.mark.parametrize(
    ("tested", "field"),
    [(stage, field) for stage in STAGES for field in stage.settings.model_fields],
    ids=lambda value: value.name if isinstance(value, Stage) else value,
)

#: Fields that only make sense together with others.
COMPANIONS: dict[str, dict[str, Any]] = {"label_smoothing": {"loss": "robust", "label_smoothing": 0.2}}
#: Values that are not next to the default: the robust loss would need a companion of its own.
OTHER_VALUES: dict[str, Any] = {"loss": "ipo"}

PROBE_METRICS = {"probe/gold", "probe/gold/low", "probe/gold/high", "probe/kl/seq", "probe/kl/token"} | {
    "probe/length",
    "probe/truncated",
    "probe/seconds",
}


@every_stage
def test_defaults_are_valid_and_survive_yaml_and_json(tested: Stage) -> None:
    settings = tested.settings.model_validate({"data": "d"})
    assert tested.settings.model_validate_json(settings.model_dump_json()) == settings
    assert tested.settings.model_validate(yaml.safe_load(yaml.safe_dump(settings.model_dump()))) == settings


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
        assert info.annotation is bool or get_args(info.annotation) or extra["control"] == "data"


@every_stage
def test_promised_metrics_are_in_the_vocabulary(tested: Stage) -> None:
    assert set(tested.metrics) <= {metric.name for metric in METRICS}


@every_stage
def test_importing_a_stage_leaves_torch_unloaded(tested: Stage) -> None:
    code = f"import sys, {tested.train.__module__}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@every_field
def test_every_field_changes_what_reaches_the_trainer(
    tested: Stage, field: str, home: Home, monkeypatch: pytest.MonkeyPatch, plain: dict[str, Any]
) -> None:
    companions = COMPANIONS.get(field, {})
    changed = {**companions, field: _another_value(tested, field)} if field not in companions else companions
    before = plain[tested.name]
    if len(companions) > 1:  # what the companions alone change does not count
        before = _reaching(tested, home, monkeypatch, {**companions, field: companions[field] / 2})
    assert _reaching(tested, home, monkeypatch, changed) != before


@pytest.mark.slow
@every_stage
def test_a_few_steps_report_everything_promised(tested: Stage, home: Home) -> None:
    run_id = f"{tested.name}-few"
    told = attempt(home, recipe(tested, run_id, _data(tested, home), max_steps=3, probe_every=2))
    assert set(tested.metrics) | PROBE_METRICS <= set(told.curves)
    assert any(name.startswith("probe/score/") for name in told.curves)
    assert set(told.curves["loss"]) == {1, 2, 3}
    assert set(told.curves["probe/gold"]) == {0, 2, 3}
    assert told.curves["probe/kl/seq"][0] == 0
    assert {step for step, *_ in told.samples} == {0, 2, 3}
    assert told.checkpoints == [3]
    assert checkpoints.complete_steps(home.run(run_id)) == [3]
    assert told.total_steps == 3
    assert not told.alarms
    assert [phase for phase, _ in told.phases][:3] == ["loading", "probing", "training"]


@pytest.mark.slow
@every_stage
def test_a_stopped_run_saves_where_it_stood_and_goes_on_as_if_never_stopped(
    tested: Stage, home: Home
) -> None:
    """Over the end of an epoch, in a fresh process, in the middle of the three steps that a point averages."""
    shared: dict[str, Any] = {"epochs": 2, "log_every": 3, "probe_every": 5, "checkpoint_every": 100}
    if "lora_dropout" in tested.settings.model_fields:
        shared["lora_dropout"] = 0.2
    data = _data(tested, home)
    straight = attempt(home, recipe(tested, f"{tested.name}-straight", data, **shared))
    assert straight.total_steps is not None
    steps_in_epoch = straight.total_steps // 2
    broken = recipe(tested, f"{tested.name}-broken", data, **shared)
    stopped = attempt(home, broken, stop_after=3)
    assert stopped.checkpoints == [4]
    assert steps_in_epoch > 4
    resumed = attempt_in_fresh_process(home, broken)
    assert resumed.said[0] == "resumed"
    assert resumed.resumed_from == 4
    assert difference(home, f"{tested.name}-straight", f"{tested.name}-broken") == 0.0
    assert joined(stopped, resumed) == comparable(straight)
    assert _moved(weights(home, broken.run_id, 4), weights(home, broken.run_id)) > 0


def _moved(before: dict[str, Any], after: dict[str, Any]) -> float:
    return max(float((before[name] - after[name]).abs().max()) for name in before)


def _data(tested: Stage, home: Home) -> str:
    assert tested.data is not None
    return small_dataset(home, tested.data)


class _ReachedError(Exception):
    """Raised in place of training."""


def _reaching(
    tested: Stage, home: Home, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> dict[str, Any]:
    """Everything that the trainer and what watches it would have begun with."""
    reached: dict[str, Any] = {}

    def stop_here(trainer: Any, watch: Any, facts: Any, *_: Any) -> None:
        reached["arguments"] = trainer.args.to_dict()
        reached["adapter"] = trainer.model.peft_config["default"].to_dict()
        reached["first row"] = trainer.train_dataset[0]
        reached["rhythm"] = watch._rhythm
        reached["keep"] = trainer.checkpoint_writer._keep
        reached["facts"] = facts
        raise _ReachedError

    monkeypatch.setattr(trainers, "run", stop_here)
    asked = recipe(
        tested, f"{tested.name}-reach", settings.pop("data", None) or _data(tested, home), **settings
    )
    with pytest.raises(_ReachedError):
        attempt(home, asked)
    return reached


@pytest.fixture(scope="module")
def plain(home: Home) -> dict[str, Any]:
    """What reaches each stage's trainer by default."""
    with pytest.MonkeyPatch.context() as patch:
        return {tested.name: _reaching(tested, home, patch, {}) for tested in STAGES}


def _another_value(tested: Stage, field: str) -> Any:
    info = tested.settings.model_fields[field]
    default = {"batch_size": 4, "probe_prompts": 8, "learning_rate": 1e-3}.get(field, info.default)
    if field in OTHER_VALUES:
        return OTHER_VALUES[field]
    if field == "data":
        assert tested.data is not None
        return f"lantern:{tested.data.value}"
    if info.annotation is bool:
        return not default
    if choices := get_args(info.annotation):
        return next(choice for choice in choices if choice != default)
    high = next(
        rule.le if isinstance(rule, Le) else rule.lt for rule in info.metadata if isinstance(rule, Le | Lt)
    )
    if info.annotation is int:
        return default // 2 if default >= high // 2 or field == "max_length" else default * 2 or 1
    return default * 2 or high / 10
