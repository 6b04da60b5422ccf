"""Showing answers to people and taking in what they say of them.

A ballot is stored before it is shown and kept from others for ten minutes, longer while its rater goes on voting. Who
judged it after that is heard too, unless somebody else has the pair by then. Nothing that is told of a ballot before it is
judged says which model wrote what: `Shown` is all that screens get.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from rlft_gui.domain.accounts import LOCAL_OWNER
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.turns import Message
from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import Answer, Ballot, Choice, Rater, Verdict, Vote, VoteKind, VoteSet
from rlft_gui.services.feedback import ballots, queue, rater_names, voting_again, voting_checks
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.feedback.voting_pool import Pool, pool, version
from rlft_gui.services.rights import Rights
from rlft_gui.services.shared import Shared
from rlft_gui.storage import Storage

MOST_AT_ONCE = 20
_KEPT_POOLS = 24
_POOL_SECONDS = 3600.0
_TRIES = 5
_NEWEST, _COUNTED_SECONDS = 3, 5.0
#: Marks the second vote of a ballot: the better answer as it should have been.
_EDIT = ":edit"


@dataclass(frozen=True)
class Shown:
    """What may be told of a ballot before it is judged. `second` is None where one answer is asked about."""

    ballot: str
    messages: tuple[Message, ...]
    first: str
    second: str | None


@dataclass(frozen=True)
class Told:
    """What is told of a vote after it was cast."""

    vote: Vote
    a: Answer
    b: Answer | None
    is_too_fast: bool


@dataclass(frozen=True)
class Progress:
    """Of a rater in a set.

    Attributes:
        judged: his votes that stand.
        left: what he may still be shown that is new, what he has before him included.
        checks_right, repeats_same: of `checks` and `repeats` that he judged.
        note: where the order of pairs is not the one that was asked for.
    """

    judged: int
    left: int
    checks: int = 0
    checks_right: int = 0
    repeats: int = 0
    repeats_same: int = 0
    note: str = ""


class Voting:
    """May be shared by threads. `clock` tells seconds since 1970."""

    def __init__(self, storage: Storage, votes: Votes, clock: Callable[[], float] = time.time) -> None:
        self._storage = storage
        self._votes = votes
        self._rights = Rights(storage)
        self._accounts = storage.accounts
        self._clock = clock
        self._pools = Shared[Pool](_KEPT_POOLS, _POOL_SECONDS)
        self._counted = Shared[tuple[tuple[str, int], ...]](1, _COUNTED_SECONDS)
        self._casting = Lock()

    def create(self, new: VoteSet, *, user: str) -> VoteSet:
        """Store a set of votes that people can be asked for.

        Raises:
            InvalidInput: its sources give nothing to ask about, or its words are too long.
        """
        self._rights.check_change(user)
        if len(new.rubric) > voting_checks.LONGEST_RUBRIC:
            raise InvalidInput(
                f"The rubric has {len(new.rubric):,} characters; {voting_checks.LONGEST_RUBRIC:,} are the most. Shorten it."
            )
        attributes = voting_checks.attributes_of(new.plan.question, new.attributes)
        draft = new.model_copy(update={"rubric": new.rubric.strip(), "attributes": attributes})
        found = pool(self._storage, draft)
        if not found.entries:
            raise InvalidInput(_nothing_to_ask(draft, found))
        self._storage.votes.put(found.prompts.values(), found.answers.values())
        return self._votes.create(draft, user=user)

    def person(self, name: str, typed: str, *, user: str) -> Rater:
        """Who votes in a set: an account under its own name, and at the machine of its owner, which is handed round, whoever
        types a name, spelled as in the votes that he gave there.

        Raises:
            InvalidInput: it is no name.
            NotAllowed: it is the name of somebody who signs in to vote.
        """
        if user != LOCAL_OWNER:
            return Rater(name=user)
        self._check_rater(rater_names.named(typed), user)
        return rater_names.known(rater_names.named(typed), self._storage.ballots.people(name))

    def next(self, name: str, rater: Rater, n: int = 1, *, user: str) -> tuple[Ballot, ...]:
        """At most `n` ballots of a rater: first those that he has and did not judge, so that a reload shows them again.

        Raises:
            NotFound: there is no such set.
            NotAllowed: `user` may not vote as this rater.
        """
        self._check_rater(rater, user)
        votes, n = self._votes.get(name), max(1, min(n, MOST_AT_ONCE))
        held = self._held(name, rater)[:n]
        self._storage.ballots.renew([one.id for one in held], self._clock() + ballots.RESERVED_SECONDS)
        for _ in range(_TRIES):
            if len(held) == n:
                break
            dealt = ballots.deal(self._hand(votes, rater, held), n - len(held))
            if not dealt:
                break
            self._keep(votes, dealt)
            held += self._storage.ballots.reserve(dealt, votes.plan.raters, self._clock())
        return tuple(held)

    def shown(self, given: Sequence[Ballot]) -> tuple[Shown, ...]:
        """What may be told of these ballots."""
        rows = self._storage.votes
        prompts = rows.prompts(one.prompt_id for one in given)
        texts = rows.answers(side for one in given for side in (one.a, one.b) if side)
        return tuple(_shown(one, prompts[one.prompt_id].messages, texts) for one in given)

    def ballot(self, ballot_id: str, rater: Rater) -> Ballot:
        """What was shown to this rater, however he writes his capitals.

        Raises:
            NotFound: there is no such ballot.
            NotAllowed: it was shown to somebody else.
        """
        found = self._storage.votes.ballot(ballot_id)
        if found is None:
            raise NotFound("This vote names a pair that was never shown. Reload the page and vote anew.")
        if found.rater.kind != rater.kind or found.rater.name.casefold() != rater.name.casefold():
            raise NotAllowed(
                f"This pair was shown to {found.rater.name}, and {rater.name} cannot vote on it. Reload the page."
            )
        return found

    def cast(
        self,
        ballot_id: str,
        verdict: Verdict,
        rater: Rater,
        *,
        seconds: float | None = None,
        edited: str = "",
        user: str,
    ) -> int:
        """Store what a rater says of answers a and b; returns the vote's number. Said again, it is the same vote.

        Args:
            seconds: how long it was on the rater's screen, where that is known.
            edited: of a pair: the better answer as it should have been.

        Raises:
            NotFound, NotAllowed: as `ballot`.
            InvalidInput: it does not answer the question.
            NotPossibleNow: it comes so late that somebody else has the pair, or another verdict on this ballot came first.
        """
        self._check_rater(rater, user)
        ballot, now = self.ballot(ballot_id, rater), self._clock()
        rater = ballot.rater
        votes, rows = self._votes.get(ballot.votes), self._storage.votes
        answers = rows.answers(side for side in (ballot.a, ballot.b) if side)
        voting_checks.check(ballot, verdict, votes, answers[ballot.a])
        if not ballot.is_judged:
            self._claim_again(ballot, votes, now)
        last = rows.votes(ballot.votes, rater=rater, last=1)
        vote = Vote(
            votes=ballot.votes,
            rater=rater,
            kind=ballot.kind,
            prompt_id=ballot.prompt_id,
            a=ballot.a,
            b=ballot.b,
            left=ballot.left,
            verdict=verdict,
            rubric=votes.rubric,
            seconds=voting_checks.seconds_taken(ballot, seconds, last[0].created_at if last else None, now),
            ballot=ballot.id,
            repeat_of=ballot.repeat_of,
            expected=ballot.expected,
            created_at=now,
        )
        edit = _edit(vote, answers, edited) if edited.strip() else None
        with self._casting:  # of two tabs at once one is first, and the other is told
            first = rows.of_ballot(ballot.id)
            if first is None:
                return rows.add([vote, edit] if edit else [vote])[0]
            voting_again.check_same(first, rows.of_ballot(ballot.id + _EDIT), vote, edit)
            return first.vote.number

    def skip(self, ballot_id: str, rater: Rater, *, user: str) -> None:
        """Pass a pair over: this rater does not see it again, others may."""
        self._check_rater(rater, user)
        if not self.ballot(ballot_id, rater).is_judged:
            self._storage.ballots.skip(ballot_id, self._clock())

    def undo(self, name: str, rater: Rater, *, user: str) -> Ballot | None:
        """Take back the rater's newest vote; returns its question once more, None where there was no vote or no ballot."""
        self._check_rater(rater, user)
        back = self._votes.undo(name, rater)
        if back is not None and back.ballot.endswith(_EDIT):
            back = self._votes.undo(name, rater)
        shown = self._storage.votes.ballot(back.ballot) if back is not None and back.ballot else None
        if shown is None:
            return None
        now = self._clock()
        stored = self._storage.ballots.reserve(
            [ballots.again(shown, now)], self._votes.get(name).plan.raters, now
        )
        return stored[0] if stored else None

    def last(self, name: str, rater: Rater) -> Told | None:
        """The rater's newest vote, with who wrote what."""
        newest = [
            one
            for one in self._storage.votes.votes(name, rater=rater, last=2)
            if not one.ballot.endswith(_EDIT)
        ]
        return self._told(newest[-1]) if newest else None

    def repeated(self, vote: Vote) -> Choice | None:
        """What its rater chose of the same pair before; None where the vote repeats none."""
        if vote.repeat_of is None:
            return None
        given = self._storage.votes.votes(vote.votes, rater=vote.rater)
        return next((one.verdict.choice for one in given if one.number == vote.repeat_of), None)

    def answer_by(self, votes: VoteSet, model: str) -> Answer | None:
        """An answer of that model among those of a set, or of a vote on it where its sources hold none any more."""
        own = next((one for one in self._pool(votes).answers.values() if one.model == model), None)
        return own or self._storage.votes.answer_by(votes.name, model)

    def progress(self, name: str, rater: Rater) -> Progress:
        """How far a rater has come, and whether he reads.

        Raises:
            NotFound: there is no such set.
        """
        votes, held = self._votes.get(name), self._held(name, rater)
        hand = self._hand(votes, rater, held)
        fresh_held = sum(one.repeat_of is None and one.expected is None for one in held)
        by_number = {one.number: one for one in hand.given}
        checks = [one for one in hand.given if one.expected is not None]
        repeats = [
            (one, by_number[one.repeat_of])
            for one in hand.given
            if one.repeat_of is not None and one.repeat_of in by_number
        ]
        return Progress(
            judged=len(hand.given),
            left=len(hand.fresh) + fresh_held,
            checks=len(checks),
            checks_right=sum(one.expected is not None and one.verdict.passes(one.expected) for one in checks),
            repeats=len(repeats),
            repeats_same=sum(_same(one.verdict, other.verdict) for one, other in repeats),
            note=self._queue(votes, rater).note,
        )

    def waiting(self, votes: VoteSet) -> int:
        """How much of a set nobody has judged or has before him."""
        claims = self._storage.ballots.claims(votes.name, Rater(name="nobody"), self._clock())
        taken = {claim.judged for claim in claims}
        return sum((entry.a, entry.b) not in taken for entry in self._pool(votes).entries)

    def waiting_sets(self) -> tuple[tuple[str, int], ...]:
        """The newest sets of which something waits for a rater, with how much; as it was some seconds ago at most."""

        def count() -> tuple[tuple[str, int], ...]:
            counted = [(one.name, self.waiting(one)) for one in self._votes.list()[:_NEWEST]]
            return tuple(one for one in counted if one[1])

        return self._counted.get("waiting", count)

    def _check_rater(self, rater: Rater, user: str) -> None:
        """An account votes as itself; the machine's owner as anybody who does not sign in.

        Raises:
            NotAllowed: this is somebody else's name.
        """
        self._rights.check_change(user)
        account = self._accounts.get(rater.name)
        if user == LOCAL_OWNER and account is not None:
            raise NotAllowed(
                f"{account.name} has an account here and votes signed in to it. Sign in as {account.name}, or type another name."
            )
        if user != LOCAL_OWNER and rater != Rater(name=user):
            raise NotAllowed(f"You are signed in as {user} and vote under this name, not as {rater.name}.")

    def _pool(self, votes: VoteSet) -> Pool:
        question = (votes.name, version(self._storage, votes))
        return self._pools.get(question, lambda: pool(self._storage, votes))

    def _keep(self, votes: VoteSet, dealt: Sequence[Ballot]) -> None:
        """Store what ballots are about, which may have come after the set was made."""
        found = self._pool(votes)
        sides = [side for one in dealt for side in (one.a, one.b) if side and side in found.answers]
        prompts = [found.prompts[one.prompt_id] for one in dealt if one.prompt_id in found.prompts]
        self._storage.votes.put(prompts, [found.answers[side] for side in sides])

    def _queue(self, votes: VoteSet, rater: Rater) -> queue.Queue:
        judged = self._storage.votes.votes(votes.name) if votes.plan.order in queue.BY_JUDGES else ()
        return queue.ordered(votes, rater.name, self._pool(votes), judged)

    def _held(self, name: str, rater: Rater) -> list[Ballot]:
        rows = self._storage
        found = [rows.votes.ballot(each) for each in rows.ballots.open_of(name, rater, self._clock())]
        return [one for one in found if one is not None]

    def _hand(self, votes: VoteSet, rater: Rater, held: Sequence[Ballot]) -> ballots.Hand:
        rows, now = self._storage.ballots, self._clock()
        given = self._storage.votes.votes(votes.name, rater=rater)
        claims, skipped = rows.claims(votes.name, rater, now), rows.skipped(votes.name, rater)
        return ballots.Hand(
            votes=votes,
            rater=rater,
            pool=self._pool(votes),
            fresh=queue.left(
                self._queue(votes, rater).entries, rater.name, claims, skipped, votes.plan.raters
            ),
            given=[one for one in given if not one.ballot.endswith(_EDIT)],
            held=held,
            shown=rows.count(votes.name, rater),
            now=now,
        )

    def _claim_again(self, ballot: Ballot, votes: VoteSet, now: float) -> None:
        if ballot.skipped_at is None and ballot.expires_at > now:
            return
        until = now + ballots.RESERVED_SECONDS
        if not self._storage.ballots.revive(ballot.id, votes.plan.raters, now, until):
            raise NotPossibleNow(
                "This vote was not counted: it came after more than ten minutes, and the pair was given to somebody "
                "else by then. Go on with the next pair."
            )

    def _told(self, vote: Vote) -> Told:
        answers = self._storage.votes.answers(side for side in (vote.a, vote.b) if side)
        a, b = answers[vote.a], answers[vote.b] if vote.b else None
        return Told(vote, a, b, voting_checks.is_too_fast(vote, *(one for one in (a, b) if one)))


def mirrored(verdict: Verdict) -> Verdict:
    """A verdict on what was shown, of answers that stood the other way round: A is B."""
    sides = {"a": "b", "b": "a"}
    choice = verdict.choice
    share = None if verdict.share is None else 1 - verdict.share
    turned = type(choice)(sides.get(choice, choice)) if choice is not None else None
    return verdict.model_copy(update={"choice": turned, "share": share})


def _shown(ballot: Ballot, messages: tuple[Message, ...], answers: dict[str, Answer]) -> Shown:
    a = answers[ballot.a].text
    b = answers[ballot.b].text if ballot.b else None
    if ballot.left == "b" and b is not None:
        return Shown(ballot.id, messages, b, a)
    return Shown(ballot.id, messages, a, b)


def _edit(vote: Vote, answers: dict[str, Answer], text: str) -> Vote | None:
    """None where no answer is the better, where it was not changed, or where it was broken on purpose."""
    better = vote.b if vote.verdict.won_by_a < 0.5 else vote.a
    if better is None or vote.verdict.won_by_a == 0.5 or vote.expected is not None:
        return None
    if answers[better].text.strip() == text.strip():
        return None
    voting_checks.check_length(text)
    changes = {
        "kind": VoteKind.EDIT,
        "a": better,
        "b": None,
        "left": "a",
        "verdict": Verdict(text=text),
        "ballot": vote.ballot + _EDIT,
        "repeat_of": None,
    }
    return vote.model_copy(update=changes)


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.choice, one.scores, one.is_good) == (other.choice, other.scores, other.is_good)


def _nothing_to_ask(votes: VoteSet, found: Pool) -> str:
    if not votes.sources:
        return "A set of votes needs answers. Choose a comparison, or two runs."
    if not found.answers:
        return (
            f"There are no answers in {', '.join(votes.sources)}. A comparison must have ended, and a run must have "
            "answered held-out prompts; choose others."
        )
    if votes.plan.question is Question.PAIR:
        return (
            "No prompt was answered by two models in different words, so there is no pair to judge. Choose runs that "
            "share their held-out prompts, or compare several models."
        )
    return "There is no answer to judge."
