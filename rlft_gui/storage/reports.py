"""Reading what runs reported: points, samples, checkpoints, alarms."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from rlft_gui.domain.run import Alarm, Checkpoint, Curve, Point, Sample, Span
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database


class Seen(NamedTuple):
    """The newest report that a reader has, and the step that the run had then: nothing newer stands below it."""

    at: int
    step: int


NOTHING = Seen(0, -1)

#: In the order of the key, found by it alone: rows of one series lie side by side.
SERIES = """
    SELECT step, coalesce(value, nonfinite) FROM metric
    WHERE run_number = ? AND name_id = ? AND step >= ? AND at > ? AND at <= ? AND rank % ? = 0
    ORDER BY step
"""

#: In plain SQL, as everything that each look at a chart asks: putting together a statement takes longer than these do.
NAMES = "SELECT name, id FROM metric_name"
EXTENTS = "SELECT id, number, status, step, total_steps, last_at, drops FROM run WHERE deleted_at IS NULL AND id IN ({marks})"

LAST = """
    SELECT name, step, value, nonfinite, rank
    FROM metric_name CROSS JOIN metric ON run_number = ? AND name_id = id AND step = (
        SELECT max(step) FROM metric WHERE run_number = ? AND name_id = id
    )
    {named} ORDER BY name
"""


def last_of(names: Sequence[str] | None) -> str:
    """The query for the last point of each series, of these names or of all."""
    marks = ", ".join("?" * len(names or ()))
    return LAST.format(named="" if names is None else f"WHERE name IN ({marks})")


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
        query = EXTENTS.format(marks=", ".join("?" * len(run_ids)))
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(query, tuple(run_ids))
            return {
                row.id: Extent(
                    row.number, RunStatus(row.status), row.step, row.total_steps, row.last_at, row.drops
                )
                for row in rows
            }

    def lengths(self, number: int, names: Sequence[str] | None = None) -> dict[str, int]:
        """How many points each series of a run has."""
        return {name: length for name, (_, length) in self._series(number, names).items()}

    def series(self, number: int, strides: Mapping[str, int], *, seen: Seen, until: int) -> dict[str, Curve]:
        """What a reader that has `seen` so much lacks of series, as far as reported `until` then.

        `strides` say of each series that only points are told whose rank it divides: always the same ones.
        """
        found: dict[str, Curve] = {}
        with self._database.read() as connection:
            # A few dozen names in all, read once for every series that is asked for.
            ids: dict[str, int] = {row.name: row.id for row in connection.exec_driver_sql(NAMES)}
            for name, stride in strides.items():
                asked = (number, ids[name], seen.step, seen.at, until, stride)
                if rows := _fetched(connection, SERIES, asked):
                    found[name] = Curve(*zip(*rows, strict=True))
        return found

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
            .where(t.run.c.id == run_id, t.run.c.deleted_at.is_(None))
            .order_by(*(table.c[name] for name in order))
        )
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _series(self, number: int, names: Sequence[str] | None) -> dict[str, tuple[Point, int]]:
        """Last point and length of each series: one look-up in the key per name, however many points there are."""
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(last_of(names), (number, number, *(names or ()))).all()
        return {row.name: (_point(row), row.rank + 1) for row in rows}


def _point(row: Any) -> Point:
    return Point(step=row.step, value=row.value, nonfinite=row.nonfinite)


def _fetched(connection: sa.Connection, query: str, asked: tuple[int, ...]) -> list[tuple[Any, ...]]:
    """By the driver's own cursor. SQLAlchemy makes an object that is garbage-collected of each row, and fifty thousand of
    them at once cost four times what SQLite takes."""
    driver: Any = connection.connection.driver_connection
    rows: list[tuple[Any, ...]] = driver.execute(query, asked).fetchall()
    return rows
