"""Single answers marked good or bad, for KTO; and answers that somebody wrote, to imitate."""

from collections import defaultdict
from statistics import fmean

from rlft_gui.domain.votes import Choice, Vote, VoteKind
from rlft_gui.services.feedback.views_counted import Counted, Said
from rlft_gui.services.feedback.views_pairs import duels, why_undecided
from rlft_gui.services.feedback.views_ratings import Points
from rlft_gui.services.feedback.views_ratings import marks as rated
from rlft_gui.services.feedback.views_rows import (
    BOTH_BAD,
    NEUTRAL,
    NO_REVISION,
    UNCHANGED,
    UNDECIDED,
    Made,
    assistant,
    is_undecided,
)

#: (desirable weight × good) : (undesirable weight × bad) lies between 1 and this (Ethayarajh et al. 2024).
_MOST_GOOD = 4 / 3


def marks(judged: Counted, points: Points) -> Made:
    """What was said of an answer itself counts; where nothing was, whether it won or lost against others."""
    made = Made()
    own, ids = _own_marks(judged, points)
    for said, given in _won_and_lost(judged, ids, made).items():
        own.setdefault(said, given)
    for said, given in own.items():
        mean = fmean(given)
        if not any(given):
            made.dropped[NEUTRAL] += 1
        elif is_undecided(mean):
            made.dropped[UNDECIDED] += 1
        else:
            row = {"prompt": judged.asked(said[0]), "completion": assistant(said[1]), "label": mean > 0}
            made.joined += len(given) > 1
            made.add(row, [judged.answers[ids[said]]])
    return made


def weights(good: int, bad: int) -> tuple[float, float]:
    """Weights for good and bad answers that keep their balance between 1:1 and 4:3."""
    if not good or not bad:
        return 1.0, 1.0
    if good < bad:
        return round(bad / good, 2), 1.0
    return 1.0, round(max(1.0, good / bad / _MOST_GOOD), 2)


def _own_marks(judged: Counted, points: Points) -> tuple[dict[Said, list[int]], dict[Said, str]]:
    """1 for good, -1 for bad, 0 for neither, as often as it was said."""
    given: dict[Said, list[int]] = defaultdict(list)
    ids: dict[Said, str] = {}
    for vote in judged.of(VoteKind.THUMB, VoteKind.PAIR):
        for answer_id, mark in _said_by(vote):
            ids.setdefault(judged.said(answer_id), answer_id)
            given[judged.said(answer_id)].append(mark)
    for said, answer_id, mark in rated(points):
        ids.setdefault(said, answer_id)
        given[said].append(mark)
    return dict(given), ids


def _said_by(vote: Vote) -> list[tuple[str, int]]:
    if vote.kind is VoteKind.THUMB:
        return [(vote.a, 1 if vote.verdict.is_good else -1)]
    if vote.verdict.choice is Choice.BOTH_BAD:
        return [(one, -1) for one in (vote.a, vote.b) if one]
    return []


def _won_and_lost(judged: Counted, ids: dict[Said, str], made: Made) -> dict[Said, list[int]]:
    given: dict[Said, list[int]] = defaultdict(list)
    for duel in duels(judged):
        if reason := why_undecided(duel):
            made.dropped[reason] += reason != BOTH_BAD  # that one has marked both
            continue
        for said, sign in ((duel.first, 1), (duel.second, -1)):
            ids.setdefault(said, duel.ids[said])
            given[said].append(sign if duel.lead > 0 else -sign)
    return given


def critiques(judged: Counted) -> Made:
    """A draft, what is wrong with it, and the answer as it should be: how to revise, as a demonstration."""
    edits: dict[str, list[Vote]] = defaultdict(list)
    for vote in judged.of(VoteKind.EDIT):
        edits[vote.a].append(vote)
    made = Made()
    for vote in judged.of(VoteKind.CRITIQUE):
        answer = judged.answers[vote.a]
        revisions = [one for one in edits[vote.a] if one.verdict.text.strip() != answer.text.strip()]
        if not revisions or not vote.verdict.text.strip():
            made.dropped[NO_REVISION] += 1
            continue
        own = [one for one in revisions if one.rater == vote.rater]
        turns = [
            *judged.asked(vote.prompt_id),
            *assistant(answer.text),
            {"role": "user", "content": vote.verdict.text},
        ]
        revision = (own or revisions)[-1].verdict.text
        made.add({"prompt": turns, "completion": assistant(revision)}, [answer])
    return made


def edits(judged: Counted) -> Made:
    """Answers that somebody wrote, to imitate."""
    made = Made()
    for vote in judged.of(VoteKind.EDIT):
        if vote.verdict.text.strip() == judged.answers[vote.a].text.strip():
            made.dropped[UNCHANGED] += 1
        else:
            row = {"prompt": judged.asked(vote.prompt_id), "completion": assistant(vote.verdict.text)}
            made.add(row)
    return made
