"""People where judges are unsure, judges elsewhere: who decides which pair of a set.

A judge is unsure of a pair where its share is near a half, or where its two orders have different winners. Where several
judged, they are sure if their mean is, and if none of them is for the other answer. A person's verdict stands wherever there
is one.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.votes import RaterKind, Vote, VoteKind

#: How near to a half a judge's share is unsure.
NEAR = 0.15

Pair = frozenset[str]


class Mix(Frozen):
    """Pairs that people or judges have judged.

    Attributes:
        people: decided by people.
        judges: decided by judges that are sure.
        open: judges are unsure, and nobody was asked yet.
    """

    pairs: int
    people: int
    judges: int
    open: int


class Mixed(NamedTuple):
    """`left_out`: numbers of votes of judges that do not count in the mix."""

    mix: Mix
    left_out: frozenset[int]


def is_unsure(votes: Sequence[Vote]) -> bool:
    """Of judges' votes on one pair."""
    if not votes:
        return True
    first = votes[0].a
    shares = [one.verdict.won_by_a if one.a == first else 1 - one.verdict.won_by_a for one in votes]
    if abs(fmean(shares) - 0.5) < NEAR or (min(shares) < 0.5 < max(shares)):
        return True
    return any(not is_consistent(one) for one in votes)


def is_consistent(vote: Vote) -> bool:
    """Whether both orders have the same winner, over all criteria; votes from files that name no orders are taken at their
    word."""
    orders = vote.verdict.orders.values()
    if not orders:
        return True
    return (fmean(one for one, _ in orders) - 0.5) * (fmean(other for _, other in orders) - 0.5) > 0


def by_judges(votes: Iterable[Vote]) -> dict[Pair, list[Vote]]:
    """The votes of judges on each pair."""
    found: dict[Pair, list[Vote]] = {}
    for vote in votes:
        if _is_verdict(vote) and vote.rater.kind is RaterKind.JUDGE:
            found.setdefault(_pair(vote), []).append(vote)
    return found


def mixed(votes: Sequence[Vote]) -> Mixed:
    """Who decides each pair of these votes."""
    people = {_pair(one) for one in votes if _is_verdict(one) and one.rater.kind is RaterKind.PERSON}
    judged = by_judges(votes)
    unsure = {pair for pair, own in judged.items() if pair not in people and is_unsure(own)}
    left_out = {one.number for pair, own in judged.items() if pair in people | unsure for one in own}
    alone = judged.keys() - people - unsure
    mix = Mix(pairs=len(people | judged.keys()), people=len(people), judges=len(alone), open=len(unsure))
    return Mixed(mix, frozenset(left_out))


def _is_verdict(vote: Vote) -> bool:
    return vote.kind is VoteKind.PAIR and vote.repeat_of is None and vote.expected is None


def _pair(vote: Vote) -> Pair:
    return frozenset((vote.a, vote.b or ""))
