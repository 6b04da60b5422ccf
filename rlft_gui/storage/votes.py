"""Rows about votes: sets, what is judged, verdicts, and what is shown to whom. Rows of votes are only ever added."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import (
    Answer,
    AnswerVerdict,
    Ballot,
    Choice,
    Control,
    JudgedPrompt,
    PairVerdict,
    Rater,
    RaterKind,
    Tally,
    Verdict,
    Vote,
    VoteKind,
    VoteSet,
)
from rlft_gui.storage._database import Database
from rlft_gui.storage.tables import answer, ballot, judged_prompt, vote, vote_set, withdrawn

_ASKED_AT_ONCE = 500  #: ids in one query; SQLite takes some thousand
_WRITTEN_AT_ONCE = 400  #: votes in one transaction, for whose end others wait

#: Of each set the first that has asked in the same words.
_ASKED = sa.select(
    vote_set.c.number, sa.func.min(vote_set.c.number).over(partition_by=vote_set.c.rubric).label("asked")
).subquery("asked")

Said = tuple[JudgedPrompt, Sequence[Answer], Vote]  #: a vote with what it is about


class CastVote(NamedTuple):
    """What a ballot was answered with."""

    vote: Vote
    is_taken_back: bool


class VoteRows:
    """May be shared by threads. What it hands out does not change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_set(self, new: VoteSet) -> bool:
        """Store a set; False if there is one of that name."""
        with self._database.write() as connection:
            added = connection.execute(
                insert(vote_set).values(new.model_dump(mode="json")).on_conflict_do_nothing()
            )
            return bool(added.rowcount)

    def sets(self) -> tuple[VoteSet, ...]:
        """Newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(vote_set).where(vote_set.c.is_whole).order_by(vote_set.c.number.desc())
            ).mappings()
            return tuple(_set(row) for row in rows)

    def count_sets(self) -> int:
        """It grows as a set becomes whole, whose votes may be older than those of others."""
        with self._database.read() as connection:
            query = sa.select(sa.func.count()).where(vote_set.c.is_whole)
            found: int = connection.execute(query).scalar_one()
            return found

    def set_named(self, name: str) -> VoteSet | None:
        with self._database.read() as connection:
            row = (
                connection.execute(sa.select(vote_set).where((vote_set.c.name == name) & vote_set.c.is_whole))
                .mappings()
                .one_or_none()
            )
            return None if row is None else _set(row)

    def plan_again(self, name: str, plan: VotePlan) -> None:
        """Keep another plan of a set that there is."""
        with self._database.write() as connection:
            connection.execute(
                sa.update(vote_set).where(vote_set.c.name == name).values(plan=plan.model_dump(mode="json"))
            )

    def put(self, prompts: Iterable[JudgedPrompt], answers: Iterable[Answer]) -> None:
        """Keep what can be judged; what is known already stays as it was first met."""
        with self._database.write() as connection:
            _put(connection, prompts, answers)

    def add(self, votes: Sequence[Vote]) -> tuple[int, ...]:
        """Store votes of sets, prompts and answers that there are; all or none. Returns their numbers, in that order.

        A vote whose ballot has one already is not stored again: the number is of the one that was there.
        """
        with self._database.write() as connection:
            numbers = {name: _number(connection, name) for name in {one.votes for one in votes}}
            return tuple(_added(connection, one, numbers[one.votes]) for one in votes)

    def add_whole(
        self, new: VoteSet, said: Sequence[Said], on_progress: Callable[[int], None] = lambda stored: None
    ) -> tuple[str, bool]:
        """Store a set with all its votes, or nothing, for a set that has one of its sources may be there already.

        It is written in pieces, between which others have their turn, and is there once the last is stored. What was
        broken off, or is written by somebody else at the moment, is gone on with: `said` must be the same then, and in the
        same order, wherever the sources are the same.

        Args:
            on_progress: told how many votes are stored, after each piece.

        Returns:
            The name of the set, and whether it was completed now; where its name is taken, it gets a number.
        """
        number, called, is_whole = self._begun(new)
        if is_whole:
            return called, False
        stored = 0
        while stored < len(said):
            # Made before the transaction: others wait for no more than the writing.
            piece = _Piece(said[stored : stored + _WRITTEN_AT_ONCE], number)
            stored = self._go_on(number, stored, piece)
            on_progress(stored)
        with self._database.write() as connection:
            query = sa.update(vote_set).where((vote_set.c.number == number) & ~vote_set.c.is_whole)
            return called, bool(connection.execute(query.values(is_whole=True)).rowcount)

    def _begun(self, new: VoteSet) -> tuple[int, str, bool]:
        """The set with one of these sources, which may be made now: its number, its name, and whether it is whole."""
        columns = (vote_set.c.number, vote_set.c.name, vote_set.c.is_whole, vote_set.c.sources)
        with self._database.write() as connection:
            known = connection.execute(sa.select(*columns)).all()
            for row in known:
                if set(row.sources) & set(new.sources):
                    return row.number, row.name, row.is_whole
            taken = {row.name for row in known}
            names = (new.name, *(f"{new.name} {number}" for number in range(2, len(known) + 3)))
            called = next(name for name in names if name not in taken)
            facts = new.model_copy(update={"name": called}).model_dump(mode="json")
            connection.execute(sa.insert(vote_set).values(facts | {"is_whole": False}))
            return _number(connection, called), called, False

    def _go_on(self, number: int, stored: int, piece: "_Piece") -> int:
        """Store a piece unless somebody else has stored it meanwhile; returns how many votes are stored now."""
        # Less durable than others: the last write, which makes the set whole, brings all before it to the disk.
        with self._database.write(durable=False) as connection:
            query = sa.select(sa.func.count()).where(vote.c.set_number == number)
            there: int = connection.execute(query).scalar_one()
            if there != stored:
                return there
            _put_rows(connection, piece.prompts, piece.answers)
            connection.execute(sa.insert(vote), piece.votes)
            return stored + len(piece.votes)

    def withdraw(self, number: int, *, by: str) -> bool:
        """Take a vote back; False if there is none, or it was taken back before."""
        row = {"vote_number": number, "by": by, "at": time.time()}
        with self._database.write() as connection:
            if connection.scalar(sa.select(vote.c.number).where(vote.c.number == number)) is None:
                return False
            return bool(connection.execute(insert(withdrawn).values(row).on_conflict_do_nothing()).rowcount)

    def revision(self, name: str | None = None) -> tuple[int, int]:
        """Of a set, or of all: how many votes there are and how many were taken back. It changes with every event."""
        votes, back = (
            sa.select(sa.func.count(vote.c.number)),
            sa.select(sa.func.count(withdrawn.c.vote_number)),
        )
        votes = votes.where(_in_set(name))
        if name is not None:
            back = back.join(vote, vote.c.number == withdrawn.c.vote_number).where(_in_set(name))
        with self._database.read() as connection:
            return connection.execute(votes).scalar_one(), connection.execute(back).scalar_one()

    def votes(
        self,
        name: str | None = None,
        *,
        kinds: Sequence[VoteKind] = (),
        rater: Rater | None = None,
        last: int | None = None,
    ) -> tuple[Vote, ...]:
        """Votes that were not taken back, oldest first; with `last`, only that many of the newest."""
        query = _standing(sa.select(vote, vote_set.c.name.label("votes")).join(vote_set), name)
        if kinds:
            query = query.where(vote.c.kind.in_(kinds))
        if rater is not None:
            query = query.where((vote.c.rater == rater.name) & (vote.c.rater_kind == rater.kind))
        if last is not None:
            query = query.order_by(None).order_by(vote.c.number.desc()).limit(last)
        with self._database.read() as connection:
            found = [_vote(row) for row in connection.execute(query).mappings()]
        return tuple(reversed(found) if last is not None else found)

    def pairs(self, name: str | None = None) -> tuple[PairVerdict, ...]:
        """The pairs of a set, or of all, as ratings count them: not taken back, and no repeats or checks of the rater."""
        kinds = {kind.value: kind for kind in RaterKind}
        return tuple(PairVerdict._make((*row[:4], kinds[row[4]], *row[5:])) for row in self.pair_rows(name))

    def pair_rows(self, name: str | None = None, *, after: int = 0) -> list[Sequence[Any]]:
        """The same as plain rows in the order of `PairVerdict`, kinds of raters as words: for tens of thousands.

        Args:
            after: a number; only votes with higher ones.
        """
        first, second = answer.alias("first"), answer.alias("second")
        columns = (
            *(vote.c.number, vote.c.prompt_id, judged_prompt.c.kind, vote.c.rater, vote.c.rater_kind),
            *(
                first.c.model,
                second.c.model,
                vote.c.won,
                vote.c.left,
                first.c.length,
                second.c.length,
                vote.c.seconds,
                vote.c.a,
                vote.c.b,
                _ASKED.c.asked,
            ),
        )
        query = (
            _standing(sa.select(*columns).select_from(vote), name)
            .join(_ASKED, _ASKED.c.number == vote.c.set_number)
            .join(judged_prompt, judged_prompt.c.id == vote.c.prompt_id)
            .join(first, first.c.id == vote.c.a)
            .join(second, second.c.id == vote.c.b)
            .where((vote.c.kind == VoteKind.PAIR) & vote.c.repeat_of.is_(None) & vote.c.expected.is_(None))
            .where(vote.c.number > after)
        )
        with self._database.read() as connection:
            # As the driver gives them: SQLAlchemy's rows, which have names, take as long again to make.
            cursor = connection.execute(query).cursor
            assert cursor is not None
            rows: list[Sequence[Any]] = list(cursor.fetchall())
            return rows

    def tally(self, name: str | None = None) -> Tally:
        """How many votes of a set, or of all, stand, and what they are."""
        what = (vote.c.kind, vote.c.rater_kind, vote.c.repeat_of.is_not(None), vote.c.expected.is_not(None))
        query = _standing(sa.select(*what, sa.func.count()).select_from(vote), name)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(None).group_by(*what).order_by(*what)).all()
        return {
            (VoteKind(kind), RaterKind(rater), bool(is_repeat), bool(is_check)): many
            for kind, rater, is_repeat, is_check, many in rows
        }

    def points(self, name: str | None = None) -> tuple[AnswerVerdict, ...]:
        """The points and thumbs of a set, or of all, as ratings count them: not taken back."""
        columns = (
            *(vote.c.number, vote.c.prompt_id, judged_prompt.c.kind, vote.c.rater, vote.c.rater_kind),
            *(answer.c.model, vote.c.a, answer.c.length, vote.c.kind, vote.c.verdict, _ASKED.c.asked),
        )
        query = (
            _standing(sa.select(*columns).select_from(vote), name)
            .join(_ASKED, _ASKED.c.number == vote.c.set_number)
            .join(judged_prompt, judged_prompt.c.id == vote.c.prompt_id)
            .join(answer, answer.c.id == vote.c.a)
            .where(vote.c.kind.in_((VoteKind.RATING, VoteKind.THUMB)) & vote.c.repeat_of.is_(None))
        )
        with self._database.read() as connection:
            return tuple(_points(tuple(row)) for row in connection.execute(query))

    def controls(self, name: str | None = None) -> tuple[Control, ...]:
        """What tells of raters: pairs that they judged again, and pairs whose right choice is known."""
        first = vote.alias("first")
        columns = (vote.c.rater, vote.c.rater_kind, vote.c.won, vote.c.a, vote.c.verdict, vote.c.expected)
        query = (
            _standing(sa.select(*columns, first.c.won, first.c.a).select_from(vote), name)
            .outerjoin(first, first.c.number == vote.c.repeat_of)
            .where(
                (vote.c.kind == VoteKind.PAIR)
                & (vote.c.repeat_of.is_not(None) | vote.c.expected.is_not(None))
            )
        )
        with self._database.read() as connection:
            return tuple(_control(tuple(row)) for row in connection.execute(query))

    def titles(self, models: Iterable[str]) -> dict[str, str]:
        """What models are called on screens, where that is known."""
        wanted = list(models)
        query = sa.select(answer.c.model, sa.func.max(answer.c.title)).where(answer.c.model.in_(wanted))
        with self._database.read() as connection:
            titles = {row[0]: row[1] for row in connection.execute(query.group_by(answer.c.model))}
        return {model: titles.get(model) or model for model in wanted}

    def answers(self, ids: Iterable[str]) -> dict[str, Answer]:
        """By id."""
        return {row["id"]: _answer(row) for row in self._by_id(answer, ids)}

    def answer_by(self, name: str, model: str) -> Answer | None:
        """One of that model that was judged in a set."""
        judged = sa.or_(answer.c.id == vote.c.a, answer.c.id == vote.c.b)
        query = _standing(sa.select(answer).select_from(vote).join(answer, judged), name)
        with self._database.read() as connection:
            found = connection.execute(query.where(answer.c.model == model).limit(1)).mappings().first()
        return _answer(found) if found else None

    def answers_to(self, prompt_ids: Iterable[str]) -> tuple[Answer, ...]:
        """All that is kept as an answer to these prompts."""
        return tuple(_answer(row) for row in self._by_id(answer, prompt_ids, answer.c.prompt_id))

    def prompts(self, ids: Iterable[str]) -> dict[str, JudgedPrompt]:
        """By id."""
        return {row["id"]: _prompt(row) for row in self._by_id(judged_prompt, ids)}

    def of_ballot(self, ballot_id: str) -> CastVote | None:
        """The vote that names a ballot, taken back or not."""
        query = (
            sa.select(
                vote,
                vote_set.c.name.label("votes"),
                withdrawn.c.vote_number.is_not(None).label("is_taken_back"),
            )
            .join(vote_set, vote_set.c.number == vote.c.set_number)
            .outerjoin(withdrawn, withdrawn.c.vote_number == vote.c.number)
            .where(vote.c.ballot == ballot_id)
        )
        with self._database.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else CastVote(_vote(row), bool(row["is_taken_back"]))

    def offer(self, new: Ballot) -> None:
        """Keep what is shown to a rater."""
        with self._database.write(durable=False) as connection:
            facts = new.model_dump(mode="json", exclude={"votes", "rater", "is_judged"})
            who = {"rater": new.rater.name, "rater_kind": new.rater.kind}
            connection.execute(
                sa.insert(ballot).values(set_number=_number(connection, new.votes), **who, **facts)
            )

    def ballot(self, ballot_id: str) -> Ballot | None:
        found = self._ballots(ballot.c.id == ballot_id)
        return found[0] if found else None

    def ballots(self, name: str) -> tuple[Ballot, ...]:
        """What was ever shown of a set, oldest first."""
        return self._ballots(vote_set.c.name == name)

    def _ballots(self, which: "sa.ColumnElement[bool]") -> tuple[Ballot, ...]:
        query = (
            sa.select(ballot, vote_set.c.name.label("votes"), vote.c.number.is_not(None).label("is_judged"))
            .join(vote_set, vote_set.c.number == ballot.c.set_number)
            .outerjoin(vote, vote.c.ballot == ballot.c.id)
            .where(which)
            .order_by(ballot.c.offered_at, ballot.c.id)
        )
        with self._database.read() as connection:
            return tuple(_ballot(row) for row in connection.execute(query).mappings())

    def _by_id(
        self, table: sa.Table, ids: Iterable[str], column: "sa.ColumnElement[str] | None" = None
    ) -> list["sa.RowMapping"]:
        wanted = list(dict.fromkeys(ids))
        key = table.c.id if column is None else column
        found: list[sa.RowMapping] = []
        with self._database.read() as connection:
            for start in range(0, len(wanted), _ASKED_AT_ONCE):
                some = wanted[start : start + _ASKED_AT_ONCE]
                found += connection.execute(sa.select(table).where(key.in_(some))).mappings()
        return found


class _Piece:
    """Rows of some votes of a set, and of what they are about."""

    def __init__(self, said: Sequence[Said], number: int) -> None:
        self.prompts = _prompt_rows({one.prompt_id: prompt for prompt, _, one in said}.values())
        self.answers = _answer_rows(answer for _, answers, _ in said for answer in answers)
        self.votes = [_row(one, number) for _, _, one in said]


def _put(connection: sa.Connection, prompts: Iterable[JudgedPrompt], answers: Iterable[Answer]) -> None:
    _put_rows(connection, _prompt_rows(prompts), _answer_rows(answers))


def _prompt_rows(prompts: Iterable[JudgedPrompt]) -> list[dict[str, Any]]:
    return [{"id": one.id, **one.model_dump(mode="json")} for one in prompts]


def _answer_rows(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    return [{"id": one.id, "length": len(one.text), **one.model_dump(mode="json")} for one in answers]


def _put_rows(connection: sa.Connection, asked: list[dict[str, Any]], said: list[dict[str, Any]]) -> None:
    if asked:
        connection.execute(insert(judged_prompt).on_conflict_do_nothing(), asked)
    if said:
        connection.execute(insert(answer).on_conflict_do_nothing(), said)


def _number(connection: sa.Connection, name: str) -> int:
    number: int = connection.execute(sa.select(vote_set.c.number).where(vote_set.c.name == name)).scalar_one()
    return number


def _in_set(name: str | None) -> "sa.ColumnElement[bool]":
    """Votes of a set, or of all that are whole."""
    numbers = sa.select(vote_set.c.number).where(vote_set.c.is_whole)
    if name is None:
        return vote.c.set_number.in_(numbers)
    return vote.c.set_number == numbers.where(vote_set.c.name == name).scalar_subquery()


def _standing(query: "sa.Select[Any]", name: str | None) -> "sa.Select[Any]":
    """Of a query on votes, those of the set that were not taken back, oldest first."""
    left = query.where(~sa.exists().where(withdrawn.c.vote_number == vote.c.number)).order_by(vote.c.number)
    return left.where(_in_set(name))


def _row(one: Vote, set_number: int) -> dict[str, Any]:
    facts = one.model_dump(mode="json", exclude={"votes", "rater", "number", "ballot", "created_at"})
    return {
        "set_number": set_number,
        "rater": one.rater.name,
        "rater_kind": one.rater.kind,
        "won": one.verdict.won_by_a if one.kind is VoteKind.PAIR else None,
        "ballot": one.ballot or None,
        "created_at": one.created_at or time.time(),
        **facts,
    }


def _added(connection: sa.Connection, one: Vote, set_number: int) -> int:
    row = _row(one, set_number)
    query = (
        insert(vote).values(row).on_conflict_do_nothing(index_elements=["ballot"]).returning(vote.c.number)
    )
    number: int | None = connection.execute(query).scalar()
    if number is None:
        number = connection.execute(sa.select(vote.c.number).where(vote.c.ballot == one.ballot)).scalar_one()
    return number


def _points(row: Sequence[Any]) -> AnswerVerdict:
    number, prompt_id, kind, rater, rater_kind, model, answer_id, length, vote_kind, said, asked = row
    is_thumb = vote_kind == VoteKind.THUMB
    scores = {"good": float(bool(said["is_good"]))} if is_thumb else said["scores"]
    scale = 1.0 if is_thumb else float(said["scale"] or max((*scores.values(), 1)))
    who = (rater, RaterKind(rater_kind))
    return AnswerVerdict(
        number, prompt_id, kind, *who, model, answer_id, length, is_thumb, scores, scale, asked
    )


def _control(row: Sequence[Any]) -> Control:
    rater, rater_kind, won, a, said, expected, before, before_a = row
    same = before if before is None or a == before_a else 1 - before  # the pair may have been turned round
    is_right = None if expected is None else Verdict.model_validate(said).passes(Choice(expected))
    return Control(rater, RaterKind(rater_kind), won, same, is_right)


def _set(row: "sa.RowMapping") -> VoteSet:
    return VoteSet.model_validate({name: row[name] for name in VoteSet.model_fields})


def _prompt(row: "sa.RowMapping") -> JudgedPrompt:
    return JudgedPrompt.model_validate({name: row[name] for name in JudgedPrompt.model_fields})


def _answer(row: "sa.RowMapping") -> Answer:
    return Answer.model_validate({name: row[name] for name in Answer.model_fields})


def _vote(row: "sa.RowMapping") -> Vote:
    own = {name: row[name] for name in Vote.model_fields if name not in ("rater", "ballot", "verdict")}
    verdict = Verdict.model_validate(row["verdict"])
    return Vote(**own, rater=_rater(row), ballot=row["ballot"] or "", verdict=verdict)


def _ballot(row: "sa.RowMapping") -> Ballot:
    own = {name: row[name] for name in Ballot.model_fields if name not in ("rater", "expected")}
    expected = Choice(row["expected"]) if row["expected"] else None
    return Ballot(**own, rater=_rater(row), expected=expected)


def _rater(row: "sa.RowMapping") -> Rater:
    return Rater(name=row["rater"], kind=RaterKind(row["rater_kind"]))
