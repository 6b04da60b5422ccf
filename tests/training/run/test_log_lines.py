"""What a run's log says."""

import math

from rlft_gui.domain.events import AlarmEvent, CheckpointEvent, Event, MetricsEvent, PhaseEvent, StateEvent
from rlft_gui.training.run.log_lines import LogLines


def told(*events: Event) -> list[str | None]:
    narrator = LogLines()
    return [narrator.line(event) for event in events]


def metrics(step: int, time: float, **values: float) -> MetricsEvent:
    named = {name.replace("__", "/"): value for name, value in values.items()}
    return MetricsEvent(attempt=1, seq=1, time=time, step=step, values=named)


def test_what_a_person_would_look_for_is_told() -> None:
    common = {"attempt": 2, "seq": 1, "time": 1.0}
    assert told(
        StateEvent(**common, state="running"),
        CheckpointEvent(**common, step=50, bytes=2_340_000),
        AlarmEvent(**common, step=52, name="loss_not_finite", message="Loss became infinite."),
        StateEvent(**common, state="failed", reason="Loss became infinite."),
        PhaseEvent(**common, phase="probing"),
    ) == [
        "attempt 2 started",
        "checkpoint step-50 complete, 2.3 MB",
        "alarm loss_not_finite  Loss became infinite.",
        "failed: Loss became infinite.",
        None,
    ]


def test_steps_are_told_every_few_seconds_and_probes_always() -> None:
    probe = metrics(20, 101.0, probe__gold=0.5, probe__length=21.0)
    assert told(
        metrics(1, 100.0, loss=0.25), metrics(2, 101.0, loss=0.24), probe, metrics(9, 106.0, loss=math.nan)
    ) == [
        "step 1  loss 0.25",
        None,
        "probe 20  gold 0.5  length 21",
        "step 9  loss nan",
    ]


def test_a_step_with_rewarded_answers_tells_their_reward() -> None:
    assert told(metrics(1, 100.0, policy_loss=0.0, reward__mean=0.5)) == ["step 1  reward/mean 0.5"]


def test_batches_of_rows_are_told_too() -> None:
    assert told(metrics(16, 100.0, made__rows=12.0, made__kept=0.75, length__mean=9.0)) == [
        "step 16  made/rows 12  made/kept 0.75"
    ]
