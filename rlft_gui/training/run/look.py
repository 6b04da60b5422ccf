"""A look at the model in training: the probe and the held-out loss, in amounts that the model's size allows.

On a laptop 90 held-out rows of a model of 135 million parameters take two minutes. So the first look of a larger model begins
with a few and takes as many as stay within a budget; what it came to is written into the plan, and every later look, of
later attempts too, is of the same amounts. Tiny models always take all that was asked for.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.models.loading import TINY
from rlft_gui.training.run.decided import decided
from rlft_gui.training.run.held_reading import HeldReading
from rlft_gui.training.run.metric_names import by_our_names
from rlft_gui.training.run.probe import Probe
from rlft_gui.training.run.probe_period import SPARED

PROMPTS, ROWS, READ = (
    "probe prompts",
    "held-out rows measured",
    "held-out answers read",
)  #: their names in the plan
LEAST_ROWS = 4
#: Seconds of a look of a short run. A longer one may take more, up to its share of what training is estimated to take.
LEAST_SECONDS = 8.0
_LOOKS = 6  #: that a run's share is meant for at least

#: Measures the first so many held-out rows; returns what a trainer logs.
Evaluate = Callable[[int], Mapping[str, float]]


@dataclass(frozen=True)
class Amounts:
    prompts: int
    rows: int
    read: int = 0  #: rows whose answers are read

    def facts(self) -> dict[str, str | int | float]:
        told = {PROMPTS: self.prompts, ROWS: self.rows, READ: self.read}
        return {name: count for name, count in told.items() if count or name == PROMPTS}


class Look:
    """Of one attempt; call within `evaluating`.

    Args:
        prompts: how many the probe may ask.
        rows: how many held-out rows there are.
        evaluate: None where a stage has no held-out loss.
        reading: None where nothing is held out from own data.
        told: what the plan says of what judges.
        training_rows: that all steps together go through, to estimate how long they take; 0 if that is not known.
        share: of the run's time that looks may take.
    """

    def __init__(
        self,
        model: Any,
        probe: Probe,
        reporter: Reporter,
        prompts: int,
        rows: int = 0,
        evaluate: Evaluate | None = None,
        *,
        reading: HeldReading | None = None,
        told: Mapping[str, str] = MappingProxyType({}),
        training_rows: int = 0,
        share: float = 0.15,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probe = probe
        self._reporter = reporter
        self._all = Amounts(prompts, rows if evaluate else 0, len(reading) if reading else 0)
        self._evaluate = evaluate
        self._reading = reading
        self._told = told
        self._training_rows = training_rows
        self._share = share
        self._clock = clock
        is_tiny = model.num_parameters() < TINY
        self._amounts = self._all if is_tiny else self._before(decided(reporter.folder.events))

    def facts(self) -> dict[str, str | int | float]:
        """For the plan; the amounts are not there until they are decided."""
        told: dict[str, str | int | float] = {"probe": self._probe.about, **self._told}
        told |= self._amounts.facts() if self._amounts else {}
        if self._probe.source:
            told |= {"first probe": self._probe.source, SPARED: round(self._probe.spared_seconds, 2)}
        return told

    def look(self, step: int) -> dict[str, float]:
        """Measure and report; returns the probe's metrics."""
        if self._amounts is None:
            return self._first(step)
        measured = self._probe.look(step, self._amounts.prompts)
        if self._amounts.rows:
            self._report(step, self._amounts.rows, self._held_out(self._amounts.rows))
        self._read(step, self._amounts.read)
        return measured

    def _first(self, step: int) -> dict[str, float]:
        """A few rows first: what they take says how much the rest may."""
        least = min(LEAST_ROWS, self._all.rows)
        began = self._clock()
        losses = self._held_out(least) if least else {}
        a_row = (self._clock() - began) / max(least, 1)
        budget = max(LEAST_SECONDS, self._share * self._training_rows * a_row / _LOOKS) / 2
        measured = self._probe.look(step, seconds=budget)
        rows = min(self._all.rows, max(least, int(budget / a_row))) if least else 0
        if rows:
            self._report(step, rows, losses if rows == least else self._held_out(rows))
        self._amounts = Amounts(int(measured["probe/prompts"]), rows, self._first_reading(step, budget))
        return measured

    def _first_reading(self, step: int, budget: float) -> int:
        """As many answers as the budget allows, by what a few take; returns how many."""
        least = min(LEAST_ROWS, self._all.read)
        began = self._clock()
        self._read(step, least)
        a_row = (self._clock() - began) / max(least, 1)
        count = min(self._all.read, max(least, int(budget / a_row))) if a_row else self._all.read
        if count > least:
            self._read(step, count)
        return count

    def _read(self, step: int, count: int) -> None:
        if self._reading and count:
            self._reporter.metrics(step, self._reading.look(count))

    def _held_out(self, rows: int) -> Mapping[str, float]:
        assert self._evaluate is not None
        return self._evaluate(rows)

    def _report(self, step: int, rows: int, losses: Mapping[str, float]) -> None:
        self._reporter.metrics(step, {**by_our_names(losses), "eval/rows": rows})

    def _before(self, facts: Mapping[str, str | int | float]) -> Amounts | None:
        if PROMPTS not in facts:
            return None
        rows, read = (int(facts.get(name, 0)) for name in (ROWS, READ))
        return Amounts(int(facts[PROMPTS]), min(rows, self._all.rows), min(read, self._all.read))
