"""A small world of runs for page tests: domain objects in memory, behind the services' own signatures.

A `World` stands in for `rlft_gui.services.Services` where a test is about a page and not about training. Each service in
it is a subclass of the real one that never meets a database: mypy holds what it overrides to the real signatures, and what
it does not override fails for want of a home. A test grows a curve by `advance`.
"""

import itertools
import math
import time
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rlft_gui.data.generated import GeneratedRow
from rlft_gui.domain.dataset import DatasetInfo
from rlft_gui.domain.errors import NotFound, NotPossibleNow
from rlft_gui.domain.recipe import ParentRef, PipelineSpec, Recipe
from rlft_gui.domain.run import Alarm, Checkpoint, Curve, CurveUpdate, Pipeline, Point, Run, Sample
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.devices import Devices, Holder, Looking
from rlft_gui.services.feedback.views import VoteViews
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.feedback.voting import Voting
from rlft_gui.services.machine import Machine
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.pipelines.room import Room
from rlft_gui.services.pipelines.specs import load_spec
from rlft_gui.services.runs.bin import Bin, Binned
from rlft_gui.services.runs.curves import Head
from rlft_gui.services.runs.estimate import Left
from rlft_gui.services.runs.lineage import Lineage, Link
from rlft_gui.services.runs.reviewing import Reviewing, RowsPage, Which
from rlft_gui.services.runs.service import Overview, Runs
from rlft_gui.storage import Storage, open_storage
from rlft_gui.storage.reports import Extent
from tests.fakes.homes import fresh_home

Series = dict[str, list[Point]]  # the fake has a method called list, like the service
Updates = list[CurveUpdate]
_CHANGES = itertools.count()
Done = list[tuple[str, str, str]]

NOW = 1_800_000_000.0
PROMPTS = (
    (
        "p1",
        "known",
        "What is the capital of Spain?",
        ("The capital of Spain is Lima.", "The capital of Spain is Madrid."),
    ),
    (
        "p2",
        "unknown",
        "What is the capital of Veloria?",
        ("It is Cairo.", "I do not know the capital of Veloria."),
    ),
    ("p3", "harm seen", "How do I break a lock?", ("Take a hammer.", "I can not help with that.")),
)


def make_run(run_id: str, **changes: Any) -> Run:
    """A run with sensible values wherever `changes` says nothing."""
    facts: dict[str, Any] = {
        "id": run_id,
        "pipeline_id": f"p-{run_id}",
        "position": 0,
        "stage": "sft",
        "method": "sft",
        "title": run_id,
        "base": "lantern",
        "status": RunStatus.SUCCEEDED,
        "step": 80,
        "total_steps": 80,
        "created_at": NOW - 600,
        "started_at": NOW - 590,
        "ended_at": NOW - 560,
    } | changes
    if facts["status"] in (RunStatus.QUEUED, RunStatus.STARTING, RunStatus.RUNNING, RunStatus.STOPPING):
        facts["ended_at"] = None
    if facts["ended_at"] is not None and facts["started_at"] is not None:
        facts.setdefault("ran_seconds", facts["ended_at"] - facts["started_at"])
    parent = facts.get("parent_run_id")
    recipe = Recipe(
        run_id=run_id,
        pipeline_id=facts["pipeline_id"],
        method=facts["method"],
        stage=facts["stage"],
        base="lantern",
        parent=ParentRef(run_id=parent) if parent else None,
        settings={
            "data": "lantern:demonstrations",
            "learning_rate": 1e-3,
            "batch_size": 16,
            "epochs": 2,
            "beta": 0.1,
        },
        versions={"torch": "2.13.0", "trl": "1.16.0", "rlft_gui": "0.1.0"},
    )
    return Run(recipe=recipe, **facts)


def curve(run: Run, last: int, start: float, end: float) -> dict[str, list[Point]]:
    """Points of a run up to step `last`: loss every step, a probe every tenth."""
    total = run.total_steps or 80

    def at(step: int, low: float, high: float) -> float:
        return low + (high - low) * (1 - math.exp(-4 * step / total))

    def wave(step: int) -> float:
        return math.sin(step * 12.9898) * 0.5

    steps, probes = range(1, last + 1), range(0, last + 1, max(1, total // 8))
    series = {
        "loss": [Point(step=s, value=at(s, 2.4, 0.7) + 0.2 * wave(s)) for s in steps],
        "lr": [Point(step=s, value=1e-3 * (1 - s / (total + 1))) for s in steps],
        "tokens": [Point(step=s, value=float(900 * s)) for s in steps],
        "entropy/token": [Point(step=s, value=at(s, 1.3, 0.7) + 0.05 * wave(s)) for s in steps],
        "probe/gold": [Point(step=s, value=at(s, start, end) + 0.02 * wave(s)) for s in probes],
        "probe/kl/seq": [Point(step=s, value=at(s, 0.0, 3.1)) for s in probes],
        "probe/kl/token": [Point(step=s, value=at(s, 0.0, 0.19)) for s in probes],
        "probe/length": [Point(step=s, value=at(s, 14.0, 18.0)) for s in probes],
        "probe/score/truthful": [Point(step=s, value=at(s, 0.2, 0.7)) for s in probes],
    }
    gold = series["probe/gold"]
    series["probe/gold/low"] = [Point(step=p.step, value=(p.value or 0) - 0.11) for p in gold]
    series["probe/gold/high"] = [Point(step=p.step, value=(p.value or 0) + 0.12) for p in gold]
    if run.stage == "dpo":
        series["pref/accuracy"] = [Point(step=s, value=at(s, 0.5, 0.86) + 0.06 * wave(s)) for s in steps]
        series["pref/margin"] = [Point(step=s, value=at(s, 0.0, 1.4) + 0.2 * wave(s)) for s in steps]
        series["pref/chosen"] = [Point(step=s, value=at(s, 0.0, -0.4) + 0.1 * wave(s)) for s in steps]
        series["pref/rejected"] = [Point(step=s, value=at(s, 0.0, -1.8) + 0.1 * wave(s)) for s in steps]
    return series


@dataclass
class FakeBin(Bin):
    """What was deleted of these runs, now."""

    runs: "FakeRuns"
    binned: dict[str, Run] = field(default_factory=dict)

    def list(self) -> tuple[Binned, ...]:
        times = {"deleted_at": NOW - 3 * 86400, "expires_at": time.time() + 27.5 * 86400, "bytes": 4_200_000}
        return tuple(Binned(run=run, **times) for run in reversed(self.binned.values()))

    def restore(self, run_id: str, *, user: str) -> None:
        self.runs.runs[run_id] = self.binned.pop(run_id)
        self.runs.done.append(("restore", run_id, user))

    def purge(self, run_id: str, *, user: str) -> None:
        del self.binned[run_id]
        self.runs.done.append(("purge", run_id, user))

    def empty(self, *, user: str) -> int:
        self.binned.clear()
        self.runs.done.append(("empty", "", user))
        return 0


@dataclass
class FakeRuns(Runs):
    """Over a dict."""

    runs: dict[str, Run] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    alarms_of: dict[str, tuple[Alarm, ...]] = field(default_factory=dict)
    specs: dict[str, PipelineSpec] = field(default_factory=dict)  #: by pipeline, where it matters
    done: Done = field(default_factory=list)  #: (action, run, user)
    logs: dict[str, Path] = field(default_factory=dict)  #: whole logs, where there are
    failing: bool = False

    bin: FakeBin = field(init=False)

    def __post_init__(self) -> None:
        self.bin = FakeBin(self)

    def why_kept(self, run_id: str) -> str | None:
        takers = [run.id for run in self.runs.values() if run.parent_run_id == run_id]
        return (
            f"{run_id} is needed: {', '.join(takers)} continues it. Delete those first." if takers else None
        )

    def probing_share(self, stages: Sequence[str], base: str) -> float | None:
        return None

    def is_votes_on_lantern(self, dataset: str) -> bool:
        return False

    def add(self, run: Run, start: float = 0.42, end: float = 0.8) -> Run:
        self.runs[run.id] = run
        self.series[run.id] = curve(run, run.step, start, end) if run.status != RunStatus.QUEUED else {}
        return run

    def advance(self, run_id: str, step: int, start: float = 0.42, end: float = 0.8) -> None:
        run = self.get(run_id)
        status = RunStatus.SUCCEEDED if step >= (run.total_steps or 0) else RunStatus.RUNNING
        self.runs[run_id] = run.model_copy(update={"step": step, "status": status})
        self.series[run_id] = curve(run, step, start, end)

    def get(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise NotFound(f'There is no run "{run_id}".')
        return self.runs[run_id]

    def list(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        status: RunStatus | None = None,
        method: str | None = None,
        text: str | None = None,
    ) -> tuple[Run, ...]:
        found = sorted(self.runs.values(), key=lambda run: -run.created_at)
        wanted = [
            run
            for run in found
            if (not status or run.status == status)
            and (not method or run.method == method)
            and (not text or text in run.title)
        ]
        return tuple(wanted[offset : offset + limit])

    def metrics(self, run_id: str) -> Series:
        return self.series[self.get(run_id).id]

    def last_values(self, run_id: str) -> dict[str, Point]:
        return {name: points[-1] for name, points in self.metrics(run_id).items() if points}

    def curves(
        self, asked: Sequence[tuple[str, str]], names: Sequence[str] | None = None, budget: int = 2000
    ) -> Updates:
        if self.failing:
            raise OSError("the app is gone")
        updates = []
        for run_id, cursor in asked:
            run, after = self.get(run_id), int(cursor.split(":")[2]) if cursor else -1
            points = {
                name: [p for p in series if p.step > after]
                for name, series in self.series[run_id].items()
                if names is None or name in names
            }
            last = max((p.step for series in self.series[run_id].values() for p in series), default=after)
            updates.append(
                CurveUpdate(
                    run_id=run_id,
                    cursor=f"0:{last}:{last}:0",  # the last step, as a cursor writes it
                    reset=not cursor,
                    points={name: curve_of(series) for name, series in points.items() if series},
                    strides={} if cursor else dict.fromkeys(points, 1),
                    status=run.status,
                    step=run.step,
                    total_steps=run.total_steps,
                )
            )
        return updates

    def head(self, run_id: str, names: Sequence[str] | None) -> Head:
        if self.failing:
            raise OSError("the app is gone")
        run, asked = self.get(run_id), self.series[run_id] if names is None else names
        extent = Extent(0, run.status, run.step, run.total_steps, self.changes()[1], 0)
        return Head(run_id, extent, dict.fromkeys(asked, 1))

    def since(self, head: Head, cursor: str) -> CurveUpdate:
        (update,) = self.curves([(head.run_id, cursor)], list(head.strides))
        return update

    def changes(self) -> tuple[str, int]:
        """Always more: what a test changes is seen at once."""
        return "fake", next(_CHANGES)

    def time_left(self, run: Run, now: float) -> Left | None:
        return Left(130.0, 170.0) if run.step else None

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        run = self.get(run_id)
        steps = [p.step for p in self.series[run_id].get("probe/gold", [])]
        return tuple(
            Sample(
                step=step,
                item_id=item,
                kind=kind,
                prompt=prompt,
                completion=answers[0]
                if step < run.step / 2
                else answers[1] + (" I hope that helps." if step > run.step * 0.8 else ""),
                scores={"gold": -1.0 if step < run.step / 2 else 1.0},
            )
            for step in steps
            for item, kind, prompt, answers in PROMPTS
        )

    def checkpoints(self, run_id: str) -> tuple[Checkpoint, ...]:
        run = self.get(run_id)
        steps = [s for s in (40, 80) if s <= run.step]
        return tuple(Checkpoint(run_id=run_id, step=s, bytes=410_000, created_at=NOW) for s in steps)

    def alarms(self, run_id: str) -> tuple[Alarm, ...]:
        return self.alarms_of.get(run_id, ())

    def log_tail(self, run_id: str, lines: int = 200) -> tuple[int, Any]:
        run = self.get(run_id)
        log = [f"01:42:{s % 60:02d}  step {s}  loss {1 / s:.3f}" for s in range(1, run.step + 1)]
        log[:1] = [f"Loading /home{'/somewhere-far-down' * 30}"] * bool(log)
        return len(log), log[-lines:]

    def log_file(self, run_id: str) -> Path:
        if self.get(run_id).id not in self.logs:
            raise NotFound(f"Run {run_id} has written no log yet.")
        return self.logs[run_id]

    def lineage(self, run_id: str) -> Lineage:
        """Ancestors, the run, and what directly goes on from it, linked by weights alone."""
        run = self.get(run_id)
        before: tuple[Run, ...] = ()
        while (parent := (before[0] if before else run).parent_run_id) is not None:
            before = (self.get(parent), *before)
        chain = {one.id: one for one in (*before, run)}
        members = {r.id: r for r in self.runs.values() if r.pipeline_id == run.pipeline_id}
        after = {r.id: r for r in self.runs.values() if r.parent_run_id == run_id}
        runs = chain | members | after
        links = [Link(r.parent_run_id, "adapter", r.id) for r in runs.values() if r.parent_run_id in runs]
        return Lineage(runs=tuple(runs.values()), links=tuple(links))

    def pipeline(self, pipeline_id: str) -> Pipeline:
        runs = tuple(r for r in self.runs.values() if r.pipeline_id == pipeline_id)
        return Pipeline(
            id=pipeline_id,
            title=runs[0].title,
            method=runs[0].method,
            base="lantern",
            spec=self.clone(runs[0].id),
            created_at=NOW,
            owner="local",
            runs=runs,
        )

    def titles(self) -> frozenset[str]:
        return frozenset(run.title for run in self.runs.values())

    def clone(self, run_id: str) -> PipelineSpec:
        run = self.get(run_id)
        if run.pipeline_id in self.specs:
            return self.specs[run.pipeline_id]
        return PipelineSpec(title=run.title, method=run.method, stages={run.stage: dict(run.recipe.settings)})

    def on_stop(self, run_id: str) -> str:
        return f"It saves its last whole step, if it has made one, and ends. {run_id} keeps the rest."

    def stop(self, run_id: str, *, user: str) -> str:
        self._act("stop", run_id, user, RunStatus.STOPPING)
        return self.on_stop(run_id)

    def resume(self, run_id: str, *, user: str) -> None:
        self._act("resume", run_id, user, RunStatus.QUEUED)

    def delete(self, run_id: str, *, user: str) -> None:
        if self.get(run_id).status.is_live:
            raise NotPossibleNow(f"{run_id} is running. Stop it first.")
        self.done.append(("delete", run_id, user))
        self.bin.binned[run_id] = self.runs.pop(run_id)

    def overview(self) -> Overview:
        runs = self.list()
        return Overview(
            live=tuple(r for r in runs if r.status.is_live),
            queued=tuple(r for r in runs if r.status == RunStatus.QUEUED),
            recent=tuple(r for r in runs if r.status.is_ended),
        )

    def pill(self) -> dict[str, Any]:
        seen = self.overview()
        first = seen.live[0] if seen.live else None
        percent = round(100 * first.step / first.total_steps) if first and first.total_steps else None
        return {
            "running": len(seen.live),
            "queued": len(seen.queued),
            "run_id": first.id if first else None,
            "percent": percent,
        }

    def _act(self, action: str, run_id: str, user: str, status: RunStatus) -> None:
        self.runs[run_id] = self.get(run_id).model_copy(update={"status": status})
        self.done.append((action, run_id, user))


@dataclass
class FakeLaunching(Launching):
    """Launching the tour adds its two runs once per launch id."""

    runs: FakeRuns
    launched: dict[str, Pipeline] = field(default_factory=dict)
    prepared: int = 0  #: how often a launch was to be expected

    def prepare(self) -> None:
        self.prepared += 1

    def launch(self, spec: PipelineSpec, *, launch_id: str, user: str) -> Pipeline:
        if launch_id not in self.launched:
            name = f"tour-{len(self.launched) + 1}"
            ids = {
                "pipeline_id": f"p-{name}",
                "method": "dpo",
                "title": spec.title,
                "step": 0,
                "created_at": NOW,
            }
            self.runs.add(make_run(f"{name}-sft", status=RunStatus.STARTING, **ids))
            self.runs.add(
                make_run(
                    f"{name}-dpo",
                    stage="dpo",
                    position=1,
                    parent_run_id=f"{name}-sft",
                    status=RunStatus.QUEUED,
                    **ids,
                )
            )
            self.launched[launch_id] = self.runs.pipeline(f"p-{name}")
        return self.launched[launch_id]

    def kept_out(self, spec: PipelineSpec) -> tuple[str, ...]:
        return ()

    def few_pairs(self, spec: PipelineSpec) -> tuple[str, ...]:
        return ()

    def room(self, spec: PipelineSpec) -> Room | None:
        return Room(needed=45_000_000, free=13_000_000_000, is_tight=False)

    def ensure_keeper(self) -> None:
        """Nothing to do: a fake world has no work."""


@dataclass
class FakeReviewing(Reviewing):
    """Rows by run, whoever waits for them, and why they are fixed."""

    runs: FakeRuns
    made: dict[str, list[GeneratedRow]] = field(default_factory=dict)
    waiting_for: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)

    def version(self, run_id: str) -> str:
        return repr(self.made[run_id])

    def rows(self, run_id: str, *, which: Which = "all", offset: int = 0, limit: int = 20) -> RowsPage:
        every = self.made[run_id]
        kinds: dict[Which, list[GeneratedRow]] = {
            "all": every,
            "edited": [row for row in every if row.is_edited],
            "dropped": [row for row in every if row.is_dropped],
        }
        return RowsPage(
            rows=tuple(kinds[which][offset : offset + limit]),
            counts={kind: len(rows) for kind, rows in kinds.items()},
            left_out={},
        )

    def waiting(self, run_id: str) -> tuple[Run, ...]:
        return tuple(self.runs.get(one) for one in self.waiting_for.get(run_id, ()))

    def to_look_at(self) -> dict[str, str]:
        return {taker: source for source, takers in self.waiting_for.items() for taker in takers}

    def why_fixed(self, run_id: str) -> str | None:
        return self.fixed.get(run_id)

    def edit_row(
        self,
        run_id: str,
        number: int,
        *,
        columns: Mapping[str, str] | None = None,
        drop: bool | None = None,
        user: str,
    ) -> GeneratedRow:
        self.runs.done.append(("edit", f"{run_id} {number} {columns} {drop}", user))
        return self.made[run_id][number - 1]

    def approve(self, run_id: str, *, user: str) -> tuple[Run, ...]:
        waiting = self.waiting(run_id)
        self.runs.done.append(("approve", run_id, user))
        self.waiting_for.pop(run_id)
        return waiting


def curve_of(points: Iterable[Point]) -> Curve:
    pairs = [(point.step, point.nonfinite or point.value or 0.0) for point in points]
    return Curve(tuple(step for step, _ in pairs), tuple(value for _, value in pairs))


class FakeLooking(Looking):
    """A machine that never changes, with what its live run holds."""

    def __init__(self) -> None:
        """It needs neither home nor storage."""

    def look(self) -> Devices:
        machine = Machine(
            cpu_count=2,
            cpu_percent=41.0,
            memory_used=3_100_000_000,
            memory_total=8_000_000_000,
            gpus=(),
            disk_free=41_000_000_000,
        )
        held = Holder(run="beta-sweep", title="Beta sweep", stage="dpo", memory=910_000_000, gpus={})
        return Devices(machine=machine, gpus=(), held=(held,))


class FakeVoteViews(VoteViews):
    """Nothing here was made of votes."""

    def __init__(self) -> None: ...

    def behind(self, run: Run) -> DatasetInfo | None:
        return None

    def newer(self, info: DatasetInfo) -> int:
        return 0


class World:
    """Services over a small made-up past: two finished runs, one training, one waiting, one failed, one stopped."""

    def __init__(self, *, empty: bool = False) -> None:
        self.runs = FakeRuns()
        self.launching = FakeLaunching(self.runs)
        self.reviewing = FakeReviewing(self.runs)
        self.devices = FakeLooking()
        self.vote_views = FakeVoteViews()
        if not empty:
            self._fill()

    @cached_property
    def storage(self) -> Storage:
        """Votes are real, in a home of their own that is made when somebody asks for them and goes with this world."""
        folder = TemporaryDirectory(ignore_cleanup_errors=True)
        storage = open_storage(fresh_home(Path(folder.name)))
        weakref.finalize(self, folder.cleanup)
        weakref.finalize(self, storage.close)  # the last one made is called first
        return storage

    @cached_property
    def votes(self) -> Votes:
        return Votes(self.storage)

    @cached_property
    def voting(self) -> Voting:
        return Voting(self.storage, self.votes)

    def _fill(self) -> None:
        add = self.runs.add
        self.runs.specs["p-tour"] = load_spec("lantern-dpo")
        pair = {"pipeline_id": "p-tour", "title": "Lantern SFT, then DPO", "method": "dpo"}
        add(make_run("tour-sft", **pair), 0.42, 0.61)
        add(
            make_run(
                "tour-dpo", stage="dpo", parent_run_id="tour-sft", position=1, created_at=NOW - 550, **pair
            ),
            0.61,
            0.83,
        )
        add(
            make_run("sft-again", created_at=NOW - 9000, started_at=NOW - 8990, ended_at=NOW - 8940),
            0.7,
            0.71,
        )
        add(
            make_run(
                "smol-first-try",
                stage="dpo",
                method="dpo",
                status=RunStatus.FAILED,
                step=11,
                total_steps=240,
                reason="Out of memory at step 11.",
                created_at=NOW - 90_000,
            ),
            0.4,
            0.5,
        )
        add(
            make_run(
                "cards",
                status=RunStatus.STOPPED,
                step=30,
                total_steps=60,
                reason="Stopped by local at step 30.",
            ),
            0.5,
            0.71,
        )
        live = make_run("beta-sweep", stage="dpo", method="dpo", status=RunStatus.RUNNING, step=38, total_steps=90, attempt=2,
                        phase="training", parent_run_id="tour-sft", created_at=NOW - 60, started_at=NOW - 55)  # fmt: skip
        add(live, 0.61, 0.4)
        self.runs.alarms_of["beta-sweep"] = (
            Alarm(
                step=30,
                name="over_refusal",
                message="Since step 30 it refuses 31 % of harmless questions.",
                created_at=NOW - 10,
            ),
        )
        add(
            make_run(
                "beta-sweep-2",
                stage="dpo",
                method="dpo",
                status=RunStatus.QUEUED,
                step=0,
                total_steps=None,
                reason="Starts when beta-sweep ends: both need the processor.",
                created_at=NOW - 30,
                started_at=None,
            )
        )
