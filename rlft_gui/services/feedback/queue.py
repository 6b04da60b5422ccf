"""In which order a rater meets what a set asks about."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rlft_gui.domain.vote_plan import PairOrder
from rlft_gui.domain.votes import Answer, RaterKind, Vote, VoteSet
from rlft_gui.services.feedback.judging_mixed import by_judges, is_unsure
from rlft_gui.services.feedback.voting_pool import Entry, Pool
from rlft_gui.storage.ballots import Claim, Judged

NO_SCORES = "No pair has a reward model's score on both sides, so pairs come in random order."
NOT_JUDGED = "No judge has voted in this set yet, so all its pairs come, in random order."
NO_JUDGE = "No pair has both a reward model's scores and a judge's verdict, so pairs come in random order."

#: Orders that go by what judges said.
BY_JUDGES = (PairOrder.DISAGREEMENT, PairOrder.UNSURE)


@dataclass(frozen=True)
class Queue:
    """`note` says where the order that was asked for cannot be had."""

    entries: tuple[Entry, ...]
    note: str = ""


def ordered(votes: VoteSet, rater: str, pool: Pool, judged: Iterable[Vote]) -> Queue:
    """All that the set asks, in this rater's order. `judged`: votes of the set, among which those of judges count."""
    entries = list(pool.entries)
    random.Random(f"{votes.name}\0{rater}").shuffle(entries)
    if votes.plan.order is PairOrder.UNCERTAIN:
        gaps = {entry: abs(gap) for entry in entries if (gap := _gap(entry, pool)) is not None}
        if not gaps:
            return Queue(tuple(entries), NO_SCORES)
        return Queue(tuple(sorted(entries, key=lambda entry: gaps.get(entry, float("inf")))))
    if votes.plan.order is PairOrder.DISAGREEMENT:
        sides = _sides_of_judges(judged)
        known = {
            entry: gap * side < 0
            for entry in entries
            if (gap := _gap(entry, pool)) is not None and (side := sides.get((entry.a, entry.b))) is not None
        }
        if not known:
            return Queue(tuple(entries), NO_JUDGE)
        return Queue(tuple(sorted(entries, key=lambda entry: not known.get(entry, False))))
    if votes.plan.order is PairOrder.UNSURE:
        return _unsure(entries, judged)
    return Queue(tuple(entries))


def _unsure(entries: Sequence[Entry], judged: Iterable[Vote]) -> Queue:
    """Those that judges are unsure of, then those that none has judged; what they are sure of is theirs."""
    verdicts = by_judges(judged)
    if not verdicts:
        return Queue(tuple(entries), NOT_JUDGED)
    of = {entry: verdicts.get(frozenset((entry.a, entry.b or "")), []) for entry in entries}
    asked = [entry for entry in entries if is_unsure(of[entry])]
    return Queue(tuple(sorted(asked, key=lambda entry: not of[entry])))


def left(
    queue: Sequence[Entry], rater: str, claims: Sequence[Claim], skipped: frozenset[Judged], raters: int
) -> list[Entry]:
    """What a rater may be shown: what he has not, and fewer than `raters` others have. What others began comes first."""
    own = {claim.judged for claim in claims if claim.rater == rater} | skipped
    others = Counter(claim.judged for claim in set(claims) if claim.rater != rater and not claim.is_second)
    free = [entry for entry in queue if (entry.a, entry.b) not in own and others[entry.a, entry.b] < raters]
    return sorted(free, key=lambda entry: -others[entry.a, entry.b])


def reward_of(answer: Answer) -> float | None:
    """What a reward model gave an answer; None where none has scored it."""
    scores = answer.facts.get("scores") or {}
    # A rule may look for that word, and a judge be called by it.
    found = next((value for name, value in sorted(scores.items()) if name.startswith("reward")), None)
    return None if found is None else float(found)


def _gap(entry: Entry, pool: Pool) -> float | None:
    """How much more a reward model gives to a than to b."""
    if entry.b is None:
        return None
    first, second = reward_of(pool.answers[entry.a]), reward_of(pool.answers[entry.b])
    return None if first is None or second is None else first - second


def _sides_of_judges(votes: Iterable[Vote]) -> dict[Judged, float]:
    """By pair, above zero where judges are for a."""
    sides: dict[Judged, float] = {}
    for vote in votes:
        if vote.rater.kind is RaterKind.JUDGE and vote.b is not None:
            sides[vote.a, vote.b] = sides.get((vote.a, vote.b), 0.0) + vote.verdict.won_by_a - 0.5
    return sides
