"""Rows about comparisons and their generations."""

from rlft_gui.storage._database import Database


class ComparisonRows:
    def __init__(self, database: Database) -> None:
        self._database = database
