"""Who is shown which answers: claims on them, given out so that two raters never get the same by accident.

A claim is a ballot that is judged, its vote not taken back, or one that may still be judged: not passed over and not
expired. People do not take answers from judges or simulated raters, nor those from people.
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from rlft_gui.domain.votes import Ballot, Rater, RaterKind
from rlft_gui.storage._database import Database
from rlft_gui.storage.tables import ballot, vote, vote_set, withdrawn

#: What is judged: one answer, or two in the order of the pool.
Judged = tuple[str, str | None]


class Claim(NamedTuple):
    """Of one rater on what is judged; `is_second` where it only repeats or checks."""

    rater: str
    judged: Judged
    is_second: bool
    is_cast: bool


class BallotRows:
    """May be shared by threads, and by processes: every claim is counted in the transaction that makes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, new: Sequence[Ballot], most: int, now: float) -> tuple[Ballot, ...]:
        """Store of these ballots of one set those that fewer than `most` others have a claim on, and the rater has none.

        Repeats and checks are always stored. Returns what was stored.
        """
        if not new:
            return ()
        with self._database.write(durable=False) as connection:
            number = _number(connection, new[0].votes)
            return tuple(one for one in new if _reserved(connection, one, number, most, now))

    def revive(self, ballot_id: str, most: int, now: float, until: float) -> bool:
        """Claim again what a ballot was about that expired or was passed over; False if others have it by now."""
        with self._database.write(durable=False) as connection:
            query = sa.select(ballot).where(ballot.c.id == ballot_id)
            row = connection.execute(query).mappings().one()
            others = _claims(now).where(
                (ballot.c.set_number == row["set_number"])
                & _is_about(row["prompt_id"], row["a"], row["b"])
                & (ballot.c.rater_kind == row["rater_kind"])
                & (ballot.c.rater != row["rater"])
            )
            is_second = row["repeat_of"] is not None or row["expected"] is not None
            holders = {found.rater for found in connection.execute(others)}
            if not is_second and len(holders) >= most:
                return False
            changes = {"expires_at": until, "skipped_at": None}
            connection.execute(sa.update(ballot).where(ballot.c.id == ballot_id).values(changes))
            return True

    def renew(self, ids: Sequence[str], until: float) -> None:
        """Keep these from others for longer."""
        with self._database.write(durable=False) as connection:
            connection.execute(sa.update(ballot).where(ballot.c.id.in_(ids)).values(expires_at=until))

    def skip(self, ballot_id: str, at: float) -> None:
        with self._database.write() as connection:
            connection.execute(sa.update(ballot).where(ballot.c.id == ballot_id).values(skipped_at=at))

    def open_of(self, name: str, rater: Rater, now: float) -> tuple[str, ...]:
        """Ids of what a rater was shown of a set and may still judge, oldest first."""
        query = _claims(now).where(_in_set(name) & _is_rater(rater) & vote.c.number.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(sa.literal_column("ballot.rowid")))
            return tuple(row.id for row in rows)

    def claims(self, name: str, rater: Rater, now: float) -> tuple[Claim, ...]:
        """On what a set asks, of raters of this one's kind."""
        query = _claims(now).where(_in_set(name) & (ballot.c.rater_kind == rater.kind))
        with self._database.read() as connection:
            return tuple(
                Claim(row.rater, (row.a, row.b), row.is_second, row.is_cast)
                for row in connection.execute(query)
            )

    def skipped(self, name: str, rater: Rater) -> frozenset[Judged]:
        """What a rater has passed over."""
        query = sa.select(ballot.c.a, ballot.c.b).where(
            _in_set(name) & _is_rater(rater) & ballot.c.skipped_at.is_not(None)
        )
        with self._database.read() as connection:
            return frozenset((row.a, row.b) for row in connection.execute(query))

    def people(self, name: str) -> frozenset[str]:
        """Whom a set was shown to, people alone."""
        query = sa.select(ballot.c.rater).where(_in_set(name) & (ballot.c.rater_kind == RaterKind.PERSON))
        with self._database.read() as connection:
            return frozenset(connection.execute(query.distinct()).scalars())

    def count(self, name: str, rater: Rater) -> int:
        """How often a rater was ever shown something of a set."""
        query = sa.select(sa.func.count(ballot.c.id)).where(_in_set(name) & _is_rater(rater))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()


def _reserved(connection: sa.Connection, one: Ballot, number: int, most: int, now: float) -> bool:
    if one.repeat_of is None and one.expected is None and not _is_free(connection, one, number, most, now):
        return False
    facts = one.model_dump(mode="json", exclude={"votes", "rater", "is_judged"})
    who = {"rater": one.rater.name, "rater_kind": one.rater.kind}
    connection.execute(sa.insert(ballot).values(set_number=number, **who, **facts))
    return True


def _is_free(connection: sa.Connection, one: Ballot, number: int, most: int, now: float) -> bool:
    query = _claims(now).where(
        (ballot.c.set_number == number)
        & _is_about(one.prompt_id, one.a, one.b)
        & (ballot.c.rater_kind == one.rater.kind)
    )
    holders = [row.rater for row in connection.execute(query)]
    return one.rater.name not in holders and len(set(holders)) < most


def _claims(now: float) -> "sa.Select[tuple[str, str, str, str | None, bool, bool]]":
    """Every claim there is; who asks says of what."""
    is_second = ballot.c.repeat_of.is_not(None) | ballot.c.expected.is_not(None)
    is_cast = vote.c.number.is_not(None)
    is_open = ~is_cast & ballot.c.skipped_at.is_(None) & (ballot.c.expires_at > now)
    columns = (ballot.c.id, ballot.c.rater, ballot.c.a, ballot.c.b)
    return (
        sa.select(*columns, is_second.label("is_second"), is_cast.label("is_cast"))
        .outerjoin(vote, vote.c.ballot == ballot.c.id)
        .outerjoin(withdrawn, withdrawn.c.vote_number == vote.c.number)
        .where((is_cast & withdrawn.c.vote_number.is_(None)) | is_open)
    )


def _number(connection: sa.Connection, name: str) -> int:
    number: int = connection.execute(sa.select(vote_set.c.number).where(vote_set.c.name == name)).scalar_one()
    return number


def _in_set(name: str) -> "sa.ColumnElement[bool]":
    number = sa.select(vote_set.c.number).where(vote_set.c.name == name).scalar_subquery()
    return ballot.c.set_number == number


def _is_about(prompt_id: str, a: str, b: str | None) -> "sa.ColumnElement[bool]":
    second = ballot.c.b.is_(None) if b is None else ballot.c.b == b
    return (ballot.c.prompt_id == prompt_id) & (ballot.c.a == a) & second


def _is_rater(rater: Rater) -> "sa.ColumnElement[bool]":
    return (ballot.c.rater == rater.name) & (ballot.c.rater_kind == rater.kind)
