"""What a run has measured, in numbers for a table: the probe at its start and end, and the difference; of runs that
train no policy, what they have in its place.

The interval of a difference is made from the two intervals of the means as if their prompts were different ones.
They are the same prompts, so the true interval is usually narrower; it is never claimed to be.
"""

import math
from typing import Literal

from rlft_gui.domain.run import Curve, Run
from rlft_gui.services import Services
from rlft_gui.services.runs.measured_by import measured_by
from rlft_gui.ui.components.payloads import Gain, Outcome, ProbeResult

GOLD, LOW, HIGH, KL = "probe/gold", "probe/gold/low", "probe/gold/high", "probe/kl/seq"
HELD_OUT = "eval/loss"
_Kinds = tuple[tuple[Literal["held_out", "gold", "accuracy", "rows"], str], ...]
_OUTCOMES: _Kinds = (("gold", GOLD), ("accuracy", "eval/pref/accuracy"), ("rows", "made/rows"))
_NUMBERS = (("gold", GOLD), ("low", LOW), ("high", HIGH), ("kl", KL))


def judges_own(services: Services, run: Run) -> bool:
    """Whether a policy is judged by held-out rows of its own data before all else."""
    return measured_by(run, services.runs) == "own"


def probe_curves(services: Services, run: Run) -> dict[str, Curve]:
    """The probe's series of a run; nothing before its first probe."""
    if run.started_at is None and not run.step:
        return {}
    (update,) = services.runs.curves([(run.id, "")], [GOLD, LOW, HIGH, KL, HELD_OUT])
    return update.points


def last_probe(curves: dict[str, Curve]) -> ProbeResult:
    """The newest probe; None where nothing was measured."""
    return ProbeResult(**{key: _at(curves.get(name), -1) for key, name in _NUMBERS})


def _at(curve: Curve | None, index: int) -> float | None:
    """A value that is a number."""
    value = curve.values[index] if curve else None
    return value if isinstance(value, float | int) else None


def newest_probe(services: Services, run: Run) -> ProbeResult:
    """The same, without reading the whole series."""
    values = services.runs.last_values(run.id)
    return ProbeResult(**{key: values[name].value if name in values else None for key, name in _NUMBERS})


def outcome(services: Services, run: Run) -> Outcome | None:
    """The one number that says how a run came out: "gold" of a policy's last probe, "held_out" of one
    that is judged by its own data, "accuracy" of a reward model on held-out pairs, "rows" that were made. None until it
    was measured."""
    values = services.runs.last_values(run.id)
    first: _Kinds = (("held_out", HELD_OUT),) if judges_own(services, run) else ()
    for kind, name in (*first, *_OUTCOMES, ("held_out", HELD_OUT)):
        if name in values:
            return Outcome(kind=kind, value=values[name].value)
    return None


def loss_change(curves: dict[str, Curve]) -> float | None:
    """The newest held-out loss less the first; None unless it was measured twice."""
    curve = curves.get(HELD_OUT)
    values = [value for _, value in curve.finite()] if curve else []
    return values[-1] - values[0] if len(values) > 1 else None


def gain(curves: dict[str, Curve]) -> Gain | None:
    """The newest probe against the one at the run's own start, with a 95 % interval.

    None unless both probes and both of their intervals were measured.
    """
    series = [curves.get(name) for name in (GOLD, LOW, HIGH)]
    if any(curve is None or len(curve.steps) < 2 for curve in series):
        return None
    ends = [_at(curve, index) for curve in series for index in (0, -1)]
    if None in ends:
        return None
    gold0, gold1, low0, low1, high0, high1 = (float(end or 0) for end in ends)
    delta = gold1 - gold0
    below = math.hypot(gold1 - low1, high0 - gold0)
    above = math.hypot(high1 - gold1, gold0 - low0)
    return Gain(delta=delta, low=delta - below, high=delta + above)


def verdict(difference: Gain | None) -> Literal["higher", "lower", "unclear", ""]:
    """ "higher" or "lower" if the interval excludes zero, else "unclear"; "" if nothing was measured."""
    if difference is None:
        return ""
    if difference.low > 0:
        return "higher"
    return "lower" if difference.high < 0 else "unclear"
