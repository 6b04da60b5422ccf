"""Reading what batches asked and were answered, and what probes wrote: the sources of the table of answers."""

from collections.abc import Sequence

import sqlalchemy as sa

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.run import Sample
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database

_ANSWER = tuple(t.batch_answer.c[name] for name in BatchAnswer.model_fields)
_SAMPLE = tuple(t.sample.c[name] for name in Sample.model_fields)


class AnswerRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def prompts(self, run_id: str) -> tuple[SuitePrompt, ...]:
        """What a batch asks, in the order of its suite."""
        query = (
            sa.select(t.batch_prompt)
            .join(t.run, t.run.c.number == t.batch_prompt.c.run_number)
            .where(_is(run_id))
            .order_by(sa.literal_column("batch_prompt.rowid"))
        )
        with self._database.read() as connection:
            return tuple(
                SuitePrompt(id=row.item_id, kind=row.kind, messages=tuple(row.messages), right=row.right)
                for row in connection.execute(query)
            )

    def answers(self, run_id: str, models: Sequence[str] | None = None) -> tuple[BatchAnswer, ...]:
        """Of a batch: by model, prompt and seed; those of these models, or of all."""
        query = (
            sa.select(*_ANSWER)
            .join(t.run, t.run.c.number == t.batch_answer.c.run_number)
            .where(_is(run_id))
            .order_by(t.batch_answer.c.model, t.batch_answer.c.item_id, t.batch_answer.c.seed)
        )
        if models is not None:
            query = query.where(t.batch_answer.c.model.in_(models))
        with self._database.read() as connection:
            return tuple(BatchAnswer(**row) for row in connection.execute(query).mappings())

    def counts(self, run_id: str) -> tuple[int, int]:
        """How many answers a batch has, and how many of them failed."""
        failed = sa.func.count(t.batch_answer.c.error)
        query = (
            sa.select(sa.func.count(), failed)
            .select_from(t.batch_answer)
            .join(t.run, t.run.c.number == t.batch_answer.c.run_number)
            .where(_is(run_id))
        )
        with self._database.read() as connection:
            count, lost = connection.execute(query).one()
        return int(count), int(lost)

    def probed_steps(self, run_id: str) -> tuple[int, ...]:
        """The steps at which a run's probe kept answers, ascending."""
        query = (
            sa.select(t.sample.c.step)
            .distinct()
            .join(t.run, t.run.c.number == t.sample.c.run_number)
            .where(_is(run_id))
            .order_by(t.sample.c.step)
        )
        with self._database.read() as connection:
            return tuple(connection.scalars(query))

    def probed(self, run_id: str, step: int) -> tuple[Sample, ...]:
        """What a run's probe wrote at a step."""
        query = (
            sa.select(*_SAMPLE)
            .join(t.run, t.run.c.number == t.sample.c.run_number)
            .where(_is(run_id), t.sample.c.step == step)
            .order_by(t.sample.c.item_id)
        )
        with self._database.read() as connection:
            return tuple(Sample(**row) for row in connection.execute(query).mappings())


def _is(run_id: str) -> "sa.ColumnElement[bool]":
    return sa.and_(t.run.c.id == run_id, t.run.c.deleted_at.is_(None))
