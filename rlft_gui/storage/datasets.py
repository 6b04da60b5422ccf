"""Rows about stored datasets. The rows of a dataset itself lie in its folder, which `data.store` writes first."""

from typing import Any

import sqlalchemy as sa

from rlft_gui.domain.dataset import DatasetInfo
from rlft_gui.storage._database import Database
from rlft_gui.storage.tables import dataset, run


class DatasetRows:
    """What is known about each stored dataset. Its rows never change; what people say of it may."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, info: DatasetInfo) -> DatasetInfo:
        """Remember a dataset as the next version of its name; one whose id is known stays as it is. Returns what is stored."""
        with self._database.write() as connection:
            known = connection.execute(sa.select(dataset.c.info).where(dataset.c.id == info.id)).scalar()
            if known is not None:
                return DatasetInfo.model_validate(known)
            of_this_name = sa.select(sa.func.count()).where(dataset.c.name == info.name)
            numbered = info.model_copy(update={"version": connection.execute(of_this_name).scalar_one() + 1})
            connection.execute(sa.insert(dataset).values(_values(numbered)))
            return numbered

    def change(self, info: DatasetInfo) -> None:
        """Keep what people say of a dataset that there is."""
        with self._database.write() as connection:
            connection.execute(sa.update(dataset).where(dataset.c.id == info.id).values(_values(info)))

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

    def learnt_by(self, dataset_id: str) -> tuple[str, ...]:
        """The ids of the runs that learn from it, oldest first."""
        with self._database.read() as connection:
            return tuple(connection.execute(_runs(dataset_id == _LEARNT_FROM)).scalars())

    def get(self, dataset_id: str) -> DatasetInfo | None:
        with self._database.read() as connection:
            info = connection.execute(sa.select(dataset.c.info).where(dataset.c.id == dataset_id)).scalar()
        return None if info is None else DatasetInfo.model_validate(info)

    def list(self) -> tuple[DatasetInfo, ...]:
        """All of them, newest first."""
        newest_first = sa.select(dataset.c.info).order_by(dataset.c.created_at.desc(), dataset.c.id)
        with self._database.read() as connection:
            return tuple(
                DatasetInfo.model_validate(info) for info in connection.execute(newest_first).scalars()
            )


_LEARNT_FROM = run.c.recipe["settings"]["data"].as_string()
_JUDGED_BY = run.c.recipe["measure"]["held_out"].as_string()


def _users(dataset_id: str) -> "sa.Select[Any]":
    return _runs(sa.or_(dataset_id == _LEARNT_FROM, dataset_id == _JUDGED_BY))


def _runs(which: "sa.ColumnElement[bool]") -> "sa.Select[Any]":
    return sa.select(run.c.id).where(which).order_by(run.c.number)


def _values(info: DatasetInfo) -> dict[str, Any]:
    columns = {"id", "name", "type", "sha256", "owner", "created_at"}
    return {**info.model_dump(mode="json", include=columns), "info": info.model_dump(mode="json")}
