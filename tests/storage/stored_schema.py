"""Makes the stored database of the present schema, once per schema, before it is released:

python -m tests.storage.stored_schema

The file is then kept for good, so that every later version proves that it can open it.
"""

import math
import shutil
import sqlite3
import tempfile
from pathlib import Path

from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage._migrate import SCHEMA
from tests.fakes.pipelines import pipeline
from tests.storage.test_events import Case

SCHEMAS = Path(__file__).parent / "schemas"


def make(folder: Path) -> Path:
    """A run that succeeded with one of everything, a queued one that waits for nobody, and a point that is no number."""
    case = Case(folder)
    reporter = case.reporter()
    reporter.state("running")
    reporter.phase("training")
    reporter.data(RowAccount(given=3, trained=2, dropped={"the row is empty": 1}))
    reporter.plan(2, {"rows": 7})
    reporter.metrics(0, {"loss": 1.0, "lr": 0.1})
    reporter.metrics(1, {"loss": math.nan})
    reporter.sample(1, "k1", "known", "2 + 2?", "4", {"gold": 1.0})
    reporter.checkpoint(1, case.folder.path)
    reporter.alarm(1, "loss-nan", "The loss is no number.")
    reporter.state("succeeded")
    case.ingest()
    case.storage.transitions.settle(case.run, RunStatus.SUCCEEDED, None, "")
    case.storage.transitions.add(pipeline("dpo"), launch_id="second")
    case.storage.close()
    _make_one_file(case.home.database)
    return case.home.database


def _make_one_file(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("VACUUM")
    connection.close()


if __name__ == "__main__":
    SCHEMAS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(make(Path(scratch)), SCHEMAS / f"{SCHEMA}.db")
