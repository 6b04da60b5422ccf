"""What to do about a run that failed, and doing it: one act, which a screen's button and the command line offer alike."""

from typing import Any, NamedTuple

from rlft_gui.domain.errors import NotAllowed, NotPossibleNow
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.pipelines.lighter import kinds_of_changes
from rlft_gui.services.runs.failing import ADVICE, BRIEF, LOG_LINES, Failure, Mend
from rlft_gui.services.runs.goes_on import goes_on, held_behind
from rlft_gui.services.runs.labels import name_of
from rlft_gui.services.runs.outputs import is_policy, output_of
from rlft_gui.services.runs.repeating import would_fail_again
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.runs.turns import with_turns
from rlft_gui.stages import STAGES
from rlft_gui.storage import Storage
from rlft_gui.training.models.checkpoints import complete_steps

_MEMORY = (FailureKind.HOST_MEMORY, FailureKind.DEVICE_MEMORY)
_RECIPE = (FailureKind.BAD_DATA, FailureKind.BAD_MODEL, FailureKind.BAD_RECIPE)
_KINDS_WITH_SAME_RESULT = 3  #: of lighter.kinds_of_changes, the first ones: what is learnt stays the same
_SLOWER = 10  #: times
_LEAST_LEARNING_RATE = 1e-8

_CHANGE = Mend(act="change", label="Change and run again", told="The form opens with this run's settings.")


class _Clone(NamedTuple):
    """Other settings, in words, and the checkpoint to start from; None starts where the failed run had started."""

    change: dict[str, Any]
    words: str
    step: int | None


class Mending:
    """Safe to share between threads."""

    def __init__(self, home: Home, storage: Storage, runs: Runs, keeper: KeeperStarter | None = None) -> None:
        self._home = home
        self._storage = storage
        self._runs = runs
        self._keeper = keeper or KeeperStarter(home)

    def failure(self, run_id: str) -> Failure | None:
        """Why a run failed or was stopped and what to do; None of one that did neither, or waits for another to go on."""
        run = self._runs.get(run_id)
        if not run.status.is_resumable or (run.status is RunStatus.STOPPED and run.failure is None):
            return None
        kind, mend = run.failure or FailureKind.UNKNOWN, self._mend(run)
        advice = " ".join((ADVICE[kind], *self._room(kind), mend.told))
        _, log = self._runs.log_tail(run.id, LOG_LINES)
        sentence = run.reason or "No reason was recorded."
        return Failure(
            kind=kind, brief=BRIEF[kind], sentence=sentence, advice=advice, log=tuple(log), mend=mend
        )

    def mend(self, run_id: str, *, user: str) -> str:
        """Do what the failure suggests. Returns the run that goes on: the same, or its successor. Asked twice, it is done once.

        Raises:
            NotAllowed: the run is somebody else's.
            NotPossibleNow: there is nothing to mend, or a person has to choose something first.
            NotFound: a run or data that it takes something from was deleted meanwhile; nothing was stored.
        """
        run = self._runs.get(run_id)
        if run.owner != user:
            raise NotAllowed(f"{name_of(run)} belongs to {run.owner}; only they can change it.")
        failure = self.failure(run_id)
        if failure is None:
            raise NotPossibleNow(f"{name_of(run)} has not failed, so there is nothing to mend.")
        if failure.mend.act == "change":
            raise NotPossibleNow(f"{failure.sentence} {failure.advice} Nothing can do that by itself.")
        if failure.mend.act == "resume":
            self._runs.resume(run_id, user=user)
            return run_id
        return self._clone(run, user)

    def _clone(self, run: Run, user: str) -> str:
        clone = self._changes(run)
        assert clone is not None
        before = self._runs.pipeline(run.pipeline_id)
        after = goes_on(run, before, clone.change, clone.step, self._runs.titles(), user)
        # By attempt: one that is resumed and fails again may be mended again.
        launch = f"mended {run.id} {run.attempt}"
        self._storage.transitions.add(with_turns(after, self._storage), launch)
        self._keeper.ensure()
        stored = self._storage.runs.launched(launch)
        assert stored is not None
        return stored.runs[0].id

    def _mend(self, run: Run) -> Mend:
        if run.unreadable or run.failure in _RECIPE:
            return _CHANGE
        if run.failure in (*_MEMORY, FailureKind.DIVERGED):
            clone = self._changes(run)
            return _CHANGE if clone is None else self._cloning(run, clone)
        alarms = [alarm.name for alarm in self._runs.alarms(run.id)]
        if run.failure in (None, FailureKind.UNKNOWN) and would_fail_again(
            run, bool(self._steps(run)), alarms
        ):
            return _CHANGE
        return self._resuming(run)

    def _resuming(self, run: Run) -> Mend:
        is_of_rows = output_of(run) in ("rows", "answers")
        steps = self._steps(run)
        if is_of_rows and run.step:
            return Mend(act="resume", label="Resume", told="What was made so far is kept.")
        if not steps:
            return Mend(
                act="resume",
                label="Start again",
                told="It has no checkpoint yet, so it starts from the beginning.",
            )
        return Mend(
            act="resume", label=f"Resume from step {steps[-1]}", told="Nothing before that is done again."
        )

    def _cloning(self, run: Run, clone: _Clone) -> Mend:
        behind = held_behind(run, self._runs.pipeline(run.pipeline_id).runs)
        told = [f"A new run takes this one's place: {clone.words}."]
        if clone.step is None:
            label = "Start anew with that"
            told.append(
                "It starts where this one started, for there is no checkpoint that it could go on from."
            )
        else:
            label = f"Go on from step {clone.step} with that"
            told.append(
                f"It starts from checkpoint {run.id}@{clone.step} and makes only the steps that are left; optimiser, warm-up "
                "and the order of the rows begin anew, and what it is held near is that checkpoint."
            )
        if behind:
            told.append(f"What waited for this one follows it: {', '.join(one.stage for one in behind)}.")
        return Mend(act="clone", label=label, told=" ".join(told))

    def _changes(self, run: Run) -> _Clone | None:
        """Other settings under which it may succeed; None where a person must choose."""
        settings = run.recipe.settings
        if run.failure is FailureKind.DIVERGED:
            return self._slower(run, settings)
        kind = next((stage for stage in STAGES if stage.name == run.stage), None)
        if kind is None:
            return None
        for changes in kinds_of_changes(kind, settings)[:_KINDS_WITH_SAME_RESULT]:
            for words, _, change in changes:
                if _keeps_rows_a_step(settings, change):
                    return _Clone(change, _small(words), self._start(run, self._steps(run)))
        return None

    def _slower(self, run: Run, settings: dict[str, Any]) -> _Clone | None:
        before = settings.get("learning_rate")
        if not isinstance(before, float) or before / _SLOWER < _LEAST_LEARNING_RATE:
            return None
        rate = float(f"{before / _SLOWER:.3g}")
        # Only where the run itself has said so: an earlier version's newest checkpoint may be ruined.
        good = [step for step in self._steps(run) if run.good_step is not None and step <= run.good_step]
        words = f"learning rate {rate:g} instead of {before:g}"
        return _Clone({"learning_rate": rate}, words, self._start(run, good))

    def _start(self, run: Run, steps: list[int]) -> int | None:
        """The newest of these checkpoints, where a run of this stage can go on from another's and steps are left."""
        newest = steps[-1] if steps and is_policy(run) else None
        is_over = newest is not None and run.total_steps is not None and newest >= run.total_steps
        return None if newest == 0 or is_over else newest

    def _steps(self, run: Run) -> list[int]:
        return complete_steps(self._home.run(run.id))

    def _room(self, kind: FailureKind) -> tuple[str, ...]:
        """What could be freed: the checkpoints of the runs that keep most."""
        if kind is not FailureKind.DISK_FULL:
            return ()
        kept = {run: sum(one.bytes for one in self._runs.checkpoints(run.id)) for run in self._runs.list()}
        largest = sorted((size, name_of(run)) for run, size in kept.items() if size)[:-4:-1]
        told = ", ".join(f"{name} ({size / 1e6:,.0f} MB)" for size, name in largest)
        return (f"Runs that could be deleted keep checkpoints: {told}.",) if told else ()


def _keeps_rows_a_step(settings: dict[str, Any], change: dict[str, Any]) -> bool:
    after = {**settings, **change}
    return _rows_a_step(settings) == _rows_a_step(after) or "gradient_accumulation" not in change


def _rows_a_step(settings: dict[str, Any]) -> int:
    return int(settings.get("batch_size", 1)) * int(settings.get("gradient_accumulation", 1))


def _small(words: str) -> str:
    return words[0].lower() + words[1:]
