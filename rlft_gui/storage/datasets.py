"""Rows about stored datasets. The rows of a dataset itself lie in its folder, which `data.store` writes first."""

import sqlalchemy as sa

from rlft_gui.domain.dataset import DatasetInfo
from rlft_gui.storage._database import Database
from rlft_gui.storage.tables import dataset


class DatasetRows:
    """What is known about each stored dataset. A dataset never changes, so neither does its row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, info: DatasetInfo) -> None:
        """Remember a dataset; nothing happens if its id is known."""
        with self._database.write() as connection:
            known = connection.execute(sa.select(dataset.c.id).where(dataset.c.id == info.id))
            if known.first() is None:
                connection.execute(
                    sa.insert(dataset).values(
                        **info.model_dump(
                            mode="json", include={"id", "name", "type", "sha256", "owner", "created_at"}
                        ),
                        info=info.model_dump(mode="json"),
                    )
                )

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
