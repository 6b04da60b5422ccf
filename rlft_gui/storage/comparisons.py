"""Rows about comparisons and their generations. A generation's row also says whose pane it stands in.

The answers of a comparison that has ended change only if it is asked on (`grow`): every update asks for that in its own
transaction, so a late writer and someone who declares it dead cannot both win.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Pane, Place
from rlft_gui.storage._database import Database
from rlft_gui.storage.tables import comparison, generation

_PALETTE = "method"  #: what version 0.2.0 called that column
_UNFINISHED = (GenerationStatus.WAITING, GenerationStatus.WRITING)


class ComparisonRows:
    """May be shared by threads. Snapshots that were handed out do not change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: Comparison) -> None:
        """Store a new comparison together with its generations."""
        facts = new.model_dump(mode="json", exclude={"panes", "generations"})
        models = [pane.model for pane in new.panes]
        rows = [_row(new, one) for one in new.generations]
        with self._database.write() as connection:
            connection.execute(sa.insert(comparison).values(**facts, models=models))
            connection.execute(sa.insert(generation), rows)

    def get(self, comparison_id: str) -> Comparison | None:
        with self._database.read() as connection:
            found = _load(connection, sa.select(comparison).where(comparison.c.id == comparison_id))
        return found[0] if found else None

    def state(self, comparison_id: str) -> tuple[int, GenerationStatus] | None:
        """Version and status, much cheaper than the whole; None for an unknown id."""
        query = sa.select(comparison.c.version, comparison.c.status).where(comparison.c.id == comparison_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return (row.version, GenerationStatus(row.status)) if row else None

    def list(self, limit: int) -> tuple[Comparison, ...]:
        """Newest first, without those that were deleted."""
        query = sa.select(comparison).where(comparison.c.deleted_at.is_(None))
        with self._database.read() as connection:
            return _load(connection, query.order_by(comparison.c.number.desc()).limit(limit))

    def unfinished(self) -> tuple[Comparison, ...]:
        """Those whose answers are still to come, in whatever program; deleted ones too."""
        with self._database.read() as connection:
            return _load(connection, sa.select(comparison).where(comparison.c.status.in_(_UNFINISHED)))

    def grow(self, grown: Comparison, generations: Sequence[Generation]) -> bool:
        """Ask on: store the prompts that `grown` has now, and these generations, anew where they were there before.

        False if it has changed since `grown` was read, is being answered, or was deleted.
        """
        known = (comparison.c.id == grown.id) & (comparison.c.version == grown.version)
        is_open = known & comparison.c.deleted_at.is_(None) & comparison.c.status.not_in(_UNFINISHED)
        facts = grown.model_dump(mode="json", include={"prompts", "item_ids", "chat"})
        waiting = {"status": GenerationStatus.WAITING, "version": grown.version + 1}
        rows = [_row(grown, one) for one in generations]
        with self._database.write() as connection:
            if not connection.execute(
                sa.update(comparison).where(is_open).values(**facts, **waiting)
            ).rowcount:
                return False
            for one in generations:
                connection.execute(sa.delete(generation).where(_is_row(grown.id, one.place)))
            connection.execute(sa.insert(generation), rows)
        return True

    def score(self, comparison_id: str, scores: Mapping[Place, Mapping[str, float]]) -> None:
        """Add scores to answers, under names that they may have had before."""
        with self._database.write() as connection:
            for place, found in scores.items():
                row = _is_row(comparison_id, place)
                known = connection.execute(sa.select(generation.c.scores).where(row)).scalar() or {}
                connection.execute(sa.update(generation).where(row).values(scores={**known, **found}))
            newer = {"version": comparison.c.version + 1}
            connection.execute(sa.update(comparison).where(comparison.c.id == comparison_id).values(**newer))

    def mark_deleted(self, comparison_id: str, at: float | None) -> None:
        """Take it out of lists, from this moment on; None brings it back."""
        newer = {"version": comparison.c.version + 1, "deleted_at": at}
        with self._database.write() as connection:
            connection.execute(sa.update(comparison).where(comparison.c.id == comparison_id).values(**newer))

    def purge(self, before: float) -> None:
        """Remove what was deleted before this moment; its answers go with it."""
        with self._database.write(durable=False) as connection:
            connection.execute(sa.delete(comparison).where(comparison.c.deleted_at < before))

    def start(self, comparison_id: str, *, device: str, note: str | None) -> bool:
        """Say where it is being computed. False if it had already ended."""
        changes = {"status": GenerationStatus.WRITING, "device": device, "note": note}
        return self._update(comparison_id, changes, (), durable=False)

    def write(self, comparison_id: str, generations: Sequence[Generation]) -> bool:
        """Store how these generations stand now. False if the comparison had already ended."""
        return self._update(comparison_id, {}, generations, durable=False)

    def end(self, comparison_id: str, generations: Sequence[Generation]) -> bool:
        """Store the last generations; the comparison has ended. False if it had already."""
        # Older answers count too: of a conversation, only those of its last turn are handed over.
        failed = sa.exists().where(
            (generation.c.comparison_id == comparison_id) & (generation.c.status == GenerationStatus.FAILED)
        )
        status = sa.case((failed, GenerationStatus.FAILED.value), else_=GenerationStatus.DONE.value)
        return self._update(comparison_id, {"status": status}, generations, durable=True)

    def _update(
        self, comparison_id: str, changes: dict[str, Any], generations: Sequence[Generation], *, durable: bool
    ) -> bool:
        is_open = (comparison.c.id == comparison_id) & comparison.c.status.in_(_UNFINISHED)
        with self._database.write(durable=durable) as connection:
            if connection.execute(sa.select(comparison.c.id).where(is_open)).one_or_none() is None:
                return False
            for one in generations:
                row = one.model_dump(mode="json")
                connection.execute(sa.update(generation).where(_is_row(comparison_id, one.place)).values(row))
            newer = {"version": comparison.c.version + 1}
            connection.execute(
                sa.update(comparison).where(comparison.c.id == comparison_id).values(**newer, **changes)
            )
        return True


def _row(new: Comparison, one: Generation) -> dict[str, Any]:
    pane = new.panes[one.pane]
    whose = {"model": pane.model, "title": pane.title, _PALETTE: pane.palette}
    return {"comparison_id": new.id, **whose, **one.model_dump(mode="json")}


def _is_row(comparison_id: str, place: Place) -> sa.ColumnElement[bool]:
    prompt_index, pane, draw = place
    return (
        (generation.c.comparison_id == comparison_id)
        & (generation.c.pane == pane)
        & (generation.c.prompt_index == prompt_index)
        & (generation.c.draw == draw)
    )


def _load(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Comparison, ...]:
    rows = connection.execute(query).mappings().all()
    answers: dict[str, list[Any]] = {row["id"]: [] for row in rows}
    query_answers = (
        sa.select(generation)
        .where(generation.c.comparison_id.in_(answers))
        .order_by(generation.c.prompt_index, generation.c.draw, generation.c.pane)
    )
    for row in connection.execute(query_answers).mappings():
        answers[row["comparison_id"]].append(row)
    return tuple(_comparison(row, answers[row["id"]]) for row in rows)


def _comparison(row: Any, answers: Sequence[Any]) -> Comparison:
    """`answers`: the rows of its generations, by prompt, then by draw, then by pane."""
    facts = {name: value for name, value in row.items() if name not in ("number", "models")}
    panes = [_pane(answer) for answer in answers if answer["prompt_index"] == answer["draw"] == 0]
    generations = [_generation(answer) for answer in answers]
    return Comparison.model_validate({**facts, "panes": panes, "generations": generations})


def _pane(row: Any) -> Pane:
    return Pane(model=row["model"], title=row["title"], palette=row[_PALETTE])


def _generation(row: Any) -> Generation:
    return Generation.model_validate({name: row[name] for name in Generation.model_fields})
