"""Rows about comparisons and their generations. A generation's row also says whose pane it stands in.

A comparison that has ended never changes again: every update asks for that in its own transaction, so a late writer
and someone who declares it dead cannot both win.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Pane
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
        """Newest first."""
        with self._database.read() as connection:
            return _load(connection, sa.select(comparison).order_by(comparison.c.number.desc()).limit(limit))

    def start(self, comparison_id: str, *, device: str, note: str | None) -> bool:
        """Say where it is being computed. False if it had already ended."""
        changes = {"status": GenerationStatus.WRITING, "device": device, "note": note}
        return self._update(comparison_id, changes, (), durable=False)

    def write(self, comparison_id: str, generations: Sequence[Generation]) -> bool:
        """Store how these generations stand now. False if the comparison had already ended."""
        return self._update(comparison_id, {}, generations, durable=False)

    def end(self, comparison_id: str, generations: Sequence[Generation]) -> bool:
        """Store the last generations; the comparison has ended. False if it had already."""
        failed = any(one.status is GenerationStatus.FAILED for one in generations)
        status = GenerationStatus.FAILED if failed else GenerationStatus.DONE
        return self._update(comparison_id, {"status": status}, generations, durable=True)

    def _update(
        self, comparison_id: str, changes: dict[str, Any], generations: Sequence[Generation], *, durable: bool
    ) -> bool:
        is_open = (comparison.c.id == comparison_id) & comparison.c.status.in_(_UNFINISHED)
        with self._database.write(durable=durable) as connection:
            changed = connection.execute(
                sa.update(comparison).where(is_open).values(version=comparison.c.version + 1, **changes)
            )
            if not changed.rowcount:
                return False
            for one in generations:
                row = one.model_dump(mode="json")
                connection.execute(sa.update(generation).where(_is_row(comparison_id, one)).values(row))
        return True


def _row(new: Comparison, one: Generation) -> dict[str, Any]:
    pane = new.panes[one.pane]
    whose = {"model": pane.model, "title": pane.title, _PALETTE: pane.palette}
    return {"comparison_id": new.id, **whose, **one.model_dump(mode="json")}


def _is_row(comparison_id: str, one: Generation) -> sa.ColumnElement[bool]:
    return (
        (generation.c.comparison_id == comparison_id)
        & (generation.c.pane == one.pane)
        & (generation.c.prompt_index == one.prompt_index)
    )


def _load(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Comparison, ...]:
    rows = connection.execute(query).mappings().all()
    answers: dict[str, list[Any]] = {row["id"]: [] for row in rows}
    query_answers = (
        sa.select(generation)
        .where(generation.c.comparison_id.in_(answers))
        .order_by(generation.c.prompt_index, generation.c.pane)
    )
    for row in connection.execute(query_answers).mappings():
        answers[row["comparison_id"]].append(row)
    return tuple(_comparison(row, answers[row["id"]]) for row in rows)


def _comparison(row: Any, answers: Sequence[Any]) -> Comparison:
    """`answers`: the rows of its generations, by prompt, then by pane."""
    facts = {name: value for name, value in row.items() if name not in ("number", "models")}
    panes = [_pane(answer) for answer in answers if answer["prompt_index"] == 0]
    generations = [_generation(answer) for answer in answers]
    return Comparison.model_validate({**facts, "panes": panes, "generations": generations})


def _pane(row: Any) -> Pane:
    return Pane(model=row["model"], title=row["title"], palette=row[_PALETTE])


def _generation(row: Any) -> Generation:
    return Generation.model_validate({name: row[name] for name in Generation.model_fields})
