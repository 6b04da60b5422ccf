"""Turns what a worker wrote into rows, exactly once.

A batch of events and the new reading position are stored in one transaction, and the position is moved by
compare-and-set: of two ingesters that read the same lines one stores them, the other stores nothing. Beyond that,
events are known by (run, attempt, seq), so a line that was seen is never taken twice.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from rlft_gui.domain.events import (
    AlarmEvent,
    AnsweredEvent,
    AskedEvent,
    CheckpointEvent,
    DataEvent,
    Event,
    MetricsEvent,
    PhaseEvent,
    PlanEvent,
    ResumedEvent,
    SampleEvent,
    StateEvent,
)
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database


class Unreadable(NamedTuple):
    """A line that is no event."""

    message: str
    time: float


class EventBatch(NamedTuple):
    """Whole lines of a run's events.jsonl, from byte `start` to byte `end`."""

    run_id: str
    start: int
    end: int
    entries: Sequence[Event | Unreadable]


def _answered_upsert() -> Insert:
    insert = upsert(t.batch_answer)
    told = [column.name for column in t.batch_answer.c if not column.primary_key]
    return insert.on_conflict_do_update(
        index_elements=["run_number", "model", "item_id", "seed"],
        set_={name: insert.excluded[name] for name in told},
        where=t.batch_answer.c.error.is_not(None),
    )


#: An answer stays as it was first told, unless it failed.
_ANSWERED = _answered_upsert()

#: run_number, name_id, step, value, nonfinite, at, rank
_Point = tuple[int, int, int, float | None, str | None, int, int]

#: As written, for there are many: SQLAlchemy would take twice the time of SQLite to name their values.
UPSERT_POINTS = """
    INSERT INTO metric (run_number, name_id, step, value, nonfinite, at, rank) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (run_number, name_id, step)
    DO UPDATE SET value = excluded.value, nonfinite = excluded.nonfinite, at = excluded.at
"""


@dataclass
class _Series:
    name_id: int
    rank: int  # of its next point


class EventRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def position(self, run_id: str) -> int:
        """The byte up to which this run's events are stored."""
        with self._database.read() as connection:
            query = sa.select(t.run.c.read_offset).where(t.run.c.id == run_id)
            offset: int = connection.execute(query).scalar_one()
        return offset

    def store(self, batch: EventBatch) -> bool:
        """Store a batch; False, and nothing stored, if the position is no longer where the batch starts."""
        # What a run said of itself must survive a power cut; points are read from the folder again if they are lost.
        has_state = any(isinstance(entry, StateEvent) for entry in batch.entries)
        with self._database.write(durable=has_state) as connection:
            # Other ingesters may have moved it between the reading of the file and this transaction.
            query = sa.select(t.run).where(t.run.c.id == batch.run_id, t.run.c.read_offset == batch.start)
            run = connection.execute(query).one_or_none()
            if run is None:
                return False
            transcript = _Transcript(connection, run)
            for entry in batch.entries:
                transcript.take(entry)
            return transcript.finish(batch)

    def step_back(self, run_id: str, start: int, size: int) -> bool:
        """The file is shorter than what was read of it (a power cut took its end): go on from its end."""
        with self._database.write() as connection:
            moved = connection.execute(
                sa.update(t.run)
                .where(t.run.c.id == run_id, t.run.c.read_offset == start)
                .values(read_offset=size)
            )
        return moved.rowcount == 1


class _Transcript:
    """One transaction's worth of events of one run."""

    def __init__(self, connection: sa.Connection, run: "sa.Row[Any]") -> None:
        self._connection = connection
        self._number: int = run.number
        self._attempt: int = run.attempt
        self._seen = (run.read_attempt, run.read_seq)
        self._step: int = run.step
        self._last_at: int = run.last_at
        self._drops: int = run.drops
        self._changes: dict[str, Any] = {}
        self._points: list[_Point] = []
        self._answers: list[dict[str, Any]] = []
        self._stepped: tuple[int, float] | None = None  # the attempt that made the newest step, and when
        self._series: dict[str, _Series] = {}

    def take(self, entry: Event | Unreadable) -> None:
        if isinstance(entry, Unreadable):
            self._alarm(self._step, "unreadable-line", entry.message, entry.time)
        elif (entry.attempt, entry.seq) > self._seen:
            self._seen = (entry.attempt, entry.seq)
            self._take_event(entry)

    def _take_event(self, event: Event) -> None:
        match event:
            case MetricsEvent():
                self._metrics(event)
            case StateEvent():
                self._state(event)
            case PhaseEvent():
                self._phase(event)
            case PlanEvent():
                self._changes |= {"total_steps": event.total_steps, "facts": event.facts}
            case DataEvent():
                self._changes["row_account"] = event.account.model_dump()
            case ResumedEvent():
                self._resumed(event)
            case SampleEvent():
                self._sample(event)
            case AskedEvent():
                self._asked(event)
            case AnsweredEvent():
                self._answered(event)
            case CheckpointEvent():
                self._checkpoint(event)
            case AlarmEvent():
                self._alarm(event.step, event.name, event.message, event.time)

    def finish(self, batch: EventBatch) -> bool:
        """Write what was gathered and move the position on."""
        self._flush()
        self._tell_progress()
        read_attempt, read_seq = self._seen
        moved = self._connection.execute(
            sa.update(t.run)
            .where(t.run.c.number == self._number, t.run.c.read_offset == batch.start)
            .values(
                **self._changes,
                step=self._step,
                last_at=self._last_at,
                drops=self._drops,
                read_offset=batch.end,
                read_attempt=read_attempt,
                read_seq=read_seq,
            )
        )
        return moved.rowcount == 1

    def _state(self, event: StateEvent) -> None:
        """`running` moves the run; how an attempt ended is only noted, for its process may still be alive."""
        row = sa.update(t.attempt).where(
            t.attempt.c.run_number == self._number, t.attempt.c.attempt == event.attempt
        )
        if event.state != "running":
            open_ = t.attempt.c.ended_at.is_(None)
            self._connection.execute(row.where(open_).values(**_ending(event)))
            return
        self._connection.execute(row.values(status=event.state, started_at=event.time))
        if event.attempt == self._attempt:
            self._changes["started_at"] = event.time
            self._connection.execute(
                sa.update(t.run)
                .where(t.run.c.number == self._number, t.run.c.status == RunStatus.STARTING)
                .values(status=RunStatus.RUNNING)
            )

    def _phase(self, event: PhaseEvent) -> None:
        self._tell_progress()
        if event.attempt == self._attempt:
            self._changes["phase"] = event.phase
        self._connection.execute(
            upsert(t.phase)
            .values(
                run_number=self._number,
                attempt=event.attempt,
                seq=event.seq,
                name=event.phase,
                began_at=event.time,
                began_step=self._step,
                step=self._step,
            )
            .on_conflict_do_nothing()
        )

    def _tell_progress(self) -> None:
        """How far the newest phase has come, told once for all of its steps at hand."""
        if self._stepped is None:
            return
        attempt, when = self._stepped
        mine = (t.phase.c.run_number == self._number) & (t.phase.c.attempt == attempt)
        newest = sa.select(sa.func.max(t.phase.c.seq)).where(mine).scalar_subquery()
        progress = sa.update(t.phase).where(mine, t.phase.c.seq == newest)
        self._connection.execute(progress.values(step=self._step, stepped_at=when))
        self._stepped = None

    def _metrics(self, event: MetricsEvent) -> None:
        if event.step > self._step:
            self._stepped = (event.attempt, event.time)
        elif event.step < self._step:
            self._drops += 1  # readers look from their step on, so they start afresh
        self._step = event.step
        self._last_at += 1
        for name, value in event.values.items():
            series = self._series.get(name) or self._open_series(name)
            key = (self._number, series.name_id, event.step)
            self._points.append((*key, *_storable(value), self._last_at, series.rank))
            series.rank += 1

    def _open_series(self, name: str) -> "_Series":
        self._connection.execute(upsert(t.metric_name).values(name=name).on_conflict_do_nothing())
        query = sa.select(t.metric_name.c.id).where(t.metric_name.c.name == name)
        name_id: int = self._connection.execute(query).scalar_one()
        of_series = (t.metric.c.run_number == self._number) & (t.metric.c.name_id == name_id)
        # By the key's order: one look-up, where max(rank) would read the whole series.
        last = sa.select(t.metric.c.rank).where(of_series).order_by(t.metric.c.step.desc()).limit(1)
        rank: int | None = self._connection.scalar(last)
        series = self._series[name] = _Series(name_id, 0 if rank is None else rank + 1)
        return series

    def _flush(self) -> None:
        """Points are gathered, for one statement with many rows is many times faster, and faster still in the order
        of the key."""
        if self._points:
            self._connection.exec_driver_sql(UPSERT_POINTS, sorted(self._points, key=itemgetter(0, 1, 2)))
        self._points = []
        if self._answers:
            self._connection.execute(_ANSWERED, self._answers)
        self._answers = []

    def _resumed(self, event: ResumedEvent) -> None:
        """Take back what was reported above the checkpoint that the attempt goes on from."""
        self._flush()
        for table in (t.metric, t.sample, t.checkpoint, t.alarm):
            self._connection.execute(
                sa.delete(table).where(table.c.run_number == self._number, table.c.step > event.from_step)
            )
        # Ranks go on behind what is left, so they are looked up anew.
        self._series.clear()
        self._drops += 1
        # -1 takes back all, step 0 included; the run itself then stands at 0.
        self._step = max(event.from_step, 0)

    def _sample(self, event: SampleEvent) -> None:
        insert = upsert(t.sample).values(
            run_number=self._number,
            step=event.step,
            item_id=event.item_id,
            kind=event.item_kind,
            prompt=event.prompt,
            completion=event.completion,
            scores={name: _storable_score(score) for name, score in event.scores.items()},
        )
        kept = {column: insert.excluded[column] for column in ("kind", "prompt", "completion", "scores")}
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["run_number", "step", "item_id"], set_=kept)
        )

    def _asked(self, event: AskedEvent) -> None:
        """Once: each attempt tells the same prompts."""
        prompt = event.prompt
        self._connection.execute(
            upsert(t.batch_prompt)
            .values(
                run_number=self._number,
                item_id=prompt.id,
                kind=prompt.kind,
                messages=list(prompt.messages),
                right=prompt.right,
            )
            .on_conflict_do_nothing()
        )

    def _answered(self, event: AnsweredEvent) -> None:
        """Once, as it was first told: an attempt draws nothing that an earlier one told, but what failed."""
        self._answers.append({"run_number": self._number, **event.answer.model_dump(mode="json")})

    def _checkpoint(self, event: CheckpointEvent) -> None:
        insert = upsert(t.checkpoint).values(
            run_number=self._number, step=event.step, bytes=event.bytes, created_at=event.time
        )
        kept = {column: insert.excluded[column] for column in ("bytes", "created_at")}
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["run_number", "step"], set_=kept)
        )

    def _alarm(self, step: int, name: str, message: str, when: float) -> None:
        """Once: a resumed attempt that makes a step's probe again tells its alarms again."""
        alarm = {"run_number": self._number, "step": step, "name": name, "message": message}
        same = sa.and_(*(t.alarm.c[column] == value for column, value in alarm.items()))
        # Deleted and written anew, not left: its time is then that of the attempt that goes on.
        self._connection.execute(sa.delete(t.alarm).where(same))
        self._connection.execute(sa.insert(t.alarm).values(**alarm, created_at=when))


def _ending(event: StateEvent) -> dict[str, Any]:
    return {
        "status": event.state,
        "reason": event.reason,
        "failure": event.failure,
        "good_step": event.good_step,
    }


def _storable(value: float) -> tuple[float | None, str | None]:
    if math.isfinite(value):
        return value, None
    return None, str(value)


def _storable_score(score: float) -> float | str:
    """JSON has no NaN; the domain model reads the word back as the number."""
    return score if math.isfinite(score) else str(score)
