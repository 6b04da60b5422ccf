"""Rows about stored datasets."""

from rlft_gui.storage._database import Database


class DatasetRows:
    def __init__(self, database: Database) -> None:
        self._database = database
