"""Rows about stored datasets. The rows of a dataset itself lie in its folder, which `data.store` writes first."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from rlft_gui.domain.dataset import UPLOADED, DatasetInfo
from rlft_gui.domain.errors import NotFound, NotPossibleNow
from rlft_gui.domain.recipe import Recipe
from rlft_gui.storage._database import Database
from rlft_gui.storage.tables import dataset, run


class DatasetRows:
    """What is known about each stored dataset. Its rows never change; what people say of it may."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, info: DatasetInfo) -> DatasetInfo:
        """Remember a dataset as the next version of its name; one whose id is known stays as it is. Returns what is stored."""
        with self._database.write() as connection:
            known = _info(connection, info.id)
            if known is not None:
                return known
            numbered = info.model_copy(update={"version": _next_version(connection, info.name)})
            connection.execute(sa.insert(dataset).values(_values(numbered)))
            return numbered

    def change(self, dataset_id: str, **said: Any) -> DatasetInfo:
        """Keep what people say of a dataset, and only that: somebody else may say something else at the same time. A new
        name makes it the next version of that name.

        Raises:
            NotFound: it is gone.
        """
        with self._database.write() as connection:
            return _changed(connection, dataset_id, said)

    def hold_out(self, dataset_id: str) -> tuple[str, ...]:
        """Mark it as held out unless runs learn from it. Returns the ids of those that do, oldest first; none can begin to
        meanwhile.

        Raises:
            NotFound: it is gone.
        """
        with self._database.write() as connection:
            learners = tuple(connection.execute(_runs(dataset_id == _LEARNT_FROM)).scalars())
            if not learners:
                _changed(connection, dataset_id, {"held_out": True})
            return learners

    def delete(self, dataset_id: str) -> tuple[str, ...]:
        """Forget a dataset unless runs use it. Returns the ids of those that do, oldest first."""
        with self._database.write() as connection:
            used = tuple(connection.execute(_users(dataset_id)).scalars())
            if not used:
                connection.execute(sa.delete(dataset).where(dataset.c.id == dataset_id))
            return used

    def used_by(self, dataset_id: str) -> tuple[str, ...]:
        """The ids of the runs that learn from it or are judged by it, oldest first."""
        with self._database.read() as connection:
            return tuple(connection.execute(_users(dataset_id)).scalars())

    def get(self, dataset_id: str) -> DatasetInfo | None:
        with self._database.read() as connection:
            return _info(connection, dataset_id)

    def list(self) -> tuple[DatasetInfo, ...]:
        """All of them, newest first."""
        newest_first = sa.select(dataset.c.info).order_by(dataset.c.created_at.desc(), dataset.c.id)
        with self._database.read() as connection:
            return tuple(
                DatasetInfo.model_validate(info) for info in connection.execute(newest_first).scalars()
            )


_LEARNT_FROM = run.c.recipe["settings"]["data"].as_string()
_JUDGED_BY = run.c.recipe["measure"]["held_out"].as_string()


def refuse_lost_data(connection: sa.Connection, recipe: Recipe) -> None:
    """Between planning and storing a run, its data may have been deleted, or marked as held out.

    Raises:
        NotFound, NotPossibleNow: it was.
    """
    data, judge = str(recipe.settings.get("data", "")), str(recipe.measure.get("held_out", ""))
    for named in (one for one in (data, judge) if one.startswith(UPLOADED)):
        info = _info(connection, named)
        if info is None:
            raise NotFound(
                f"The dataset {named} was deleted meanwhile. Choose other data, then launch again."
            )
        if named == data and info.held_out:
            raise NotPossibleNow(
                f"{info.called} was marked as held-out prompts meanwhile, so nothing is trained on it. Choose other data, or "
                "take the mark off, then launch again."
            )


def _info(connection: sa.Connection, dataset_id: str) -> DatasetInfo | None:
    info = connection.execute(sa.select(dataset.c.info).where(dataset.c.id == dataset_id)).scalar()
    return None if info is None else DatasetInfo.model_validate(info)


def _changed(connection: sa.Connection, dataset_id: str, said: Mapping[str, Any]) -> DatasetInfo:
    info = _info(connection, dataset_id)
    if info is None:
        raise NotFound(f"The dataset {dataset_id} was deleted meanwhile.")
    changed = info.model_copy(update=said)
    if changed.name != info.name:
        changed = changed.model_copy(update={"version": _next_version(connection, changed.name)})
    connection.execute(sa.update(dataset).where(dataset.c.id == dataset_id).values(_values(changed)))
    return changed


def _next_version(connection: sa.Connection, name: str) -> int:
    """One more than the newest, for earlier ones may be gone or renamed."""
    of_this_name = sa.select(dataset.c.info).where(dataset.c.name == name)
    versions = (
        DatasetInfo.model_validate(info).version for info in connection.execute(of_this_name).scalars()
    )
    return 1 + max(versions, default=0)


def _users(dataset_id: str) -> "sa.Select[Any]":
    return _runs(sa.or_(dataset_id == _LEARNT_FROM, dataset_id == _JUDGED_BY))


def _runs(which: "sa.ColumnElement[bool]") -> "sa.Select[Any]":
    return sa.select(run.c.id).where(which, run.c.deleted_at.is_(None)).order_by(run.c.number)


def _values(info: DatasetInfo) -> dict[str, Any]:
    columns = {"id", "name", "type", "sha256", "owner", "created_at"}
    return {**info.model_dump(mode="json", include=columns), "info": info.model_dump(mode="json")}
