"""How a training process speaks: one JSON line per event, appended to the run folder. No torch, no database.

Each line is one unbuffered write, so a reader never sees half of one for long and a kill loses at most the line in
progress. State changes, checkpoints and resumptions also survive a power cut.
"""

import errno
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Literal

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.errors import Stopped
from rlft_gui.domain.events import (
    AlarmEvent,
    AnsweredEvent,
    AskedEvent,
    CheckpointEvent,
    DataEvent,
    Event,
    MetricsEvent,
    PhaseEvent,
    PlanEvent,
    ResumedEvent,
    SampleEvent,
    StateEvent,
)
from rlft_gui.domain.failure import Cause
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.reporting import LOADING
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.training.run.interruption import Interruption
from rlft_gui.training.run.log_lines import LogLines

logger = logging.getLogger(__name__)

State = Literal["running", "succeeded", "stopped", "failed"]


class EventReporter:
    """The Reporter of one attempt; the only writer of events.jsonl while it lives. For one thread."""

    def __init__(self, folder: RunFolder, attempt: int) -> None:
        self._folder = folder
        self._attempt = attempt
        self._seq = 0
        self._step = 0
        self._total_steps: int | None = None
        self._resumed = attempt == 1
        self._saw_stop = False
        self._phase = LOADING
        self._interruption = Interruption(folder.stop.exists, self._stopped)
        self._log_lines = LogLines()
        _cut_torn_line(folder.events)
        self._file = os.open(folder.events, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    @property
    def folder(self) -> RunFolder:
        return self._folder

    @property
    def attempt(self) -> int:
        return self._attempt

    @property
    def step(self) -> int:
        """The last step that anything was reported for."""
        return self._step

    @property
    def was_stopped_early(self) -> bool:
        """Whether the stage learned of a stop request before its last planned step."""
        finished = self._total_steps is not None and self._step >= self._total_steps
        return self._saw_stop and not finished

    def state(self, state: State, cause: Cause | None = None) -> None:
        event = StateEvent(
            **self._stamp(),
            state=state,
            reason=cause.sentence if cause else None,
            failure=cause.kind if cause else None,
            good_step=cause.good_step if cause else None,
        )
        self._write(event, durable=True)

    def plan(self, total_steps: int, facts: Mapping[str, str | int | float]) -> None:
        self._total_steps = total_steps
        self._write(PlanEvent(**self._stamp(), total_steps=total_steps, facts=dict(facts)))

    def data(self, account: RowAccount) -> None:
        self._write(DataEvent(**self._stamp(), account=account))

    @contextmanager
    def hearing_stops(self) -> Iterator[None]:
        """Within, a stop request raises Stopped wherever the attempt may be broken off. In the main thread only."""
        with self._interruption.heard():
            self._interruption.has_nothing_to_lose = True  # until it says that it does more than load
            yield

    def interruptible(self, patience: float = 0.0) -> AbstractContextManager[None]:
        return self._interruption.allowed(patience)

    def phase(self, phase: str) -> None:
        self._phase = phase
        self._interruption.has_nothing_to_lose &= phase == LOADING
        self._write(PhaseEvent(**self._stamp(), phase=phase))

    def resumed(self, from_step: int) -> None:
        """Drop what was reported above `from_step`; −1 drops everything, step 0 included."""
        self._resumed = True
        self._step = max(from_step, 0)
        self._write(ResumedEvent(**self._stamp(), from_step=from_step), durable=True)

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        self._reach(step)
        numbers = {name: float(value) for name, value in values.items()}
        self._write(MetricsEvent(**self._stamp(), step=step, values=numbers))

    def sample(
        self, step: int, item_id: str, kind: str, prompt: str, completion: str, scores: Mapping[str, float]
    ) -> None:
        self._reach(step)
        event = SampleEvent(
            **self._stamp(),
            step=step,
            item_id=item_id,
            item_kind=kind,
            prompt=prompt,
            completion=completion,
            scores={name: float(score) for name, score in scores.items()},
        )
        self._write(event)

    def asked(self, prompt: SuitePrompt) -> None:
        self._write(AskedEvent(**self._stamp(), prompt=prompt))

    def answered(self, answer: BatchAnswer) -> None:
        self._write(AnsweredEvent(**self._stamp(), answer=answer))

    def checkpoint(self, step: int, folder: Path) -> None:
        self._reach(step)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        self._write(CheckpointEvent(**self._stamp(), step=step, bytes=size), durable=True)

    def alarm(self, step: int, name: str, message: str) -> None:
        self._reach(step)
        self._write(AlarmEvent(**self._stamp(), step=step, name=name, message=message))

    def stop_requested(self) -> bool:
        self._saw_stop = self._saw_stop or self._folder.stop.exists()
        return self._saw_stop

    def close(self) -> None:
        os.close(self._file)

    def _stopped(self) -> Stopped:
        self._saw_stop = True
        where = "" if self._phase == LOADING else f", at step {self._step}"
        return Stopped(f"It was stopped on request while {self._phase}{where}.")

    def _reach(self, step: int) -> None:
        """A later attempt that reports without having said where it goes on starts over: old points must not stay."""
        if not self._resumed:
            self.resumed(-1)
        self._step = step

    def _stamp(self) -> dict[str, Any]:
        self._seq += 1
        return {"attempt": self._attempt, "seq": self._seq, "time": time.time()}

    def _write(self, event: Event, *, durable: bool = False) -> None:
        line = event.model_dump_json().encode() + b"\n"
        before = os.fstat(self._file).st_size
        written = os.write(self._file, line)
        if written < len(line):
            os.ftruncate(self._file, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._folder.events))
        if durable:
            os.fsync(self._file)
        if (told := self._log_lines.line(event)) is not None:
            logger.info(told)


def _cut_torn_line(path: Path) -> None:
    """A killed writer may have left half a line; appended to, it would spoil the next one."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
