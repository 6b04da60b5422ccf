"""What a run's events sound like in its log: one short line for what a person would want to read later.

Samples and phases have places of their own on the run's page; steps are told every few seconds only.
"""

from rlft_gui.domain.events import (
    AlarmEvent,
    CheckpointEvent,
    Event,
    MetricsEvent,
    PlanEvent,
    RemovedEvent,
    ResumedEvent,
    StateEvent,
)

#: Seconds between two lines about ordinary steps.
QUIET_SECONDS = 5.0

_LOSSES = {"loss", "policy_loss"}  #: who has one tells of a step
_TOLD_STEP = ("loss", "reward/mean", "pref/margin", "pref/accuracy", "entropy/token")
_TOLD_BATCH = (
    "made/rows",
    "made/kept",
    "reward/mean",
    "reward/best",
    "judge/consistency",
    "revision/changed",
)
_TOLD_PROBE = ("probe/gold", "probe/kl/seq", "probe/kl/token", "probe/length")


class LogLines:
    """Tells the events of one attempt."""

    def __init__(self) -> None:
        self._last_step_told = 0.0

    def line(self, event: Event) -> str | None:
        """One line about an event, or None if it needs none."""
        match event:
            case StateEvent(state="running"):
                return f"attempt {event.attempt} started"
            case StateEvent():
                return event.state + (f": {event.reason}" if event.reason else "")
            case PlanEvent():
                facts = "  ".join(f"{name} {value}" for name, value in event.facts.items())
                return f"{event.total_steps} steps planned  {facts}".rstrip()
            case ResumedEvent():
                return "starts over" if event.from_step < 0 else f"resumed from step {event.from_step}"
            case CheckpointEvent():
                return f"checkpoint step-{event.step} complete, {event.bytes / 1e6:.1f} MB"
            case RemovedEvent():
                return f"removed checkpoint {', '.join(f'step-{step}' for step in event.steps)}"
            case AlarmEvent():
                return f"alarm {event.name}  {event.message}"
            case MetricsEvent():
                return self._metrics(event)
        return None

    def _metrics(self, event: MetricsEvent) -> str | None:
        if "probe/length" in event.values:
            return f"probe {event.step}  {_numbers(event.values, _TOLD_PROBE)}"
        makes_rows = "made/rows" in event.values
        if event.time - self._last_step_told < QUIET_SECONDS or not (
            makes_rows or event.values.keys() & _LOSSES
        ):
            return None
        self._last_step_told = event.time
        return f"step {event.step}  {_numbers(event.values, _TOLD_BATCH if makes_rows else _TOLD_STEP)}"


def _numbers(values: dict[str, float], names: tuple[str, ...]) -> str:
    return "  ".join(f"{name.removeprefix('probe/')} {values[name]:.3g}" for name in names if name in values)
