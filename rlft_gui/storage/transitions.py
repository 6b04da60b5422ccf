"""What creates runs, moves them from state to state, and deletes them.

Every move is compare-and-set inside one BEGIN IMMEDIATE transaction: it answers whether it happened, and several
processes may try the same one at once.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import LIVE, RunStatus
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database
from rlft_gui.storage.datasets import refuse_lost_data
from rlft_gui.storage.runs import SHOWN, dependants, learning_from, ready, to_run

_LIVE = tuple(status.value for status in LIVE)


class Transitions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, pipeline: Pipeline, launch_id: str) -> bool:
        """Store a pipeline and its queued runs; False if this launch was stored already.

        A run that takes something from another waits until that one has succeeded, unless it names one of its
        checkpoints; with `review`, one that learns from generated rows waits for `approve` as well.

        Raises:
            NotFound: a run or data that it takes something from is gone; nothing was stored.
            NotPossibleNow: data that it learns from is kept as held-out prompts since; nothing was stored.
        """
        with self._database.write() as connection:
            if connection.scalar(sa.select(t.pipeline.c.id).where(t.pipeline.c.launch_id == launch_id)):
                return False
            connection.execute(sa.insert(t.pipeline).values(_pipeline_row(pipeline, launch_id)))
            for run in pipeline.runs:
                refuse_lost_data(connection, run.recipe)
                connection.execute(sa.insert(t.run).values(_run_row(run)))
                _add_links(connection, run, pipeline.spec.review)
        return True

    def claim_next(self, devices: Sequence[str], launcher: str) -> tuple[Run, str] | None:
        """Take the first queued run whose inputs are there, and a free device, for the next attempt: both or neither."""
        with self._database.write() as connection:
            held = set(connection.scalars(sa.select(t.run.c.device).where(t.run.c.device.is_not(None))))
            device = next((device for device in devices if device not in held), None)
            row = None if device is None else connection.execute(ready().limit(1)).first()
            if row is None or device is None:
                return None
            now = time.time()
            start = {"status": RunStatus.STARTING, "device": device, "reason": None, "phase": None}
            _update(connection, row.number, **start, started_at=None, ended_at=None)
            connection.execute(
                sa.insert(t.attempt).values(
                    run_number=row.number,
                    attempt=row.attempt,
                    launcher=launcher,
                    device=device,
                    claimed_at=now,
                    status=RunStatus.STARTING,
                )
            )
            claimed = connection.execute(sa.select(t.run).where(t.run.c.number == row.number)).one()
        return to_run(claimed), device

    def set_handle(self, run: Run, handle: str) -> None:
        """Remember the name that the launcher's engine gave to this attempt."""
        with self._database.write() as connection:
            number = _number(connection, run.id)
            connection.execute(_attempt(number, run.attempt).values(handle=handle))

    def settle(self, run: Run, status: RunStatus, cause: Cause | None, held_reason: str) -> bool:
        """End a live attempt and free its device; False if somebody else had done so. One that succeeded has no cause.

        Queued runs that wait for a run that did not succeed are stopped with it and get `held_reason`.
        """
        with self._database.write() as connection:
            now = time.time()
            last = {"status": status, "ended_at": now, **_why(cause)}
            ended = connection.execute(
                sa.update(t.run)
                .where(t.run.c.id == run.id, t.run.c.attempt == run.attempt, t.run.c.status.in_(_LIVE))
                .values(**last, device=None, phase=None)
            )
            if ended.rowcount == 0:
                return False
            number = _number(connection, run.id)
            connection.execute(_attempt(number, run.attempt).values(**last))
            if status is not RunStatus.SUCCEEDED:
                _hold_waiting(connection, run.id, held_reason, now)
        return True

    def set_stopping(self, run: Run, ask: Callable[[], None]) -> bool:
        """Mark a live run as asked to stop. `ask` puts the request into its folder, before the row says so: a crash
        in between leaves a run that stops, not one that never will."""
        with self._database.write() as connection:
            moved = connection.execute(
                sa.update(t.run)
                .where(t.run.c.id == run.id, t.run.c.attempt == run.attempt, t.run.c.status.in_(_LIVE))
                .values(status=RunStatus.STOPPING)
            )
            if moved.rowcount:
                ask()
        return moved.rowcount == 1

    def stop_queued(self, run: Run, reason: str, held_reason: str) -> bool:
        """End a run that has not begun, and hold those that wait for it."""
        with self._database.write() as connection:
            now = time.time()
            moved = connection.execute(
                sa.update(t.run)
                .where(t.run.c.id == run.id, t.run.c.status == RunStatus.QUEUED)
                .values(status=RunStatus.STOPPED, ended_at=now, **_why(Cause(FailureKind.STOPPED, reason)))
            )
            if moved.rowcount == 0:
                return False
            _hold_waiting(connection, run.id, held_reason, now)
        return True

    def requeue(self, run: Run, reason: str, clear: Callable[[], None]) -> bool:
        """Queue an ended run again, as its next attempt if this one had begun, and those that were held with it.

        `clear` takes an earlier request to stop out of the folder, before anybody can start the run.
        """
        with self._database.write() as connection:
            number = _number(connection, run.id)
            began = connection.scalar(
                sa.select(sa.func.count())
                .select_from(t.attempt)
                .where(t.attempt.c.run_number == number, t.attempt.c.attempt == run.attempt)
            )
            moved = connection.execute(
                sa.update(t.run)
                .where(
                    SHOWN,
                    t.run.c.id == run.id,
                    t.run.c.attempt == run.attempt,
                    t.run.c.status.in_((RunStatus.STOPPED, RunStatus.FAILED)),
                )
                .values(**_queued(reason), attempt=run.attempt + (1 if began else 0))
            )
            if moved.rowcount == 0:
                return False
            clear()
            for held in _all_waiting(connection, run.id, t.run.c.held):
                _update(connection, held.number, **_queued(reason))
        return True

    def explain_waiting(self, reasons: Mapping[str, str]) -> None:
        """Say of queued runs why they wait."""
        with self._database.write(durable=False) as connection:
            for run_id, reason in reasons.items():
                connection.execute(
                    sa.update(t.run)
                    .where(t.run.c.id == run_id, t.run.c.status == RunStatus.QUEUED)
                    .values(reason=reason)
                )

    def approve(self, run_id: str) -> bool:
        """Let the runs begin that wait for a review of this run's rows; False if none did."""
        with self._database.write() as connection:
            passed = connection.execute(
                sa.update(t.link)
                .where(t.link.c.source_number == _number(connection, run_id), t.link.c.review)
                .values(review=False)
            )
        return passed.rowcount > 0

    def before_use(self, run_id: str, change: Callable[[], None]) -> bool:
        """Make a change to a run's rows, unless a run that takes them has begun; none can begin meanwhile."""
        with self._database.write() as connection:
            if connection.execute(learning_from(run_id)).first():
                return False
            change()
        return True

    def delete(self, run_id: str) -> bool:
        """Put a run into the bin that has no worker and that no run outside the bin takes anything from."""
        with self._database.write() as connection:
            if connection.execute(dependants(run_id).where(SHOWN)).first():
                return False
            moved = connection.execute(
                sa.update(t.run)
                .where(SHOWN, t.run.c.id == run_id, t.run.c.status.not_in(_LIVE))
                .values(deleted_at=time.time())
            )
        return moved.rowcount == 1

    def restore(self, run_id: str) -> tuple[str, ...]:
        """Take a run out of the bin; if runs that it takes something from are in it, only their ids are returned."""
        source = t.run.alias("source")
        links = t.link.join(source, source.c.number == t.link.c.source_number)
        missing = (
            sa.select(source.c.id)
            .select_from(links.join(t.run, t.run.c.number == t.link.c.run_number))
            .where(t.run.c.id == run_id, source.c.deleted_at.is_not(None))
        )
        with self._database.write() as connection:
            if found := tuple(connection.scalars(missing)):
                return found
            connection.execute(sa.update(t.run).where(t.run.c.id == run_id).values(deleted_at=None))
        return ()

    def purge(self, run_id: str) -> bool:
        """Remove a run in the bin that no other run takes anything from, with all it reported; False if there is none."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(t.run).where(t.run.c.id == run_id)).one_or_none()
            if row is None or row.deleted_at is None or connection.execute(dependants(run_id)).first():
                return False
            connection.execute(sa.delete(t.run).where(t.run.c.number == row.number))
            members = sa.select(t.run.c.id).where(t.run.c.pipeline_id == row.pipeline_id)
            if connection.execute(members).first() is None:
                connection.execute(sa.delete(t.pipeline).where(t.pipeline.c.id == row.pipeline_id))
        return True


def _all_waiting(
    connection: sa.Connection, run_id: str, condition: "sa.ColumnElement[bool]"
) -> "list[sa.Row[Any]]":
    """Those that wait for this run, for those in turn, and so on, as far as they meet the condition."""
    found: list[sa.Row[Any]] = []
    sources = [run_id]
    while sources:
        query = dependants(sources.pop()).where(t.link.c.waits, condition)
        rows = connection.execute(query).all()
        found += rows
        sources += [row.id for row in rows]
    return found


def _hold_waiting(connection: sa.Connection, run_id: str, reason: str, now: float) -> None:
    for row in _all_waiting(connection, run_id, t.run.c.status == RunStatus.QUEUED):
        _update(connection, row.number, status=RunStatus.STOPPED, reason=reason, ended_at=now, held=True)


def _queued(reason: str) -> dict[str, Any]:
    fresh = {"phase": None, "ended_at": None, "held": False}
    return {"status": RunStatus.QUEUED, **_why(None), "reason": reason, **fresh}


def _why(cause: Cause | None) -> dict[str, Any]:
    """The columns that say why a run ended."""
    if cause is None:
        return {"reason": None, "failure": None, "good_step": None}
    return {"reason": cause.sentence, "failure": cause.kind, "good_step": cause.good_step}


def _update(connection: sa.Connection, number: int, **values: Any) -> None:
    connection.execute(sa.update(t.run).where(t.run.c.number == number).values(**values))


def _attempt(number: int, attempt: int) -> sa.Update:
    return sa.update(t.attempt).where(t.attempt.c.run_number == number, t.attempt.c.attempt == attempt)


def _number(connection: sa.Connection, run_id: str) -> int:
    number: int = connection.execute(sa.select(t.run.c.number).where(t.run.c.id == run_id)).scalar_one()
    return number


def _add_links(connection: sa.Connection, run: Run, review: bool) -> None:
    for role, source in run.recipe.sources().items():
        connection.execute(
            sa.insert(t.link).values(
                run_number=_number(connection, run.id),
                source_number=_source_number(connection, run, source.run_id),
                role=role,
                waits=source.step is None,
                review=review and role == "data",
            )
        )


def _source_number(connection: sa.Connection, run: Run, source_id: str) -> int:
    """Another run may have been deleted between planning and storing."""
    number: int | None = connection.scalar(sa.select(t.run.c.number).where(SHOWN, t.run.c.id == source_id))
    if number is None:
        raise NotFound(
            f"The {run.stage} stage takes something from the run {source_id}, which does not exist any more. "
            "Choose another run, then launch again."
        )
    return number


def _run_row(run: Run) -> dict[str, Any]:
    # What a run continues is read from its recipe, and how long it ran from its attempts.
    row = run.model_dump(mode="json", exclude={"parent_run_id", "ran_seconds", "unreadable"})
    unread = {"read_offset": 0, "read_attempt": 0, "read_seq": 0, "last_at": 0, "drops": 0}
    return {**row, **unread, "held": False, "facts": {}}


def _pipeline_row(pipeline: Pipeline, launch_id: str) -> dict[str, Any]:
    return {**pipeline.model_dump(mode="json", exclude={"runs", "unreadable"}), "launch_id": launch_id}
