"""What a rater is shown next: mostly what is new, now and then what he has judged, or what has a known answer.

Sides are drawn anew for each ballot, except that a repeat shows its pair in the other order: who follows the side and not
the answer is found out.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import Ballot, Choice, Rater, Side, Vote, VoteKind, VoteSet
from rlft_gui.services.feedback.voting_pool import Check, Entry, Pool

RESERVED_SECONDS = 600
#: How many votes lie between a pair and its repeat at least, and before the first check.
APART = 5

KINDS = {
    Question.PAIR: VoteKind.PAIR,
    Question.LIKERT: VoteKind.RATING,
    Question.ATTRIBUTES: VoteKind.RATING,
    Question.THUMB: VoteKind.THUMB,
    Question.CRITIQUE: VoteKind.CRITIQUE,
    Question.EDIT: VoteKind.EDIT,
}
#: Nobody writes the same words twice, so what is written is not asked again.
_REPEATED = (VoteKind.PAIR, VoteKind.RATING, VoteKind.THUMB)


@dataclass(frozen=True)
class Hand:
    """What is known of a rater in a set when he is to be shown more.

    Attributes:
        fresh: what he may be shown, in order.
        given: his votes that stand, oldest first.
        held: what he has on screen or beside it, not judged yet.
        shown: how often he was shown something.
    """

    votes: VoteSet
    rater: Rater
    pool: Pool
    fresh: Sequence[Entry]
    given: Sequence[Vote]
    held: Sequence[Ballot]
    shown: int
    now: float


def deal(hand: Hand, n: int) -> list[Ballot]:
    """At most `n` ballots; none once nothing is fresh."""
    fresh = iter(hand.fresh)
    dealt: list[Ballot] = []
    if not hand.fresh:
        return dealt
    repeats, checks = _repeatable(hand), _unchecked(hand)
    for number in range(hand.shown, hand.shown + n):
        ballot = _second(hand, number, repeats, checks)
        if ballot is None:
            entry = next(fresh, None)
            if entry is None:
                break
            ballot = _ballot(hand, entry)
        dealt.append(ballot)
    return dealt


def again(ballot: Ballot, now: float) -> Ballot:
    """The same question once more, as it was shown."""
    fresh = {"id": _new_id(), "offered_at": now, "expires_at": now + RESERVED_SECONDS, "is_judged": False}
    return ballot.model_copy(update=fresh)


def _second(hand: Hand, number: int, repeats: list[Vote], checks: list[Check]) -> Ballot | None:
    """A repeat or a check, where it is time for one; the same for the same place in a rater's row of pairs."""
    drawn, plan = random.Random(f"{hand.votes.name}\0{hand.rater.name}\0{number}").random(), hand.votes.plan
    if drawn < plan.checks and checks:
        check = checks.pop(0)
        return _ballot(hand, check.about, expected=check.expected)
    if plan.checks <= drawn < plan.checks + plan.repeats and repeats:
        vote = repeats.pop(0)
        other: Side = "b" if vote.left == "a" else "a"
        return _ballot(hand, Entry(vote.prompt_id, vote.a, vote.b), left=other, repeat_of=vote.number)
    return None


def _repeatable(hand: Hand) -> list[Vote]:
    """Those that are longest ago."""
    if KINDS[hand.votes.plan.question] not in _REPEATED:
        return []
    done = {one.repeat_of for one in hand.given} | {one.repeat_of for one in hand.held}
    old = hand.given[: max(0, len(hand.given) - APART)]
    return [one for one in old if one.repeat_of is None and one.expected is None and one.number not in done]


def _unchecked(hand: Hand) -> list[Check]:
    if len(hand.given) < APART:
        return []
    seen = {(one.a, one.b) for one in hand.given} | {(one.a, one.b) for one in hand.held}
    left = [check for check in hand.pool.checks if (check.about.a, check.about.b) not in seen]
    random.Random(f"{hand.votes.name}\0{hand.rater.name}").shuffle(left)
    return left


def _ballot(
    hand: Hand,
    entry: Entry,
    *,
    left: Side | None = None,
    repeat_of: int | None = None,
    expected: Choice | None = None,
) -> Ballot:
    return Ballot(
        id=_new_id(),
        votes=hand.votes.name,
        rater=hand.rater,
        kind=KINDS[hand.votes.plan.question],
        prompt_id=entry.prompt_id,
        a=entry.a,
        b=entry.b,
        left=left or (secrets.choice(("a", "b")) if entry.b else "a"),
        repeat_of=repeat_of,
        expected=expected,
        offered_at=hand.now,
        expires_at=hand.now + RESERVED_SECONDS,
    )


def _new_id() -> str:
    return secrets.token_urlsafe(15)
