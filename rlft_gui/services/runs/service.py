"""Runs as screens and the command line see them, and what one can do to them.

Everything shown comes from rows and from the run's own log; nothing is kept in memory, so a second tab, a refresh or
a restart sees the same.
"""

import builtins
import difflib
from collections.abc import Sequence
from pathlib import Path

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.domain.run import Alarm, Checkpoint, CurveUpdate, Pipeline, Point, Run, Sample
from rlft_gui.domain.status import ENDED, LIVE, RunStatus
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.runs import curves, estimate
from rlft_gui.services.runs.bin import Bin
from rlft_gui.services.runs.curves import Head
from rlft_gui.services.runs.labels import STARTS_NEXT, name_of, takes
from rlft_gui.services.runs.lineage import Lineage, lineage
from rlft_gui.services.runs.logs import tail
from rlft_gui.services.runs.stopping import Stopping
from rlft_gui.storage import Storage

#: How many ended runs the home page shows.
RECENT = 8
#: How many runs of the same stage and base say how long one usually takes.
EARLIER_RUNS = 3


class Overview(Frozen):
    """What goes on, what waits (with reasons) and what ended last, newest first."""

    live: tuple[Run, ...]
    queued: tuple[Run, ...]
    recent: tuple[Run, ...]


class Runs:
    """Safe to share between threads. `keeper` is told whenever something waits to be done."""

    def __init__(self, home: Home, storage: Storage, keeper: KeeperStarter | None = None) -> None:
        self._home = home
        self._storage = storage
        self._keeper = keeper or KeeperStarter(home)
        self._stopping = Stopping(home, storage)
        self.bin = Bin(home, storage, self._keeper)

    def get(self, run_id: str) -> Run:
        """One run.

        Raises:
            NotFound: there is none of that id; names the nearest.
        """
        run = self._storage.runs.get(run_id)
        if run is None:
            if any(one.id == run_id for one in self._storage.runs.deleted()):
                raise NotFound(
                    f"Run {run_id} was deleted and is in the bin. Restore it on the page Runs, or with "
                    f"`rlft bin restore {run_id}`."
                )
            near = difflib.get_close_matches(run_id, self._storage.runs.ids(), n=3, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else "`rlft runs` lists them."
            raise NotFound(f'There is no run "{run_id}". {hint}')
        return run

    def is_votes_on_lantern(self, dataset: str) -> bool:
        """Whether a dataset was made of votes on what Lantern's models answered, here and nowhere else."""
        info = self._storage.datasets.get(dataset)
        votes = self._storage.votes.set_named(info.votes.votes) if info and info.votes else None
        return votes is not None and bool(votes.sources) and all(map(self._is_of_lantern, votes.sources))

    def _is_of_lantern(self, source: str) -> bool:
        kind, _, name = source.partition(":")
        if kind == "run":
            run = self._storage.runs.get(name)
            return run is not None and run.base == LANTERN
        if kind == "comparison":
            comparison = self._storage.comparisons.get(name)
            return comparison is not None and comparison.base == LANTERN
        return kind == LANTERN

    def list(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        status: RunStatus | None = None,
        method: str | None = None,
        text: str | None = None,
    ) -> tuple[Run, ...]:
        """Newest first; `text` looks in ids, titles, stages and base models."""
        statuses = None if status is None else (status,)
        return self._storage.runs.list(
            limit=limit, offset=offset, statuses=statuses, method=method, text=text
        )

    def pipelines(self, limit: int = 50) -> tuple[Pipeline, ...]:
        return self._storage.runs.pipelines(limit)

    def pipeline(self, pipeline_id: str) -> Pipeline:
        found = self._storage.runs.pipeline(pipeline_id)
        if found is None:
            raise NotFound(f'There is no pipeline "{pipeline_id}".')
        return found

    def overview(self) -> Overview:
        rows = self._storage.runs
        return Overview(
            live=rows.list(statuses=LIVE),
            queued=rows.list(statuses=(RunStatus.QUEUED,), oldest_first=True),
            recent=rows.list(statuses=ENDED, limit=RECENT),
        )

    def tend(self) -> None:
        """See that a keeper lives as long as something is live or can start. Whoever watches calls this."""
        if self._storage.runs.has_work():
            self._keeper.ensure()

    def pill(self) -> dict[str, int | str | None]:
        """The few facts in every page's corner. Whoever polls them keeps a keeper alive as long as there is work."""
        self.tend()
        seen = self.overview()
        first = seen.live[-1] if seen.live else None
        total = first.total_steps if first else None
        return {
            "running": len(seen.live),
            "queued": len(seen.queued),
            "run_id": first.id if first else None,
            "percent": min(100, 100 * first.step // total) if first and total else None,
        }

    def metrics(self, run_id: str) -> dict[str, builtins.list[Point]]:
        """Every point of every metric."""
        (update,) = self.curves([(self.get(run_id).id, "")], budget=2**62)
        return {
            name: [Point.of(*pair) for pair in zip(curve.steps, curve.values, strict=True)]
            for name, curve in update.points.items()
        }

    def last_values(self, run_id: str) -> dict[str, Point]:
        """The newest point of every metric."""
        return self._storage.reports.last_values(self.get(run_id).id)

    def curves(
        self,
        asked: Sequence[tuple[str, str]],
        names: Sequence[str] | None = None,
        budget: int = curves.BUDGET,
    ) -> builtins.list[CurveUpdate]:
        """What is new per (run id, cursor); "" asks for everything. See services/runs/curves.py."""
        heads = curves.heads(self._storage.reports, [run_id for run_id, _ in asked], names, budget)
        return [self.since(head, cursor) for head, (_, cursor) in zip(heads, asked, strict=True)]

    def head(self, run_id: str, names: Sequence[str] | None) -> Head:
        """How far a run has come, to bring many readers up to the same."""
        (head,) = curves.heads(self._storage.reports, [run_id], names, curves.BUDGET)
        return head

    def since(self, head: Head, cursor: str) -> CurveUpdate:
        """What a reader with this cursor lacks up to the head."""
        return curves.since(self._storage.reports, head, cursor)

    def changes(self) -> tuple[str, int]:
        """Differs between databases, and after whatever this process writes: an answer from before must not be shown to who
        changed something, nor one of a home to who asks about another."""
        return str(self._storage.database.path), self._storage.database.writes

    def time_left(self, run: Run, now: float) -> estimate.Left | None:
        """What a live run has still to go; None where it is not known. See services/runs/estimate.py."""
        reports = self._storage.reports
        earlier = [
            estimate.Earlier(
                reports.spans(one.id), one.total_steps, one.recipe.settings == run.recipe.settings
            )
            for one in self._storage.runs.alike(run.stage, run.base, EARLIER_RUNS)
        ]
        return estimate.left(run, reports.spans(run.id), earlier, now)

    def probing_share(self, stages: Sequence[str], base: str) -> float | None:
        """The share of their time that earlier runs of these stages on this base spent on probes; None if there are none."""
        runs = [one for stage in stages for one in self._storage.runs.alike(stage, base, EARLIER_RUNS)]
        return estimate.probing_share([self._storage.reports.spans(run.id) for run in runs])

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        return self._storage.reports.samples(run_id)

    def checkpoints(self, run_id: str) -> tuple[Checkpoint, ...]:
        return self._storage.reports.checkpoints(run_id)

    def alarms(self, run_id: str) -> tuple[Alarm, ...]:
        return self._storage.reports.alarms(run_id)

    def log_tail(self, run_id: str, lines: int = 200) -> tuple[int, builtins.list[str]]:
        """How many lines the log has, and the last of them."""
        return tail(self._home.run(self.get(run_id).id).log, lines)

    def log_file(self, run_id: str) -> Path:
        """The whole log, as long as it is.

        Raises:
            NotFound: there is no such run, or it has written nothing yet.
        """
        log = self._home.run(self.get(run_id).id).log
        if not log.exists():
            raise NotFound(f"Run {run_id} has written no log yet. It begins when the run does.")
        return log

    def lineage(self, run_id: str) -> Lineage:
        """The run's pipeline with all that it takes from others, and the runs that take something from this one."""
        return lineage(self._storage.runs, self.get(run_id))

    def titles(self) -> frozenset[str]:
        """The titles that pipelines have."""
        return self._storage.runs.titles()

    def clone(self, run_id: str) -> PipelineSpec:
        """What the run's pipeline was launched with, to change and launch again.

        Raises:
            NotPossibleNow: what was stored of it cannot be read.
        """
        pipeline = self.pipeline(self.get(run_id).pipeline_id)
        if pipeline.unreadable:
            raise NotPossibleNow(pipeline.unreadable)
        return pipeline.spec

    def on_stop(self, run_id: str) -> str:
        """What a run that has not ended would do now if it were asked to stop, and what would be kept."""
        return self._stopping.answer(self.get(run_id))

    def stop(self, run_id: str, *, user: str) -> str:
        """Ask a run to stop. A queued one ends at once, and those that wait for it too.

        Returns what it does then, and what is kept whatever happens; the reason of its end says where resume goes on.

        Raises:
            NotPossibleNow: it has ended.
        """
        run = self._owned(run_id, user)
        if run.status is RunStatus.QUEUED:
            held = f"It was not started, because {name_of(run)} was stopped. It is queued again when that one is resumed."
            answer = self._stopping.answer(run)
            if self._storage.transitions.stop_queued(run, "It was stopped before it started.", held):
                return answer
            run = self.get(run_id)  # it started just now
        if run.status.is_ended:
            raise NotPossibleNow(f"{name_of(run)} has already ended: it {run.status}.")
        self._storage.transitions.set_stopping(run, lambda: _ask_to_stop(self._home.run(run.id)))
        self._keeper.ensure()
        return self._stopping.answer(run)

    def resume(self, run_id: str, *, user: str) -> None:
        """Queue a stopped or failed run again; it goes on from its last checkpoint.

        Raises:
            NotPossibleNow: it has not ended, has succeeded, or something that it takes from another run is not there.
        """
        run = self._owned(run_id, user)
        if not run.status.is_resumable:
            raise NotPossibleNow(
                f"{name_of(run)} cannot be resumed, for it {_is(run.status)}. Only stopped and failed runs can."
            )
        if run.unreadable:
            raise NotPossibleNow(run.unreadable)
        self._refuse_without_source(run)
        folder = self._home.run(run.id)
        self._storage.transitions.requeue(run, STARTS_NEXT, clear=lambda: folder.stop.unlink(missing_ok=True))
        self._keeper.ensure()

    def delete(self, run_id: str, *, user: str) -> None:
        """Put a run into the bin, with its folder; what has been there for long goes for good.

        Raises:
            NotPossibleNow: it is live, or other runs take something from it.
        """
        run = self._owned(run_id, user)
        if not self._storage.transitions.delete(run.id):
            raise NotPossibleNow(self._why_kept(self.get(run_id)))
        self.bin.expire()

    def why_kept(self, run_id: str) -> str | None:
        """Why a run cannot be deleted now, as a sentence; None if it can."""
        run = self.get(run_id)
        is_free = not run.status.is_live and not self._storage.runs.continuations(run_id)
        return None if is_free else self._why_kept(run)

    def _owned(self, run_id: str, user: str) -> Run:
        run = self.get(run_id)
        if run.owner != user:
            raise NotAllowed(f"{name_of(run)} belongs to {run.owner}; only they can change it.")
        return run

    def _refuse_without_source(self, run: Run) -> None:
        for role, ref in run.recipe.sources().items():
            source = self.get(ref.run_id)
            if ref.step is None and source.status.is_resumable:
                raise NotPossibleNow(
                    f"{name_of(run)} {takes(role, name_of(source))}, which {source.status}. Resume that one first."
                )

    def _why_kept(self, run: Run) -> str:
        if run.status.is_live:
            return f"{name_of(run)} {_is(run.status)}. Stop it first, then delete it."
        links = self._storage.runs.links([run.id])
        others = ", ".join(
            f"{taker} {takes(role, 'it')}" for source, role, taker in links if source == run.id
        )
        return f"{name_of(run)} is needed: {others}. Delete those first."


def _ask_to_stop(folder: RunFolder) -> None:
    folder.path.mkdir(parents=True, exist_ok=True)  # the run may have been claimed an instant ago
    folder.stop.touch()


def _is(status: RunStatus) -> str:
    return "has succeeded" if status is RunStatus.SUCCEEDED else f"is {status}"
