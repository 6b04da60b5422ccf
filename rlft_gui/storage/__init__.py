"""The only SQLAlchemy. Rows leave it as frozen domain objects that later writes do not change."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from rlft_gui.domain.home import Home
from rlft_gui.domain.trouble import disk_told
from rlft_gui.storage._database import Database
from rlft_gui.storage._home import make_home
from rlft_gui.storage._migrate import migrate, refuse_other_schema
from rlft_gui.storage.accounts import AccountRows
from rlft_gui.storage.answers import AnswerRows
from rlft_gui.storage.audit import AuditRows
from rlft_gui.storage.ballots import BallotRows
from rlft_gui.storage.comparisons import ComparisonRows
from rlft_gui.storage.datasets import DatasetRows
from rlft_gui.storage.events import EventRows
from rlft_gui.storage.reports import Reports
from rlft_gui.storage.runs import RunRows
from rlft_gui.storage.sessions import SessionRows
from rlft_gui.storage.transitions import Transitions
from rlft_gui.storage.votes import VoteRows


@dataclass(frozen=True)
class Storage:
    """Everything that is stored, by subject. Safe to share between threads."""

    database: Database
    runs: RunRows
    transitions: Transitions
    events: EventRows
    reports: Reports
    datasets: DatasetRows
    comparisons: ComparisonRows
    votes: VoteRows
    ballots: BallotRows
    answers: AnswerRows
    accounts: AccountRows
    sessions: SessionRows
    audit: AuditRows

    def read(self) -> AbstractContextManager[sa.Connection]:
        return self.database.read()

    def write(self, *, durable: bool = True) -> AbstractContextManager[sa.Connection]:
        return self.database.write(durable=durable)

    def close(self) -> None:
        self.database.close()


def open_storage(home: Home) -> Storage:
    """Open the home's database, creating folder and file on first use and migrating an older schema.

    Raises:
        InvalidInput: the home is a folder that all users share.
        StorageTrouble: folder or database cannot be made, read or written.
    """
    with disk_told(home.path):
        make_home(home.path)
        database = Database(home.database)
        migrate(database)
    return _of(database)


def read_storage(file: Path) -> Storage:
    """Open a database of this version's schema that nobody writes, only to read it; the file and its folder stay as they are.

    Raises:
        NotPossibleNow: its schema is another version's.
        StorageTrouble: it is no database, or cannot be read.
    """
    database = Database(file, is_fixed=True)
    refuse_other_schema(database)
    return _of(database)


def _of(database: Database) -> Storage:
    return Storage(
        database=database,
        runs=RunRows(database),
        transitions=Transitions(database),
        events=EventRows(database),
        reports=Reports(database),
        datasets=DatasetRows(database),
        comparisons=ComparisonRows(database),
        votes=VoteRows(database),
        ballots=BallotRows(database),
        answers=AnswerRows(database),
        accounts=AccountRows(database),
        sessions=SessionRows(database),
        audit=AuditRows(database),
    )


__all__ = ["Storage", "open_storage", "read_storage"]
