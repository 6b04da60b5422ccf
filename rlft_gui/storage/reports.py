"""Reading what runs reported: points, samples, checkpoints, alarms."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from rlft_gui.domain.run import Alarm, Checkpoint, Point, Sample, Span
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database


class Extent(NamedTuple):
    """How much a run has reported, told without looking at its points."""

    number: int
    status: RunStatus
    step: int
    total_steps: int | None
    last_at: int  #: grows with every report
    drops: int  #: grows with every time that points were taken back


class Reports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def extents(self, run_ids: Sequence[str]) -> dict[str, Extent]:
        columns = (
            t.run.c[name] for name in ("id", "number", "status", "step", "total_steps", "last_at", "drops")
        )
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*columns).where(t.run.c.id.in_(run_ids)))
            return {
                row.id: Extent(
                    row.number, RunStatus(row.status), row.step, row.total_steps, row.last_at, row.drops
                )
                for row in rows
            }

    def lengths(self, number: int, names: Sequence[str] | None = None) -> dict[str, int]:
        """How many points each series of a run has."""
        return {name: length for name, (_, length) in self._series(number, names).items()}

    def series(self, number: int, name: str, *, stride: int, until: int) -> list[Point]:
        """Every stride-th point of one series, as far as reported `until` then: always the same ones."""
        name_id = sa.select(t.metric_name.c.id).where(t.metric_name.c.name == name).scalar_subquery()
        query = sa.select(t.metric.c.step, t.metric.c.value, t.metric.c.nonfinite).where(
            t.metric.c.run_number == number, t.metric.c.name_id == name_id, t.metric.c.at <= until
        )
        if stride > 1:
            query = query.where(t.metric.c.rank % stride == 0)
        with self._database.read() as connection:
            return [_point(row) for row in connection.execute(query.order_by(t.metric.c.step))]

    def news(self, number: int, *, after: int, until: int) -> list[tuple[str, int, Point]]:
        """The name, rank and point of all that was reported in (after, until], in the order of steps."""
        query = (
            sa.select(t.metric_name.c.name, t.metric)
            .join(t.metric_name, t.metric_name.c.id == t.metric.c.name_id)
            .where(t.metric.c.run_number == number, t.metric.c.at > after, t.metric.c.at <= until)
            .order_by(t.metric.c.step)
        )
        with self._database.read() as connection:
            return [(row.name, row.rank, _point(row)) for row in connection.execute(query)]

    def last_values(self, run_id: str) -> dict[str, Point]:
        """The newest point of every series."""
        with self._database.read() as connection:
            query = sa.select(t.run.c.number).where(t.run.c.id == run_id)
            number: int = connection.execute(query).scalar_one()
        return {name: point for name, (point, _) in self._series(number, None).items()}

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        return tuple(Sample(**row) for row in self._rows(t.sample, run_id, ("step", "item_id"), Sample))

    def checkpoints(self, run_id: str) -> tuple[Checkpoint, ...]:
        rows = self._rows(t.checkpoint, run_id, ("step",), Checkpoint)
        return tuple(Checkpoint(run_id=run_id, **row) for row in rows)

    def alarms(self, run_id: str) -> tuple[Alarm, ...]:
        return tuple(Alarm(**row) for row in self._rows(t.alarm, run_id, ("id",), Alarm))

    def spans(self, run_id: str) -> tuple[Span, ...]:
        """What its attempts did when, in order."""
        return tuple(Span(**row) for row in self._rows(t.phase, run_id, ("attempt", "seq"), Span))

    def _rows(
        self, table: sa.Table, run_id: str, order: Sequence[str], model: type[Any]
    ) -> list[dict[str, Any]]:
        columns = [table.c[name] for name in model.model_fields if name in table.c]
        query = (
            sa.select(*columns)
            .join(t.run, t.run.c.number == table.c.run_number)
            .where(t.run.c.id == run_id)
            .order_by(*(table.c[name] for name in order))
        )
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _series(self, number: int, names: Sequence[str] | None) -> dict[str, tuple[Point, int]]:
        """Last point and length of each series: one look-up in the key per name, however many points there are."""
        query = sa.select(t.metric_name)
        if names is not None:
            query = query.where(t.metric_name.c.name.in_(names))
        found: dict[str, tuple[Point, int]] = {}
        with self._database.read() as connection:
            for name_id, name in connection.execute(query.order_by(t.metric_name.c.name)).all():
                last = sa.select(t.metric).where(
                    t.metric.c.run_number == number, t.metric.c.name_id == name_id
                )
                row = connection.execute(last.order_by(t.metric.c.step.desc()).limit(1)).one_or_none()
                if row is not None:
                    found[name] = (_point(row), row.rank + 1)
        return found


def _point(row: Any) -> Point:
    # Values come from our own columns, so validating each of up to 100,000 of them would only cost time.
    return Point.model_construct(step=row.step, value=row.value, nonfinite=row.nonfinite)
