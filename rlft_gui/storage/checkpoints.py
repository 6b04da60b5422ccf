"""Checkpoints as rows: which of them others name, and forgetting those that are gone from the disk."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa

from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database

_NAME = re.compile(r"([A-Za-z0-9_.-]+)@([0-9]{1,15})(?![0-9])")

#: Wherever a checkpoint may be named as "RUN@step": recipes and what was launched, comparisons and what wrote their answers,
#: answers that were judged, sets of votes and raters. Comparisons that were deleted today may be brought back.
_TEXTS = (
    t.run.c.recipe,
    t.pipeline.c.spec,
    t.comparison.c.models,
    t.generation.c.checkpoint,
    t.batch_answer.c.checkpoint,
    t.answer.c.model,
    t.vote_set.c.sources,
    t.vote_set.c.plan,
    t.vote.c.rater,
)


class CheckpointRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def named(self, run_id: str | None = None) -> Mapping[str, frozenset[int]]:
        """Which steps somebody or something names, by run; of one run, or of all. A run's own recipe names none of its own."""
        found: dict[str, set[int]] = defaultdict(set)
        with self._database.read() as connection:
            for run, step in _named(connection, run_id):
                found[run].add(step)
        return {run: frozenset(steps) for run, steps in found.items() if run_id in (None, run)}

    def forget(self, run_id: str, steps: Collection[int]) -> None:
        """Remove the rows of checkpoints that go."""
        number = sa.select(t.run.c.number).where(t.run.c.id == run_id).scalar_subquery()
        gone = (t.checkpoint.c.run_number == number) & t.checkpoint.c.step.in_(steps)
        with self._database.write() as connection:
            connection.execute(sa.delete(t.checkpoint).where(gone))


def _named(connection: sa.Connection, run_id: str | None) -> Iterator[tuple[str, int]]:
    for column in _TEXTS:
        text = sa.cast(column, sa.Text)
        query = sa.select(text).distinct().where(text.contains(f"{run_id or ''}@", autoescape=True))
        for found in connection.scalars(query):
            yield from ((name, int(step)) for name, step in _NAME.findall(found))
    # What a run continues is told apart: {"run_id": RUN, "step": N}.
    recipes = sa.select(sa.cast(t.run.c.recipe, sa.Text)).where(
        sa.cast(t.run.c.recipe, sa.Text).contains(run_id or '"step"', autoescape=True)
    )
    for recipe in connection.scalars(recipes):
        parent = json.loads(recipe).get("parent") or {}
        if isinstance(parent.get("step"), int):
            yield parent["run_id"], parent["step"]
