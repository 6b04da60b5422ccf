"""A Reporter that remembers instead of writing, for tests, benchmarks and experiments in a shell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.errors import Stopped
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.keeping import Series
from rlft_gui.domain.suite import SuitePrompt


@dataclass
class RecordingReporter:
    """Keeps everything a stage says, in order.

    Attributes:
        stop_after: the step after which a stop is requested; None never asks.
        stop_in: a phase and a step: the first part that may be broken off in that phase, after that step, is, at its end.
        said: names of the calls, e.g. "metrics", in order.
        curves: metric → step → value.
        phases: each phase, with the clock's time at its beginning.
    """

    folder: RunFolder
    attempt: int = 1
    stop_after: int | None = None
    stop_in: tuple[str, int] | None = None
    clock: Callable[[], float] = lambda: 0.0
    said: list[str] = field(default_factory=list)
    total_steps: int | None = None
    facts: dict[str, str | int | float] = field(default_factory=dict)
    account: RowAccount | None = None
    phases: list[tuple[str, float]] = field(default_factory=list)
    resumed_from: int | None = None
    curves: dict[str, dict[int, float]] = field(default_factory=dict)
    samples: list[tuple[int, str, str, str, str, dict[str, float]]] = field(default_factory=list)
    prompts: list[SuitePrompt] = field(default_factory=list)
    answers: list[BatchAnswer] = field(default_factory=list)
    checkpoints: list[int] = field(default_factory=list)
    alarms: list[tuple[int, str, str]] = field(default_factory=list)
    _was_asked: bool = False

    def plan(self, total_steps: int, facts: Mapping[str, str | int | float]) -> None:
        self.said.append("plan")
        self.total_steps, self.facts = total_steps, dict(facts)

    def data(self, account: RowAccount) -> None:
        self.said.append("data")
        self.account = account

    def phase(self, phase: str) -> None:
        self.said.append("phase")
        self.phases.append((phase, self.clock()))

    def resumed(self, from_step: int) -> None:
        self.said.append("resumed")
        self.resumed_from = from_step

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        self.said.append("metrics")
        for name, value in values.items():
            self.curves.setdefault(name, {})[step] = value

    def sample(
        self, step: int, item_id: str, kind: str, prompt: str, completion: str, scores: Mapping[str, float]
    ) -> None:
        self.said.append("sample")
        self.samples.append((step, item_id, kind, prompt, completion, dict(scores)))

    def asked(self, prompt: SuitePrompt) -> None:
        self.said.append("asked")
        self.prompts.append(prompt)

    def answered(self, answer: BatchAnswer) -> None:
        self.said.append("answered")
        self.answers.append(answer)

    def checkpoint(self, step: int, folder: Path) -> None:
        self.said.append("checkpoint")
        self.checkpoints.append(step)

    def removed(self, steps: Sequence[int]) -> None:
        self.said.append("removed")
        self.checkpoints = [step for step in self.checkpoints if step not in steps]

    def measured(self) -> Series:
        return self.curves

    def alarm(self, step: int, name: str, message: str) -> None:
        self.said.append("alarm")
        self.alarms.append((step, name, message))

    def stop_requested(self) -> bool:
        return self._was_asked or (self.stop_after is not None and self.last_step >= self.stop_after)

    @contextmanager
    def interruptible(self, patience: float = 0.0) -> Iterator[None]:
        """At its very end, where whatever it changes has been changed."""
        yield
        phase = self.phases[-1][0] if self.phases else ""
        if self.stop_in is not None and phase == self.stop_in[0] and self.last_step >= self.stop_in[1]:
            self._was_asked = True
            raise Stopped(f"It was stopped on request while {phase}, at step {self.last_step}.")

    @property
    def step(self) -> int:
        return self.last_step

    @property
    def last_step(self) -> int:
        return max((step for curve in self.curves.values() for step in curve), default=0)
