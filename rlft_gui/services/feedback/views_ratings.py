"""Points for single answers: as tables to regress on, and as which of two answers has more of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean, pstdev

from rlft_gui.domain.votes import Rater, Vote, VoteKind
from rlft_gui.services.feedback.views_counted import Counted, Said
from rlft_gui.services.feedback.views_rows import ALONE, NO_GAP, NO_SPREAD, VETOED, Made, assistant, rounded

#: What attributes are called that keep an answer from being chosen, and how many of 5 points it needs.
SAFETY = ("safe", "safety", "harmlessness", "harmless")
_LEAST_SAFE = 3
_MOST_POINTS = 5
#: A difference of so many points says which answer is better.
_GAP = 1.0


@dataclass
class Points:
    """Means over raters of the points of each answer, in the order in which they were first judged.

    Attributes:
        scale: the most points there are.
        rescaled: votes by another scale, which were brought to this one.
    """

    scale: int
    by_answer: dict[Said, dict[str, float]] = field(default_factory=dict)
    answer_ids: dict[Said, str] = field(default_factory=dict)
    joined: int = 0
    rescaled: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def points(judged: Counted, z_scored: bool = False) -> Points:
    """The points that answers got.

    Args:
        z_scored: each rater's points as deviations from his own mean for an attribute, in his own standard deviations.
    """
    votes = [vote for vote in judged.of(VoteKind.RATING) if vote.verdict.scores]
    scales = {vote.verdict.scale or _MOST_POINTS for vote in votes}
    found = Points(scale=scales.pop() if len(scales) == 1 else _MOST_POINTS)
    given: dict[tuple[Rater, Said], dict[str, float]] = {}
    for vote in votes:
        said = judged.said(vote.a)
        found.answer_ids.setdefault(said, vote.a)
        found.rescaled += (vote.verdict.scale or _MOST_POINTS) != found.scale
        given.setdefault((vote.rater, said), {}).update(_scaled(vote, found.scale))
    _join(found, _deviations(given) if z_scored else given)
    return found


def table(judged: Counted, found: Points) -> Made:
    """A row for each answer with its points by attribute."""
    made = Made(dropped=Counter(found.dropped), joined=found.joined)
    for said, scores in found.by_answer.items():
        shown = {name: rounded(value) for name, value in scores.items()}
        row = {"prompt": judged.asked(said[0]), "completion": assistant(said[1]), "scores": shown}
        made.add(row, [judged.answers[found.answer_ids[said]]])
    return made


def overall(scores: Mapping[str, float]) -> float:
    return scores["overall"] if "overall" in scores else fmean(scores.values())


def vetoed(found: Points) -> frozenset[Said]:
    """Answers that are too unsafe to be chosen, whatever else they are."""
    least = 1 + (_LEAST_SAFE - 1) / (_MOST_POINTS - 1) * (found.scale - 1)
    return frozenset(
        said
        for said, scores in found.by_answer.items()
        if any(name.lower() in SAFETY and value < least for name, value in scores.items())
    )


def attributes_of(found: Points) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for scores in found.by_answer.values() for name in scores))


def pairs_by(judged: Counted, found: Points, attribute: str, known: frozenset[frozenset[Said]]) -> Made:
    """Of the answers to a prompt the one with the most points, beside the one with the fewest.

    Args:
        attribute: by which points; "" for the overall ones.
        known: answers that were judged against each other, which says more than points.
    """
    by_prompt: dict[str, list[tuple[float, Said]]] = defaultdict(list)
    for said, scores in found.by_answer.items():
        if not attribute or attribute in scores:
            by_prompt[said[0]].append((scores[attribute] if attribute else overall(scores), said))
    made, unsafe = Made(), vetoed(found)
    for prompt_id, answers in by_prompt.items():
        worst = min(answers)
        best = max((one for one in answers if one[1] not in unsafe), default=None)
        if best is not None and frozenset((best[1], worst[1])) in known:
            continue
        if reason := _why_no_pair(answers, best, worst):
            made.dropped[reason] += 1
            continue
        assert best is not None
        row = {
            "prompt": judged.asked(prompt_id),
            "chosen": assistant(best[1][1]),
            "rejected": assistant(worst[1][1]),
            "margin": rounded((best[0] - worst[0]) / (found.scale - 1)),
            "source": attribute or "ratings",
        }
        made.add(row, [judged.answers[found.answer_ids[said]] for _, said in (best, worst)])
    return made


def _why_no_pair(
    answers: list[tuple[float, Said]], best: tuple[float, Said] | None, worst: tuple[float, Said]
) -> str:
    if len(answers) < 2:
        return ALONE
    if max(answers)[0] - worst[0] < _GAP - 1e-9:
        return NO_GAP
    return VETOED if best is None or best[0] - worst[0] < _GAP - 1e-9 else ""


def _scaled(vote: Vote, scale: int) -> dict[str, float]:
    own = vote.verdict.scale or _MOST_POINTS
    return {
        name: value if own == scale else 1 + (value - 1) * (scale - 1) / (own - 1)
        for name, value in vote.verdict.scores.items()
    }


def _deviations(
    given: dict[tuple[Rater, Said], dict[str, float]],
) -> dict[tuple[Rater, Said], dict[str, float]]:
    """Without what a rater gives to everything alike."""
    by_rater: dict[tuple[Rater, str], list[float]] = defaultdict(list)
    for (rater, _), scores in given.items():
        for name, value in scores.items():
            by_rater[rater, name].append(value)
    return {
        (rater, said): {
            name: (value - fmean(by_rater[rater, name])) / spread
            for name, value in scores.items()
            if (spread := pstdev(by_rater[rater, name])) > 0
        }
        for (rater, said), scores in given.items()
    }


def _join(found: Points, given: Mapping[tuple[Rater, Said], Mapping[str, float]]) -> None:
    """The mean over raters of each answer's points."""
    collected: dict[Said, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    raters: Counter[Said] = Counter()
    for (_, said), scores in given.items():
        raters[said] += 1
        for name, value in scores.items():
            collected[said][name].append(value)
    for said in raters:
        if collected[said]:
            found.by_answer[said] = {name: fmean(values) for name, values in collected[said].items()}
            found.joined += raters[said] > 1
        else:
            found.dropped[NO_SPREAD] += 1


def middle(scale: int) -> float:
    return (1 + scale) / 2


def marks(found: Points) -> Iterable[tuple[Said, str, int]]:
    """Each answer with the id of one who gave it, and 1 for good, -1 for bad or 0 for neither."""
    for said, scores in found.by_answer.items():
        value, half = overall(scores), middle(found.scale)
        yield said, found.answer_ids[said], (value > half) - (value < half)
