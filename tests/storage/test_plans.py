"""How SQLite finds points: by the key alone, so that a curve costs the same whatever else the database holds."""

from pathlib import Path

import sqlalchemy as sa

from rlft_gui.storage.reports import SERIES, last_of
from tests.storage.test_events import Case


def plan(case: Case, query: str, *values: int) -> list[str]:
    with case.storage.read() as connection:
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]


def test_a_series_is_read_along_the_key_from_the_step_that_was_seen(tmp_path: Path) -> None:
    case = Case(tmp_path)
    (found,) = plan(case, SERIES, 1, 1, 0, 0, 9, 1)

    assert found == "SEARCH metric USING PRIMARY KEY (run_number=? AND name_id=? AND step>?)"
    case.storage.close()


def test_the_last_points_are_looked_up_one_by_one(tmp_path: Path) -> None:
    case = Case(tmp_path)
    found = plan(case, last_of(None), 1, 1)

    assert [line for line in found if "SEARCH metric " in line] == [
        "SEARCH metric USING PRIMARY KEY (run_number=? AND name_id=? AND step=?)",
        "SEARCH metric USING PRIMARY KEY (run_number=? AND name_id=?)",
    ]
    assert not any("TEMP B-TREE" in line for line in found)
    case.storage.close()


def test_points_have_no_other_index_than_their_key(tmp_path: Path) -> None:
    case = Case(tmp_path)
    with case.storage.read() as connection:
        found = connection.execute(sa.text("SELECT name FROM pragma_index_list('metric')")).scalars().all()

    assert list(found) == ["sqlite_autoindex_metric_1"], "an index on metric was a third of the database"
    case.storage.close()
