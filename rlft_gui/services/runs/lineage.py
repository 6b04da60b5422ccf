"""Which run takes what from which: weights, rows, a reward model, a judge. What screens draw as a graph."""

from collections.abc import Collection
from typing import NamedTuple

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Run
from rlft_gui.storage.runs import RunRows

#: Of the runs of other pipelines that take something from a run, so many are shown; a popular one has hundreds.
MOST_TAKERS = 6


class Link(NamedTuple):
    """One run takes something from another; `role` is "adapter", "data", "reward" or "judge"."""

    source: str
    role: str
    taker: str


class Lineage(Frozen):
    """A graph of runs. Whoever takes something stands behind whom it takes it from; links are only among `runs`.

    `left_out` counts runs of other pipelines that also take something from the run asked about. `binned` are runs in the
    bin, of its pipeline or taking something from it, oldest first.
    """

    runs: tuple[Run, ...]
    links: tuple[Link, ...]
    left_out: int = 0
    binned: tuple[Run, ...] = ()

    def before(self, run_id: str) -> tuple[Run, ...]:
        """The run and all whose weights it goes on from, the first ancestor first."""
        by_id = {run.id: run for run in self.runs}
        chain = [by_id[run_id]]
        while (parent := by_id.get(chain[0].parent_run_id or "")) is not None:
            chain.insert(0, parent)
        return tuple(chain)


def lineage(rows: RunRows, run: Run) -> Lineage:
    """The pipeline of a run, what that takes from other pipelines, directly or not, and who takes from this run."""
    pipeline = rows.pipeline(run.pipeline_id)
    known = {one.id for one in pipeline.runs} if pipeline else {run.id}
    takers = [one.id for one in rows.continuations(run.id) if one.id not in known]
    links, fresh = set[Link](), known
    while fresh:
        taken = _taken(rows, fresh)
        links |= taken
        fresh = {link.source for link in taken} - known
        known = known | fresh
    shown = set(takers[-MOST_TAKERS:])
    links |= {link for link in _taken(rows, shown) if link.source in known | shown}
    return Lineage(
        runs=rows.named(known | shown),
        links=tuple(sorted(links)),
        left_out=len(takers) - len(shown),
        binned=tuple(one for one in reversed(rows.deleted()) if _belongs(one, run)),
    )


def _belongs(deleted: Run, run: Run) -> bool:
    sources = deleted.recipe.sources().values()
    return deleted.pipeline_id == run.pipeline_id or any(source.run_id == run.id for source in sources)


def _taken(rows: RunRows, takers: Collection[str]) -> set[Link]:
    """What these runs take."""
    return {link for found in rows.links(list(takers)) if (link := Link(*found)).taker in takers}
