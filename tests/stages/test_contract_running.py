"""Every stage that trains reports what it promises, stops when asked, and goes on as if it had never stopped."""

from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.stages import Stage
from rlft_gui.training.models import checkpoints
from rlft_gui.training.testing import RecordingReporter
from tests.stages.attempts import (
    attempt,
    attempt_in_fresh_process,
    broken_off,
    comparable,
    difference,
    joined,
    weights,
)
from tests.stages.cases import case_of
from tests.stages.contract import TRAINED, case_recipe, stage_or_word

PROBE_METRICS = {"probe/gold", "probe/gold/low", "probe/gold/high", "probe/kl/seq", "probe/kl/token"} | {
    "probe/length",
    "probe/truncated",
    "probe/seconds",
}

every_trained = pytest.mark.parametrize("tested", TRAINED, ids=stage_or_word)
every_way_to_resume = pytest.mark.parametrize(
    ("tested", "variant"),
    [(stage, name) for stage in TRAINED for name in ("", *case_of(stage.name).variants)],
    ids=stage_or_word,
)


@pytest.mark.slow
@every_trained
def test_a_few_steps_report_everything_promised(tested: Stage, home: Home, prepared: None) -> None:
    run_id = f"{tested.name}-few"
    told = attempt(home, case_recipe(tested, run_id, home, **case_of(tested.name).three_steps, probe_every=2))
    assert set(tested.metrics) <= set(told.curves)
    assert set(told.curves["loss" if "loss" in tested.metrics else "policy_loss"]) == {1, 2, 3}
    assert told.checkpoints == [3]
    assert checkpoints.complete_steps(home.run(run_id)) == [3]
    assert told.total_steps == 3
    assert not told.alarms
    assert told.account is not None
    assert told.account.given == told.account.trained + told.account.held_out + sum(
        told.account.dropped.values()
    )
    assert told.account.trained == told.facts["training rows"]
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
    straight = attempt(home, case_recipe(tested, f"{name}-straight", home, **shared))
    assert straight.total_steps is not None
    steps_in_epoch = straight.total_steps // 2
    broken = case_recipe(tested, f"{name}-broken", home, **shared)
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
def whole() -> dict[str, RecordingReporter]:
    """What runs of eight steps said that were not broken off, by stage."""
    return {}


@pytest.mark.slow
@pytest.mark.parametrize(("phase", "step"), [("training", 3), ("probing", 5), ("probing", 8)])
@every_trained
def test_a_stop_in_the_middle_loses_no_step_and_is_exact(
    tested: Stage, phase: str, step: int, home: Home, prepared: None, whole: dict[str, RecordingReporter]
) -> None:
    """In the middle of a step, of a probe that no checkpoint came before, and of the last probe of all."""
    case, last = case_of(tested.name), 8
    shared: dict[str, Any] = {"log_every": 3, "probe_every": 5, "checkpoint_every": 100}
    shared |= {**dict.fromkeys(case.three_steps, last), **case.resumed_with, **case.variants.get("again", {})}
    if tested.name not in whole:
        whole[tested.name] = attempt(home, case_recipe(tested, f"{tested.name}-whole", home, **shared))
    straight = whole[tested.name]
    assert straight.total_steps == last
    broken = case_recipe(tested, f"{tested.name}-{phase}-{step}", home, **shared)
    stopped, why = broken_off(home, broken, phase, step)
    assert stopped.checkpoints == [step]
    assert (why is not None) == (step == last), "what is complete but for its last probe has not succeeded"
    resumed = attempt(home, broken, number=2)
    assert resumed.resumed_from == step
    assert set(resumed.curves.get("grad_norm", {})) == {s for s in straight.curves["grad_norm"] if s > step}
    assert difference(home, f"{tested.name}-whole", broken.run_id) == 0.0
    assert joined(stopped, resumed) == comparable(straight)


@pytest.mark.slow
def test_a_checkpoint_that_is_due_comes_before_the_probe(home: Home, prepared: None) -> None:
    """So that a kill in the probe does not lose what was trained before it."""
    sft = TRAINED[0]
    told = attempt(home, case_recipe(sft, "due", home, max_steps=4, probe_every=2, checkpoint_every=2))
    order = [name for name in told.said if name in ("checkpoint", "sample")]
    probes = "".join("c" if name == "checkpoint" else "s" for name in order).replace("ss", "s")
    while "ss" in probes:
        probes = probes.replace("ss", "s")
    assert probes == "scscs"


def _moved(before: dict[str, Any], after: dict[str, Any]) -> float:
    return max(float((before[name] - after[name]).abs().max()) for name in before)
