"""Reading pipelines and runs. What changes them is in transitions.py, what a run reported in reports.py.

Runs in the bin are nowhere but in `deleted`.
"""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.domain.recipe import PipelineSpec, Recipe
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import LIVE, RunStatus
from rlft_gui.storage import tables as t
from rlft_gui.storage._database import Database

#: What an ending means of which nobody said the kind.
_UNSAID = {RunStatus.STOPPED: FailureKind.STOPPED, RunStatus.FAILED: FailureKind.UNKNOWN}


class RunRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    # ── reading ──

    def get(self, run_id: str) -> Run | None:
        with self._database.read() as connection:
            row = connection.execute(_runs().where(t.run.c.id == run_id)).one_or_none()
        return None if row is None else to_run(row)

    def list(
        self,
        *,
        statuses: Sequence[RunStatus] | None = None,
        method: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        oldest_first: bool = False,
    ) -> tuple[Run, ...]:
        """Runs that meet every condition given, newest first unless told otherwise."""
        order = t.run.c.number if oldest_first else t.run.c.number.desc()
        query = _runs().order_by(order).limit(limit).offset(offset)
        if statuses is not None:
            query = query.where(t.run.c.status.in_([status.value for status in statuses]))
        if method is not None:
            query = query.where(t.run.c.method == method)
        if text:
            looked_in = (t.run.c.id, t.run.c.title, t.run.c.base, t.run.c.stage)
            # Without it a % or _ that somebody types would match anything.
            query = query.where(sa.or_(*(column.icontains(text, autoescape=True) for column in looked_in)))
        with self._database.read() as connection:
            return tuple(to_run(row) for row in connection.execute(query))

    def ids(self) -> tuple[str, ...]:
        with self._database.read() as connection:
            return tuple(connection.scalars(sa.select(t.run.c.id).where(SHOWN)))

    def titles(self) -> frozenset[str]:
        """Of all pipelines."""
        with self._database.read() as connection:
            return frozenset(connection.scalars(sa.select(t.pipeline.c.title).where(_has_runs())))

    def deleted(self) -> tuple[Run, ...]:
        """Those in the bin, newest first: what takes something before what it takes it from."""
        query = _all_runs().where(t.run.c.deleted_at.is_not(None)).order_by(t.run.c.number.desc())
        with self._database.read() as connection:
            return tuple(to_run(row) for row in connection.execute(query))

    def named(self, run_ids: Collection[str]) -> tuple[Run, ...]:
        """Those of these ids that there are, oldest first. What a run takes something from is older than it."""
        query = _runs().where(t.run.c.id.in_(run_ids)).order_by(t.run.c.number)
        with self._database.read() as connection:
            return tuple(to_run(row) for row in connection.execute(query))

    def pipeline(self, pipeline_id: str) -> Pipeline | None:
        found = self._pipelines(sa.select(t.pipeline).where(t.pipeline.c.id == pipeline_id, _has_runs()))
        return found[0] if found else None

    def pipelines(self, limit: int) -> tuple[Pipeline, ...]:
        """The newest pipelines, with their runs."""
        query = sa.select(t.pipeline).where(_has_runs()).order_by(t.pipeline.c.number.desc())
        return self._pipelines(query.limit(limit))

    def launched(self, launch_id: str) -> Pipeline | None:
        """The pipeline that this launch made, if it was made already."""
        found = self._pipelines(sa.select(t.pipeline).where(t.pipeline.c.launch_id == launch_id))
        return found[0] if found else None

    def has_work(self) -> bool:
        """Whether something is live or could be started. What else is queued waits until somebody acts."""
        live = sa.select(t.run).where(SHOWN, t.run.c.status.in_([status.value for status in LIVE]))
        with self._database.read() as connection:
            return any(connection.execute(query.limit(1)).first() for query in (live, ready()))

    def learning_from(self, run_id: str) -> tuple[Run, ...]:
        """The runs that take this one's rows and have begun, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(learning_from(run_id).order_by(t.run.c.number))
            return tuple(to_run(row) for row in rows)

    def alike(self, stage: str, base: str, limit: int) -> tuple[Run, ...]:
        """Runs of this stage on this base that have succeeded, newest first."""
        query = _runs().where(
            t.run.c.stage == stage, t.run.c.base == base, t.run.c.status == RunStatus.SUCCEEDED
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(t.run.c.number.desc()).limit(limit))
            return tuple(to_run(row) for row in rows)

    def continuations(self, run_id: str) -> tuple[Run, ...]:
        """The runs that take something from this one, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(dependants(run_id).where(SHOWN).order_by(t.run.c.number))
            return tuple(to_run(row) for row in rows)

    def told_ending(self, run: Run) -> tuple[RunStatus, Cause | None] | None:
        """What this attempt said of its own end, in its events; no cause of one that succeeded."""
        told = (t.attempt.c.status, t.attempt.c.reason, t.attempt.c.failure, t.attempt.c.good_step)
        query = (
            sa.select(*told)
            .join(t.run, t.run.c.number == t.attempt.c.run_number)
            .where(t.run.c.id == run.id, t.attempt.c.attempt == run.attempt)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        # "running" is what an attempt says that was killed afterwards.
        if row is None or not RunStatus(row.status).is_ended:
            return None
        status = RunStatus(row.status)
        if status is RunStatus.SUCCEEDED:
            return status, None
        # A trainer of an earlier version says no kind.
        kind = FailureKind(row.failure) if row.failure else _UNSAID[status]
        return status, Cause(kind, row.reason, row.good_step)

    def devices(self) -> dict[str, Run]:
        """Which run holds which device."""
        with self._database.read() as connection:
            rows = connection.execute(_runs().where(t.run.c.device.is_not(None)))
            return {row.device: to_run(row) for row in rows}

    def blockers(self) -> dict[str, str]:
        """For each queued run that waits for another to succeed: that other's id."""
        source = t.run.alias("source")
        query = (
            sa.select(t.run.c.id, source.c.id)
            .join(t.link, t.link.c.run_number == t.run.c.number)
            .join(source, source.c.number == t.link.c.source_number)
            .where(SHOWN, t.run.c.status == RunStatus.QUEUED)
            .where(t.link.c.waits, source.c.status != RunStatus.SUCCEEDED)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def reviews(self) -> dict[str, str]:
        """For each queued run that waits for somebody to let rows pass: the id of the run that made them."""
        source = t.run.alias("source")
        query = (
            sa.select(t.run.c.id, source.c.id)
            .join(t.link, t.link.c.run_number == t.run.c.number)
            .join(source, source.c.number == t.link.c.source_number)
            .where(SHOWN, t.run.c.status == RunStatus.QUEUED, t.link.c.review)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def links(self, run_ids: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
        """What these runs take, and what is taken from them: (source's id, role, taker's id), oldest taker first."""
        source = t.run.alias("source")
        query = (
            sa.select(source.c.id, t.link.c.role, t.run.c.id)
            .join(source, source.c.number == t.link.c.source_number)
            .join(t.run, t.run.c.number == t.link.c.run_number)
            .where(SHOWN, source.c.deleted_at.is_(None))
            .where(sa.or_(t.run.c.id.in_(run_ids), source.c.id.in_(run_ids)))
            .order_by(t.run.c.number, t.link.c.role)
        )
        with self._database.read() as connection:
            return tuple((row[0], row[1], row[2]) for row in connection.execute(query))

    def _pipelines(self, query: "sa.Select[Any]") -> tuple[Pipeline, ...]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            # In the same transaction, so that pipelines and their runs are of one moment.
            members = _runs().where(t.run.c.pipeline_id.in_([row.id for row in rows]))
            runs = [to_run(row) for row in connection.execute(members.order_by(t.run.c.position))]
        return tuple(_to_pipeline(row, [run for run in runs if run.pipeline_id == row.id]) for row in rows)


#: Not in the bin.
SHOWN = t.run.c.deleted_at.is_(None)


def _has_runs() -> "sa.ColumnElement[bool]":
    """Whether a pipeline has a run outside the bin."""
    return sa.exists().where(t.run.c.pipeline_id == t.pipeline.c.id, SHOWN)


def _runs() -> "sa.Select[Any]":
    """Runs outside the bin."""
    return _all_runs().where(SHOWN)


def _all_runs() -> "sa.Select[Any]":
    """Runs, each with the time that its ended attempts ran."""
    of_run = t.attempt.c.run_number == t.run.c.number
    ran = sa.select(sa.func.coalesce(sa.func.sum(t.attempt.c.ended_at - t.attempt.c.started_at), 0.0))
    return sa.select(t.run, ran.where(of_run).correlate(t.run).scalar_subquery().label("ran_seconds"))


def dependants(run_id: str) -> "sa.Select[Any]":
    """The runs that take something from this one, each once; those in the bin too."""
    source = t.run.alias("source")
    links = t.link.join(source, source.c.number == t.link.c.source_number)
    return (
        _all_runs()
        .distinct()
        .select_from(t.run.join(links, t.link.c.run_number == t.run.c.number))
        .where(source.c.id == run_id)
    )


def learning_from(run_id: str) -> "sa.Select[Any]":
    """The runs that take this one's rows and have been started at least once."""
    begun = sa.select(t.attempt.c.run_number)
    return dependants(run_id).where(SHOWN, t.link.c.role == "data", t.run.c.number.in_(begun))


def ready() -> "sa.Select[Any]":
    """Queued runs, first come first served, whose inputs have all succeeded."""
    source = t.run.alias("source")
    missing = (
        sa.select(sa.literal(1))
        .select_from(t.link.join(source, source.c.number == t.link.c.source_number))
        .where(t.link.c.run_number == t.run.c.number, _is_missing(source))
    )
    queued = sa.select(t.run).where(SHOWN, t.run.c.status == RunStatus.QUEUED)
    return queued.where(~missing.correlate(t.run).exists()).order_by(t.run.c.number)


def _is_missing(source: "sa.FromClause") -> "sa.ColumnElement[bool]":
    """Whether what a link takes cannot be taken yet."""
    return sa.or_(t.link.c.review, sa.and_(t.link.c.waits, source.c.status != RunStatus.SUCCEEDED))


def to_run(row: "sa.Row[Any]") -> Run:
    """The run of a row. One whose recipe or account no longer fits is a run all the same, which says what is wrong."""
    columns = row._asdict()
    shown = {name: columns[name] for name in Run.model_fields if name in columns and name != "recipe"}
    try:
        recipe = Recipe.model_validate(row.recipe)
        return Run(**shown, recipe=recipe, parent_run_id=recipe.parent.run_id if recipe.parent else None)
    except ValidationError as error:
        told = _unreadable(f"recipe of run {row.id}", error)
        # The columns beside the recipe say enough to show, stop and delete it.
        stand_in = Recipe(
            run_id=row.id, pipeline_id=row.pipeline_id, method=row.method, stage=row.stage, base=row.base
        )
        return Run(**{**shown, "row_account": None}, recipe=stand_in, unreadable=told)


def _to_pipeline(row: "sa.Row[Any]", runs: Sequence[Run]) -> Pipeline:
    columns = row._asdict()
    shown = {name: columns[name] for name in Pipeline.model_fields if name in columns and name != "spec"}
    told = None
    try:
        spec = PipelineSpec.model_validate(row.spec)
    except ValidationError as error:
        told = _unreadable(f"pipeline {row.id}", error)
        spec = PipelineSpec(method=row.method, base=row.base)
    return Pipeline(**shown, spec=spec, runs=tuple(runs), unreadable=told)


def _unreadable(what: str, error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    problem = f"{where}: {first['msg']}" if where else str(first["msg"])
    return f"The stored {what} cannot be read: {problem}. It can be looked at and deleted, not resumed or cloned."
