"""Removing old checkpoints of runs that have ended.

What stays beside those of the rule: checkpoints that somebody named (`RUN@step`), and the newest wherever a run may go on, or
another run takes it. Rows go before files, for no page may offer what is not there; the marker goes before the weights.
"""

import time
from collections.abc import Collection

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home
from rlft_gui.domain.keeping import Keep, kept
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import ENDED
from rlft_gui.services.disk.usage import size_of
from rlft_gui.storage import Storage
from rlft_gui.training.models import checkpoints
from rlft_gui.training.run.measured import measured_in

#: Seconds since its end after which what a run left unfinished goes too: until then its processes may still be ending.
_QUIET_SECONDS = 60.0


class Going(Frozen):
    """What goes of one run, and what stays. `steps` may be empty where only unfinished ones lie there."""

    run: str
    title: str
    stage: str
    steps: tuple[int, ...]
    stay: tuple[int, ...]
    bytes: int


class Cleaning:
    """Safe to share between threads."""

    def __init__(self, home: Home, storage: Storage) -> None:
        self._home = home
        self._storage = storage

    def preview(self, keep: Keep, *, user: str) -> tuple[Going, ...]:
        """What would go of this user's ended runs, most first."""
        named = self._storage.checkpoints.named()
        runs = [run for run in self._storage.runs.list(statuses=ENDED) if run.owner == user]
        found = [self._going(run, keep, named.get(run.id, frozenset())) for run in runs]
        return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.bytes))

    def clean(self, keep: Keep, *, user: str) -> tuple[Going, ...]:
        """Remove it. Returns what went; a run that was resumed meanwhile keeps all that it has."""
        return tuple(one for one in self.preview(keep, user=user) if self._remove(one))

    def _going(self, run: Run, keep: Keep, named: Collection[int]) -> Going | None:
        folder = self._home.run(run.id)
        complete = checkpoints.complete_steps(folder)
        if not complete and not folder.checkpoints.is_dir():
            return None
        stay = self._stay(run, keep, complete) | (set(complete) & set(named))
        steps = tuple(step for step in complete if step not in stay)
        torn = self._torn(run, complete)
        size = sum(size_of(folder.checkpoint(step)) for step in (*steps, *torn))
        if not size:
            return None
        return Going(
            run=run.id,
            title=run.title,
            stage=run.stage,
            steps=steps,
            stay=tuple(sorted(stay)),
            bytes=size,
        )

    def _stay(self, run: Run, keep: Keep, complete: list[int]) -> frozenset[int]:
        if len(complete) < 2:
            return frozenset(complete)  # the only one is the newest and the best
        # A source that was named without a step means its newest checkpoint, for as long as it is there.
        is_needed = run.status.is_resumable or bool(self._storage.runs.continuations(run.id))
        rule = keep.model_copy(update={"newest": max(keep.newest, 1)}) if is_needed else keep
        series = measured_in(self._home.run(run.id).events) if rule.best else {}
        # Where nothing tells which is best, the newest has to do.
        return kept(complete, rule, series) or frozenset(complete[-1:])

    def _torn(self, run: Run, complete: list[int]) -> tuple[int, ...]:
        """Steps whose checkpoint was never finished, once nobody can be at work on them."""
        if run.ended_at is None or time.time() - run.ended_at < _QUIET_SECONDS:
            return ()
        names = (
            path.name.removeprefix("step-") for path in self._home.run(run.id).checkpoints.glob("step-*")
        )
        return tuple(int(name) for name in names if name.isdecimal() and int(name) not in complete)

    def _remove(self, going: Going) -> bool:
        # Looked up again: a resumed run loads for seconds before it saves, and by then this has long passed.
        run = self._storage.runs.get(going.run)
        if run is None or not run.status.is_ended:
            return False
        folder = self._home.run(run.id)
        torn = self._torn(run, checkpoints.complete_steps(folder))
        self._storage.checkpoints.forget(run.id, going.steps)
        for step in (*going.steps, *torn):
            checkpoints.discard(folder.checkpoint(step))
        return True
