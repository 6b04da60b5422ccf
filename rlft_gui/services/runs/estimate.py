"""How long a run has still to go, as a range, from what its phases took so far and what those of earlier runs took.

What is left is counted in what is known to come: the rest of loading, steps, probes, savings. Each is worth what it
took in this run, blended with what it usually takes, the less so the more steps this run has made. The range is wide
while little is known and narrows; nothing is guessed where nothing is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import NamedTuple

from rlft_gui.domain.run import Run, Span
from rlft_gui.training.judges.patience import WAITING
from rlft_gui.training.run.probe_period import USUAL, affordable

LOADING, PROBING, SAVING = "loading", "probing", "saving"
_NO_STEPS = (LOADING, PROBING, SAVING, WAITING)
#: Own steps that weigh as much as what is usual.
_HALFWAY = 5
#: Own steps without which, and without an earlier run, nothing is said.
_LEAST_STEPS = 3
#: Share of the time left by which it may be off, with no own step and with very many.
_UNSURE, _SURE = 0.45, 0.15
#: The same where the number of steps is that of an earlier run with other settings.
_OTHER_SETTINGS = 0.6
_SLACK_SECONDS = 2.0


class Left(NamedTuple):
    """Seconds that a run has still to go, at least and at most."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Pace:
    """Seconds that things take; None where it is not known."""

    loading: float | None = None
    step: float | None = None
    probe: float | None = None
    save: float | None = None
    steps: int = 0  #: how many `step` is the mean of


@dataclass(frozen=True)
class Earlier:
    """A run of the same stage and base that has succeeded."""

    spans: Sequence[Span]
    total_steps: int | None
    has_same_settings: bool


def pace(spans: Sequence[Span]) -> Pace:
    """What things took in phases that are over, and steps also in the one that is not."""
    over = [
        (one.name, after.began_at - one.began_at)
        for one, after in pairwise(spans)
        if one.attempt == after.attempt
    ]
    moved = [one for one in spans if one.name not in _NO_STEPS and one.stepped_at is not None]
    steps = sum(one.step - one.began_step for one in moved)
    seconds = sum((one.stepped_at or one.began_at) - one.began_at for one in moved)
    return Pace(
        loading=_mean([took for name, took in over if name == LOADING]),
        step=seconds / steps if steps > 0 else None,
        probe=_mean([took for name, took in over if name == PROBING]),
        save=_mean([took for name, took in over if name == SAVING]),
        steps=max(steps, 0),
    )


def probing_share(runs: Sequence[Sequence[Span]]) -> float | None:
    """The share of all their phases' time that was probing; None where nothing is known."""
    phases = [
        (one.name, after.began_at - one.began_at)
        for spans in runs
        for one, after in pairwise(spans)
        if one.attempt == after.attempt
    ]
    total = sum(took for _, took in phases)
    return sum(took for name, took in phases if name == PROBING) / total if total > 0 else None


def left(run: Run, spans: Sequence[Span], earlier: Sequence[Earlier], now: float) -> Left | None:
    """What a live run has still to go; None where it is not known.

    Args:
        spans: the run's own, of all its attempts.
        earlier: the newest first.
    """
    known = run.total_steps is not None
    alike = next((one for one in earlier if one.has_same_settings), earlier[0] if earlier else None)
    total = run.total_steps if known or alike is None else alike.total_steps
    own = pace(spans)
    worth = _blended(own, _usual([pace(one.spans) for one in earlier]))
    mine = [one for one in spans if one.attempt == run.attempt]
    every = 0 if total is None else _period(run, total, spans, worth)
    seconds = None if total is None else _seconds(run, total, every, mine[-1] if mine else None, worth, now)
    if seconds is None:
        return None
    share = _SURE + (_UNSURE - _SURE) / (own.steps + 1) ** 0.5
    if not known and alike is not None and not alike.has_same_settings:
        share = _OTHER_SETTINGS
    unsure = share * seconds + (worth.step or 0.0) / 2 + _SLACK_SECONDS  # a step under way may be a long one
    return Left(max(0.0, seconds - unsure), seconds + unsure)


def in_words(time_left: Left | None) -> str:
    """ "About 2 to 3 minutes left"; a sentence where nothing is known."""
    if time_left is None:
        return "How long it takes is not known yet"
    low, high = time_left
    if high < 20:
        return "Less than 20 seconds left"
    if high <= 90:
        return _between(low, high, 10, 1, "seconds")
    if high <= 90 * 60:
        return _between(low, high, 60, 60, "minutes")
    return _between(low, high, 3600, 3600, "hours")


def _between(low: float, high: float, grain: int, unit: int, name: str) -> str:
    """Both ends rounded outwards, so that the words say no less than the numbers."""
    first, last = int(low // grain) * grain // unit, -int(-high // grain) * grain // unit
    return f"About {first} to {last} {name} left" if first else f"Less than {last} {name} left"


def _seconds(run: Run, total: int, every: int, span: Span | None, worth: Pace, now: float) -> float | None:
    settings, step = run.recipe.settings, min(run.step, total)
    probes = _probes(step, total, every)
    saves = _saves(step, total, int(settings.get("checkpoint_every", 0)))
    spent = now - (span.stepped_at or span.began_at) if span else 0.0
    is_loading = span is None or span.name == LOADING
    if is_loading and step == 0 and probes:
        probes += 1  # before the first step
    present = {LOADING: worth.loading, PROBING: worth.probe, SAVING: worth.save or 0.0}
    begun = present.get(LOADING if span is None else span.name, 0.0)
    if begun is None or (total > step and worth.step is None) or (probes and worth.probe is None):
        return None
    steps = (total - step) * (worth.step or 0.0)
    if span is not None and span.name not in _NO_STEPS:
        steps -= min(spent, worth.step or 0.0, steps)
    return max(0.0, begun - spent) + steps + probes * (worth.probe or 0.0) + saves * (worth.save or 0.0)


def _period(run: Run, total: int, spans: Sequence[Span], worth: Pace) -> int:
    """Steps between two probes; 0 for stages without any. Where they come by themselves, the first one between start and
    end shows how many, and before that what a step and a probe are worth."""
    settings = run.recipe.settings
    asked = settings.get("probe_every")
    if asked is None or asked:
        return int(asked or 0)
    between = (one.began_step for one in spans if one.name == PROBING and 0 < one.began_step < total)
    if found := next(between, None):
        return found
    if worth.step is None or worth.probe is None:
        return USUAL
    return affordable(total, worth.step, worth.probe, float(settings.get("probe_share", 1)))


def _probes(step: int, total: int, every: int) -> int:
    """Probes that come after this step, by the rule of training/run/watch.py; stages that make rows take none."""
    if not every or step >= total:
        return 0
    last = total - (every + 1) // 2  # a period that ends just before the end is left to it
    return max(0, last // every - step // every) + 1


def _saves(step: int, total: int, every: int) -> int:
    if not every or step >= total:
        return 0
    return (total - 1) // every - step // every + 1


def _usual(paces: Sequence[Pace]) -> Pace:
    def middle(of: Callable[[Pace], float | None]) -> float | None:
        values = [value for one in paces if (value := of(one)) is not None]
        return median(values) if values else None

    return Pace(
        loading=middle(lambda one: one.loading),
        step=middle(lambda one: one.step),
        probe=middle(lambda one: one.probe),
        save=middle(lambda one: one.save),
    )


def _blended(own: Pace, usual: Pace) -> Pace:
    step = own.step if own.steps >= _LEAST_STEPS else None
    if own.step is not None and usual.step is not None:
        trust = own.steps / (own.steps + _HALFWAY)
        step = trust * own.step + (1 - trust) * usual.step
    return Pace(
        loading=_first(usual.loading, own.loading),
        step=_first(step, usual.step),
        probe=_first(own.probe, usual.probe),
        save=_first(own.save, usual.save),
        steps=own.steps,
    )


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
