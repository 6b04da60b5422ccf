"""Whatever people, workers and crashes do, in whatever order: no run starts twice, and none is lost.

A random walk over real rows, the real scheduler and settler, and workers that exist only in a table. The keeper may crash
before and after each thing that it does; the next one begins from rows and folders, as after kill -9.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.run import ExitRecord, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.durable import write_whole
from rlft_gui.keeper.schedule import Scheduler
from rlft_gui.keeper.settle import START_SECONDS, Settler
from rlft_gui.launchers import LocalLauncher, WorkerStatus
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import Storage, open_storage
from rlft_gui.storage.transitions import Transitions
from rlft_gui.training.run.reporter import EventReporter
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline

DEVICES = ("gpu:0", "gpu:1")


class Crash(BaseException):
    """The keeper dies here. Like a kill, it is caught by nobody."""


@dataclass
class Fuse:
    """Lets so many steps happen, and crashes at the next."""

    left: int | None = None

    def burn(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Crash


@dataclass
class Worker:
    """One attempt's supervisor and trainer, in a table."""

    folder: RunFolder
    attempt: int
    device: str
    status: WorkerStatus = WorkerStatus.NOT_SEEN
    reporter: EventReporter | None = None
    step: int = 0


class TableLauncher(LocalLauncher):
    """Workers are lines of a table; the walk says when one shows itself and how it ends."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse
        self.workers: dict[tuple[str, int], Worker] = {}
        self.starts: Counter[tuple[str, int]] = Counter()

    def submit(self, folder: RunFolder, attempt: int, device: str) -> str | None:
        self._fuse.burn()
        self.starts[folder.run_id, attempt] += 1
        self.workers[folder.run_id, attempt] = Worker(folder, attempt, device)
        self._fuse.burn()
        return None

    def status(self, folder: RunFolder, attempt: int) -> WorkerStatus:
        worker = self.workers.get((folder.run_id, attempt))
        return worker.status if worker else WorkerStatus.NOT_SEEN

    def withdraw(self, folder: RunFolder, attempt: int, reason: str) -> bool:
        worker = self.workers.pop((folder.run_id, attempt), None)
        if worker is not None and worker.status is not WorkerStatus.NOT_SEEN:
            self.workers[folder.run_id, attempt] = worker
            return False
        return True

    def end(self, folder: RunFolder) -> None:
        return


class FusedTransitions(Transitions):
    """Crashes before or after each transaction of the keeper, never within: that SQLite takes care of."""

    def __init__(self, storage: Storage, fuse: Fuse) -> None:
        super().__init__(storage.database)
        self._fuse = fuse

    def _fused(self, act: Callable[[], Any]) -> Any:
        self._fuse.burn()
        done = act()
        self._fuse.burn()
        return done

    def claim_next(self, *asked: Any) -> Any:
        return self._fused(lambda: Transitions.claim_next(self, *asked))

    def settle(self, *asked: Any) -> Any:
        return self._fused(lambda: Transitions.settle(self, *asked))

    def explain_waiting(self, *asked: Any) -> Any:
        return self._fused(lambda: Transitions.explain_waiting(self, *asked))


class NoKeeper(KeeperStarter):
    """The walk is the keeper."""

    def ensure(self) -> None:
        return


class LifeCycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.home: Home = fresh_home(Path(tempfile.mkdtemp()))
        self.storage = open_storage(self.home)
        self.fuse = Fuse()
        self.launcher = TableLauncher(self.fuse)
        self.runs = Runs(self.home, self.storage, NoKeeper(self.home))
        self.now = 0.0
        self.before: dict[str, Run] = {}
        self.reported: Counter[str] = Counter()
        self.may_change: set[str] = set()
        self._next_keeper()

    def _next_keeper(self) -> None:
        fused = FusedTransitions(self.storage, self.fuse)
        mine = Storage(**{**self.storage.__dict__, "transitions": fused})
        self.scheduler = Scheduler(self.home, mine, self.launcher, DEVICES)
        self.settler = Settler(self.home, mine, self.launcher, clock=lambda: self.now)

    def _all(self) -> dict[str, Run]:
        return {run.id: run for run in self.storage.runs.list()}

    def _keeper_round(self) -> None:
        """As rlft_gui.keeper.loop.Keeper.round."""
        try:
            for run in self._all().values():
                if run.status.is_live:
                    self.settler.look_after(run)
            while (started := self.scheduler.start_next()) is not None:
                run, failure = started
                if failure is not None:
                    self.settler.fail(run, failure)
            self.scheduler.explain_waiting()
        except Crash:
            self._next_keeper()

    # What people do.

    @precondition(lambda self: len(self.before) < 8)
    @rule(stages=st.integers(1, 3))
    def launch(self, stages: int) -> None:
        made = pipeline(*["sft", "dpo", "dpo"][:stages])
        assert self.storage.transitions.add(made, launch_id=made.id)

    @precondition(lambda self: self._that(lambda run: not run.status.is_ended))
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        with suppress(NotPossibleNow):
            self.runs.stop(self._one(data, lambda run: not run.status.is_ended), user="local")

    @precondition(lambda self: self._that(lambda run: run.status.is_resumable))
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        asked = self._one(data, lambda run: run.status.is_resumable)
        with suppress(NotPossibleNow):
            self.runs.resume(asked, user="local")
            self.may_change |= {asked, *self._waiting_for(asked)}

    def _that(self, fits: Callable[[Run], bool]) -> list[str]:
        return [run.id for run in self.before.values() if fits(run)]

    def _one(self, data: st.DataObject, fits: Callable[[Run], bool]) -> str:
        return str(data.draw(st.sampled_from(self._that(fits))))

    def _waiting_for(self, run_id: str) -> set[str]:
        found = {one.id for one in self.before.values() if one.parent_run_id == run_id}
        return found.union(*(self._waiting_for(one) for one in found)) if found else found

    # What workers do.

    @precondition(lambda self: self._workers(WorkerStatus.NOT_SEEN))
    @rule(data=st.data())
    def show(self, data: st.DataObject) -> None:
        """A worker takes its lock and says that it runs."""
        worker = data.draw(st.sampled_from(self._workers(WorkerStatus.NOT_SEEN)))
        worker.status = WorkerStatus.ALIVE
        worker.reporter = EventReporter(worker.folder, worker.attempt)
        worker.reporter.state("running")
        if worker.attempt > 1:
            # Everything stays that was reported: each step is a checkpoint.
            worker.step = self.reported[worker.folder.run_id]
            worker.reporter.resumed(worker.step)

    @precondition(lambda self: self._workers(WorkerStatus.ALIVE))
    @rule(data=st.data())
    def report(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self._workers(WorkerStatus.ALIVE)))
        assert worker.reporter
        worker.step += 1
        worker.reporter.metrics(worker.step, {"loss": float(worker.step)})
        self.reported[worker.folder.run_id] = worker.step

    @precondition(lambda self: self._workers(WorkerStatus.ALIVE))
    @rule(data=st.data(), how=st.sampled_from(["succeeded", "failed", "stopped", "killed", "crashed"]))
    def end(self, data: st.DataObject, how: str) -> None:
        self._end(data.draw(st.sampled_from(self._workers(WorkerStatus.ALIVE))), how)

    def _end(self, worker: Worker, how: str) -> None:
        """With its own last word and the supervisor's record; without the word if the trainer crashed, without both if
        all was killed."""
        assert worker.reporter
        if how in ("succeeded", "failed", "stopped"):
            worker.reporter.state(how)  # type: ignore[arg-type]
        if how != "killed":
            code = None if how == "crashed" else int(how == "failed")
            ended = ExitRecord(
                attempt=worker.attempt,
                code=code,
                signal=9 if how == "crashed" else None,
                phase=None,
                time=1.0,
                stop_requested=worker.folder.stop.exists(),
                reason="It ended.",
            )
            write_whole(worker.folder.exit, ended.model_dump_json())
        worker.reporter.close()
        worker.status = WorkerStatus.GONE

    def _workers(self, status: WorkerStatus) -> list[Worker]:
        return [worker for worker in self.launcher.workers.values() if worker.status is status]

    # What the keeper does, and what happens to it.

    @rule()
    def keep(self) -> None:
        self._keeper_round()

    @rule(after=st.integers(0, 12))
    def keep_and_crash(self, after: int) -> None:
        self.fuse.left = after
        self._keeper_round()
        self.fuse.left = None

    @rule()
    def a_minute_passes(self) -> None:
        self.now += START_SECONDS

    # What holds at all times.

    @invariant()
    def no_attempt_starts_twice(self) -> None:
        assert max(self.launcher.starts.values(), default=0) <= 1

    @invariant()
    def no_device_is_held_twice(self) -> None:
        """`devices` is keyed by device, so that a device of two runs would hide one."""
        live = [run.id for run in self._all().values() if run.status.is_live]
        assert sorted(run.id for run in self.storage.runs.devices().values()) == sorted(live)
        working = Counter(worker.device for worker in self._workers(WorkerStatus.ALIVE))
        assert max(working.values(), default=0) <= 1

    @invariant()
    def what_ended_stays_ended_unless_resumed_and_no_run_is_lost(self) -> None:
        now = self._all()
        for run_id, was in self.before.items():
            run = now[run_id]
            assert run.attempt >= was.attempt
            if was.status.is_ended and run.status is not was.status:
                assert run_id in self.may_change, (was.status, run.status)
                assert was.status is not RunStatus.SUCCEEDED
        self.may_change = {one for one in self.may_change if not now[one].status.is_ended}
        self.before = now

    def teardown(self) -> None:
        """Everything is let run out: then nothing waits, nothing is held for a source that succeeded, no row is missing."""
        try:
            while self.storage.runs.has_work():
                self.now += START_SECONDS
                self._keeper_round()
                for worker in self._workers(WorkerStatus.NOT_SEEN):
                    worker.status = WorkerStatus.ALIVE
                    worker.reporter = EventReporter(worker.folder, worker.attempt)
                    if worker.attempt > 1:
                        worker.reporter.resumed(self.reported[worker.folder.run_id])
                for worker in self._workers(WorkerStatus.ALIVE):
                    self._end(worker, "stopped" if worker.folder.stop.exists() else "succeeded")
            self._assert_all_is_over()
        finally:
            self.storage.close()
            shutil.rmtree(self.home.path)

    def _assert_all_is_over(self) -> None:
        runs = self._all()
        assert [run.id for run in runs.values() if not run.status.is_ended] == []
        for run in runs.values():
            source = runs.get(run.parent_run_id or "")
            is_held = (run.reason or "").startswith("It was not started, because")
            assert not (is_held and source and source.status is RunStatus.SUCCEEDED), run
            points = self.runs.metrics(run.id).get("loss", [])
            assert [point.step for point in points] == list(range(1, self.reported[run.id] + 1)), run.id


TestLifeCycle = pytest.mark.slow(LifeCycle.TestCase)
TestLifeCycle.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
