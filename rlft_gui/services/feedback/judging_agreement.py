"""How far each judge says what people say, by criterion, and what it says of itself when the answers swap places.

People's verdicts on a pair stand beside the judge's. Where people gave points to both answers instead, by attribute, whoever
got more of one person won. A person's tie names no winner, so it is counted and not compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.votes import Rater, RaterKind, Vote, VoteKind
from rlft_gui.services.feedback.judging_mixed import is_consistent
from rlft_gui.services.feedback.rating_facts import Rate

OVERALL = "overall"


class CriterionAgreement(Frozen):
    """Attributes:
    same: percent of verdicts of people that the judge shares, with its interval; None where they never met.
    ties: verdicts of people beside those that name no winner.
    """

    criterion: str
    same: Rate | None
    ties: int


class JudgeFacts(Frozen):
    """One judge in a set.

    Attributes:
        pairs: that it judged.
        consistent: share of them with the same winner in both orders; None where no vote tells.
        first: mean share of whichever answer it was shown first; 0.5 is fair.
    """

    name: str
    pairs: int
    consistent: float | None
    first: float | None
    agreement: tuple[CriterionAgreement, ...]


class _Said(NamedTuple):
    """A person's leaning between two answers, above zero for the one whose id comes first; on which prompt."""

    lead: float
    prompt: str


def judges(votes: Sequence[Vote]) -> tuple[JudgeFacts, ...]:
    """Every judge of these votes, by the most pairs."""
    people = _people(votes)
    found: dict[Rater, list[Vote]] = {}
    for vote in votes:
        if vote.rater.kind is RaterKind.JUDGE and vote.kind is VoteKind.PAIR:
            found.setdefault(vote.rater, []).append(vote)
    facts = [_facts(rater.name, own, people) for rater, own in found.items()]
    return tuple(sorted(facts, key=lambda one: -one.pairs))


def _facts(
    name: str, own: Sequence[Vote], people: dict[tuple[str, frozenset[str]], list[_Said]]
) -> JudgeFacts:
    told = [vote for vote in own if vote.verdict.orders]
    asked = dict.fromkeys(criterion for vote in told for criterion in vote.verdict.orders)
    firsts = [(a + 1 - b) / 2 for vote in told for a, b in vote.verdict.orders.values()]
    return JudgeFacts(
        name=name,
        pairs=len(own),
        consistent=fmean(map(is_consistent, told)) if told else None,
        first=fmean(firsts) if firsts else None,
        agreement=tuple(_agreement(one, own, people) for one in dict.fromkeys((OVERALL, *asked))),
    )


def _agreement(
    criterion: str, own: Sequence[Vote], people: dict[tuple[str, frozenset[str]], list[_Said]]
) -> CriterionAgreement:
    import numpy as np

    from rlft_gui.services.feedback.rating_rates import share

    alike: list[float] = []
    prompts: list[str] = []
    ties = 0
    for vote in own:
        lead = _lead(vote, criterion)
        for said in people.get((criterion, frozenset((vote.a, vote.b or ""))), ()):
            if said.lead == 0 or lead is None:
                ties += said.lead == 0
                continue
            alike.append(0.5 if lead == 0 else float(lead * said.lead > 0))
            prompts.append(said.prompt)
    codes = {prompt: code for code, prompt in enumerate(dict.fromkeys(prompts))}
    rate = (
        share(np.array(alike), np.array([codes[one] for one in prompts], dtype=np.int64)) if alike else None
    )
    return CriterionAgreement(criterion=criterion, same=rate, ties=ties)


def _lead(vote: Vote, criterion: str) -> float | None:
    """The judge's leaning to the answer whose id comes first; None where it was not asked about the criterion."""
    if criterion == OVERALL:
        share = vote.verdict.won_by_a
    elif criterion in vote.verdict.orders:
        share = fmean(vote.verdict.orders[criterion])
    else:
        return None
    return _turned(share - 0.5, vote.a, vote.b or "")


def _people(votes: Iterable[Vote]) -> dict[tuple[str, frozenset[str]], list[_Said]]:
    """By criterion and pair, each person's last verdict."""
    of_people = [vote for vote in votes if vote.rater.kind is RaterKind.PERSON and vote.repeat_of is None]
    found: dict[tuple[str, frozenset[str]], dict[str, _Said]] = {}
    for vote in of_people:
        if vote.kind is VoteKind.PAIR and vote.expected is None:
            said = _Said(_turned(vote.verdict.won_by_a - 0.5, vote.a, vote.b or ""), vote.prompt_id)
            found.setdefault((OVERALL, frozenset((vote.a, vote.b or ""))), {})[vote.rater.name] = said
    for rater, criterion, a, b, said in _by_points(of_people):
        found.setdefault((criterion, frozenset((a, b))), {}).setdefault(rater, said)
    return {key: list(own.values()) for key, own in found.items()}


def _by_points(votes: Sequence[Vote]) -> Iterator[tuple[str, str, str, str, _Said]]:
    """Every two answers to one prompt to which one person gave points for one criterion."""
    given: dict[tuple[str, str, str], dict[str, float]] = {}
    for vote in votes:
        if vote.kind is VoteKind.RATING:
            for criterion, points in vote.verdict.scores.items():
                given.setdefault((vote.rater.name, criterion, vote.prompt_id), {})[vote.a] = points
    for (rater, criterion, prompt), own in given.items():
        ids = sorted(own)
        for place, a in enumerate(ids):
            for b in ids[place + 1 :]:
                yield rater, criterion, a, b, _Said(own[a] - own[b], prompt)


def _turned(lead: float, a: str, b: str) -> float:
    return lead if a < b else -lead
