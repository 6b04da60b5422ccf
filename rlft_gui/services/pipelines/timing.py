"""How long a stage will take: from what earlier runs of it on this base took, else from this machine's measured speed, else
it is not known.

Products say nothing of tiny models, whose steps are calls more than computing: of those only earlier runs tell.
"""

import hashlib
import platform
from contextlib import suppress
from typing import Literal

import psutil
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.services.runs.estimate import Pace, pace
from rlft_gui.services.short_work import run_short
from rlft_gui.stages import Stage
from rlft_gui.storage import Storage
from rlft_gui.training.estimate import duration
from rlft_gui.training.estimate.duration import Seconds, Speed
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.estimate.shape import ModelShape
from rlft_gui.training.models.loading import TINY
from rlft_gui.training.run.threads import allowed

EARLIER_RUNS = 5
#: Share by which a run may be off from what earlier ones took.
_UNSURE = 0.25
_MODULE, _SECONDS, _MEGABYTES = "rlft_gui.training.estimate.products", 60, 1_500


class StageTime(Frozen):
    """Seconds at least and at most, and what they are worked out from."""

    low: float
    high: float
    source: Literal["earlier runs", "this machine"]


class Timing:
    """Safe to share between threads."""

    def __init__(self, home: Home, storage: Storage) -> None:
        self._home = home
        self._storage = storage

    def of(
        self, kind: Stage, base: str, shape: ModelShape, held: Held, given: Given, *, measures: bool
    ) -> StageTime | None:
        """None where nothing is known."""
        if found := self._by_earlier_runs(kind, base, held, given):
            return StageTime(low=found.low, high=found.high, source="earlier runs")
        speed = (
            self._speed(shape, measures=measures)
            if _is_told_by_products(shape, is_on_cpu=given.is_on_cpu)
            else None
        )
        if speed is None:
            return None
        step = duration.of_step(shape, held, given.lengths, speed)
        low, high = (seconds * held.effort.steps for seconds in step)
        return StageTime(low=low, high=high, source="this machine")

    def would_tell(self, shape: ModelShape, *, is_on_cpu: bool) -> bool:
        """Whether a measurement that was not made yet would say how long a run takes."""
        return _is_told_by_products(shape, is_on_cpu=is_on_cpu) and self._speed(shape, measures=False) is None

    def _by_earlier_runs(self, kind: Stage, base: str, held: Held, given: Given) -> Seconds | None:
        runs = self._storage.runs.alike(kind.name, base, EARLIER_RUNS)
        took = [found for run in runs if (found := self._scaled(kind, run, held, given)) is not None]
        if not took:
            return None
        return Seconds((1 - _UNSURE) * min(took), (1 + _UNSURE) * max(took))

    def _scaled(self, kind: Stage, run: Run, held: Held, given: Given) -> float | None:
        """What an earlier run would have taken with these settings: its steps as heavy as these, its probes as they were."""
        spans = self._storage.reports.spans(run.id)
        own = pace(spans)
        settings = kind.whole(run.recipe.settings)
        if own.step is None:
            return None
        before = duration.weight(kind.holds(settings, given))
        step = own.step * duration.weight(held) / before if before else own.step
        return held.effort.steps * step + _beside(own, len([one for one in spans if one.name == "probing"]))

    def _speed(self, shape: ModelShape, *, measures: bool) -> Speed | None:
        """Of all cores, as far as nobody else uses them."""
        one, cores = self._speed_of_core(shape, measures=measures), len(allowed())
        return None if one is None else Speed(wide=cores * one.wide, thin=cores * one.thin)

    def _speed_of_core(self, shape: ModelShape, *, measures: bool) -> Speed | None:
        asked = {"width": shape.width, "inner": shape.inner}
        file = self._home.speeds / f"{_stamp(asked)}.json"
        with suppress(OSError, ValidationError):
            return Speed.model_validate_json(file.read_bytes())
        if not measures:
            return None
        try:
            told = run_short(
                _MODULE, asked, seconds=_SECONDS, megabytes=_MEGABYTES, what="Measuring this machine"
            )
        except InvalidInput:  # a busy machine; it is tried again when it is asked for again
            return None
        found = Speed.model_validate(told)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(found.model_dump_json())
        return found


def _beside(own: Pace, probes: int) -> float:
    """Loading, probes and a last checkpoint."""
    return (own.loading or 0.0) + probes * (own.probe or 0.0) + (own.save or 0.0)


def _is_told_by_products(shape: ModelShape, *, is_on_cpu: bool) -> bool:
    return is_on_cpu and shape.parameters >= TINY


def _stamp(asked: object) -> str:
    """Of the machine and what was measured on it."""
    machine = (platform.node(), platform.machine(), platform.processor(), psutil.cpu_count(), asked)
    return hashlib.sha256(repr(machine).encode()).hexdigest()[:32]
