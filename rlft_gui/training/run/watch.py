"""What happens beside the gradient steps of a run: reporting, probing, saving, stopping. No torch here.

A trainer tells the watch about its steps (trainers.py) and obeys its answers. The order within a step is fixed:
report, save, probe. A probe may take minutes, so that a stop or a kill in it must not lose the steps before it. What a
checkpoint was saved before is due once more when a run goes on from it, so there is no hole in its curves.
"""

import math
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rlft_gui.domain.errors import Diverged, Stopped
from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.models.checkpoints import complete_steps
from rlft_gui.training.run.divergence import Divergence, Left
from rlft_gui.training.run.metric_names import by_our_names
from rlft_gui.training.run.probe_period import PERIOD, SPARED, USUAL, affordable

#: Seconds that a step may still take when a stop is asked for; a longer one is broken off and made again later.
STEP_PATIENCE = 1.0

Facts = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Rhythm:
    """How often things happen, in steps. `probe_every` 0: as often as probes stay under their share of the time."""

    log_every: int
    probe_every: int
    checkpoint_every: int
    probe_share: float = 0.15


@dataclass
class _Window:
    """Values since the last reported point. Not every step has every value: a batch may hold no rejected answer."""

    sums: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
            self.counts[name] = self.counts.get(name, 0) + 1

    def mean(self) -> dict[str, float]:
        return {name: total / self.counts[name] for name, total in self.sums.items()}


class Watch:
    """One attempt's run of steps.

    Args:
        look: measures the model at this step: the probe and the held-out loss. May be broken off anywhere. Returns what it
            found out that later attempts must keep to, if anything.
        divergence: judges the losses; None where they do not tell whether the model learns.
        names: our names of what only this stage's trainer logs.
    """

    def __init__(
        self,
        reporter: Reporter,
        rhythm: Rhythm,
        look: Callable[[int], Facts | None],
        names: Mapping[str, str] = MappingProxyType({}),
        divergence: Divergence | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reporter = reporter
        self._rhythm = rhythm
        self._period = rhythm.probe_every
        self._clock = clock
        self._look_seconds = 0.0
        self._look = look
        self._names = names
        self._step = self._total_steps = 0
        self._probe_is_due = self._is_last = False
        self._window = _Window()
        self._tokens = self._tokens_before = 0.0
        self._divergence = divergence
        self._diverged: Diverged | None = None

    def begin(self, step: int, total_steps: int, facts: Facts) -> None:
        """Say what is planned; a fresh run looks at the model before its first step.

        Raises:
            Stopped: the run is to stop; nothing is lost.
        """
        self._step, self._total_steps = step, total_steps
        self._facts = dict(facts)
        self._reporter.plan(total_steps, facts)
        if step == 0 or self._probe_is_due:
            self._probe(step)
        self._reporter.phase("training")
        self._began = step, self._clock()

    def is_over(self, step: int) -> bool:
        return step >= self._total_steps

    def interruptible(self) -> AbstractContextManager[None]:
        """For a part of a step that changes nothing: a stop breaks it off unless it soon ends by itself."""
        return self._reporter.interruptible(STEP_PATIENCE)

    def goes_on(self, step: int, save: Callable[[], None]) -> bool:
        """Save and probe as is due after a step; False once the run is to stop, and then that step is saved."""
        self._probe_is_due = self._wants_probe(step)
        saves = self._is_last or self._wants_checkpoint(step)
        if saves:
            save()
        if self._is_last or not self._probe_is_due:
            return not self._is_last
        try:
            self._probe(step)
        except Stopped:
            if not saves:
                save()
            return False
        self._reporter.phase("training")
        return True

    def trained(self, step: int, logs: Mapping[str, float]) -> bool:
        """Take note of one step. False: the run has diverged, so stop and save nothing."""
        self._step, self._is_last = step, self._reporter.stop_requested()
        values = by_our_names(logs, self._names)
        # Trainers count from 0 again after a resumption, and not all of them tell at each step.
        if "tokens" in values:
            self._tokens = self._tokens_before + values["tokens"]
        latest = {name: values[name] for name in ("lr",) if name in values} | {"tokens": self._tokens}
        self._window.add({name: value for name, value in values.items() if name not in latest})
        broken = self._broken(values)
        if step % self._rhythm.log_every == 0 or step == self._total_steps or broken:
            self._reporter.metrics(step, self._window.mean() | latest)
            self._window = _Window()
        if broken:
            self._not_finite(step, broken, values[broken])
        elif self._divergence and (left := self._divergence.judge(step, values["loss"], self._total_steps)):
            self._has_left(step, left)
        return self._diverged is None

    def check(self) -> None:
        """At the end of training.

        Raises:
            Diverged: the loss or its gradient became infinite or undefined, or the loss left its start for good. It names
                the newest checkpoint from before that.
            Stopped: all steps are made and saved, and only the last probe is not.
        """
        if self._diverged is not None:
            raise self._diverged
        if self._probe_is_due and self.is_over(self._step):
            raise Stopped(
                f"It was stopped on request before its last probe was made; all {self._step} steps are."
            )

    def state(self) -> dict[str, Any]:
        """What a checkpoint must hold for the curves to go on as if nothing had happened."""
        return {
            "total_steps": self._total_steps,
            "probe_is_due": self._probe_is_due,
            "look_seconds": self._look_seconds,
            "divergence": self._divergence and self._divergence.state(),
            "tokens": self._tokens,
            "sums": self._window.sums,
            "counts": self._window.counts,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._total_steps = state["total_steps"]
        self._probe_is_due = state.get("probe_is_due", False)  # once, probes came before checkpoints
        self._look_seconds = state.get("look_seconds", 0.0)
        if self._divergence and (judged := state.get("divergence")):
            self._divergence.restore(judged)
        self._tokens_before = self._tokens = state["tokens"]
        counts = state.get("counts") or dict.fromkeys(state["sums"], state.get("steps", 0))  # as once written
        self._window = _Window(sums=dict(state["sums"]), counts=dict(counts))

    def _wants_probe(self, step: int) -> bool:
        """At each period and at the end; a period that ends just before the end is left to it."""
        left = self._total_steps - step
        if left and not self._period and step % USUAL == 0:
            self._decide_period(step)
        return left == 0 or (self._period > 0 and step % self._period == 0 and 2 * left >= self._period)

    def _decide_period(self, step: int) -> None:
        """Once, before the first probe that might be due between first and last: what a step takes is known by then."""
        first, began = self._began
        a_step = (self._clock() - began) / (step - first)
        share = self._rhythm.probe_share
        self._period = affordable(self._total_steps, a_step, self._look_seconds, share)
        self._learn({PERIOD: self._period})

    def _learn(self, facts: Facts) -> None:
        """Write down what later attempts must keep to."""
        self._facts |= facts
        self._reporter.plan(self._total_steps, self._facts)

    def _wants_checkpoint(self, step: int) -> bool:
        return step % self._rhythm.checkpoint_every == 0 or step == self._total_steps

    def _probe(self, step: int) -> None:
        self._reporter.phase("probing")
        began = self._clock()
        with self._reporter.interruptible():
            found = self._look(step)
        self._probe_is_due = False
        self._look_seconds = self._clock() - began
        if step == 0 and found:
            # Later looks are made, so one that was taken over must not seem to cost nothing.
            self._look_seconds += float(found.get(SPARED, 0.0))
        if found and not found.items() <= self._facts.items():
            self._learn(found)

    def _broken(self, values: Mapping[str, float]) -> str | None:
        """What is not finite: the loss, or the gradient, whose update has then ruined the weights before the loss shows
        it."""
        names = ("loss", "policy_loss", "grad_norm")
        return next((name for name in names if not math.isfinite(values.get(name, 0.0))), None)

    def _not_finite(self, step: int, name: str, value: float) -> None:
        what = "undefined (NaN)" if math.isnan(value) else "infinite"
        which = "The gradient" if name == "grad_norm" else "Loss"
        self._fail(step, f"{name}_not_finite", f"{which} became {what} at step {step}.", before=step)

    def ruined(self, step: int) -> Diverged:
        """Take note that what a step has made of the weights is no model any more, so that it must not be saved."""
        told = f"The weights that step {step} left compute no numbers any more (NaN or infinite)."
        return self._fail(step, "weights_not_finite", told, before=step)

    def _has_left(self, step: int, left: Left) -> None:
        told = (
            f"The loss began at {left.start:.3g}, rose at step {left.step} and has not come back: over the last "
            f"{left.over} steps it was about {left.now:.3g}."
        )
        self._fail(step, "loss_left", told, before=left.step)

    def _fail(self, step: int, alarm: str, told: str, *, before: int) -> Diverged:
        """The run ends; what was saved before step `before` is good."""
        good = max((at for at in complete_steps(self._reporter.folder) if at < before), default=None)
        kept = "No checkpoint" if good is None else f"Checkpoint {good}, the last good one,"
        sentence = f"{told} {kept} is from before that, and nothing was saved from step {step} on."
        self._diverged = Diverged(sentence, good)
        self._reporter.alarm(step, alarm, sentence)
        return self._diverged
