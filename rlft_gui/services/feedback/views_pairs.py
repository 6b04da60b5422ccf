"""Votes on pairs, edits, thumbs and points as pairs of which one is better."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from rlft_gui.domain.votes import Choice, Vote, VoteKind
from rlft_gui.services.feedback.views_counted import Counted, Row, Said
from rlft_gui.services.feedback.views_ratings import Points, attributes_of, pairs_by, vetoed
from rlft_gui.services.feedback.views_rows import (
    BOTH_BAD,
    NO_MARKS_APART,
    SAME_TEXT,
    TIE,
    UNCHANGED,
    UNDECIDED,
    VETOED,
    Made,
    assistant,
    is_undecided,
    rounded,
)

_STRONGEST = 3


@dataclass
class Duel:
    """All that was said about the same two texts, as they are sorted.

    Attributes:
        leads: of the first over the second, one a vote, from -1 to 1.
        margins: as the leads, of votes that say how much better.
    """

    first: Said
    second: Said
    ids: dict[Said, str]
    choices: list[Choice | None] = field(default_factory=list)
    leads: list[float] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)

    @property
    def lead(self) -> float:
        return fmean(self.leads)


def duels(judged: Counted) -> tuple[Duel, ...]:
    """In the order of their first votes. Two models that say the same are one answer."""
    found: dict[tuple[Said, Said], Duel] = {}
    for vote in judged.of(VoteKind.PAIR):
        if vote.b is None:
            continue
        a, b = judged.said(vote.a), judged.said(vote.b)
        first, second = min(a, b), max(a, b)
        duel = found.setdefault((first, second), Duel(first, second, {a: vote.a, b: vote.b}))
        _count(duel, vote, 1 if a == first else -1)
    return tuple(found.values())


def _count(duel: Duel, vote: Vote, sign: int) -> None:
    lead = 2 * vote.verdict.won_by_a - 1
    duel.choices.append(vote.verdict.choice)
    duel.leads.append(sign * lead)
    if vote.verdict.strength is not None and lead:
        duel.margins.append(sign * (1 if lead > 0 else -1) * vote.verdict.strength / _STRONGEST)


def why_undecided(duel: Duel) -> str:
    """Why the votes do not say which is better; "" where they do."""
    if duel.first[1] == duel.second[1]:
        return SAME_TEXT
    if all(choice is Choice.BOTH_BAD for choice in duel.choices):
        return BOTH_BAD
    if not any(duel.leads):
        return TIE
    return UNDECIDED if is_undecided(duel.lead) else ""


def pairs(judged: Counted, points: Points) -> Made:
    """Direct votes first; what edits, thumbs and points say of answers that nobody compared comes behind them."""
    fought = duels(judged)
    known = frozenset(frozenset((duel.first, duel.second)) for duel in fought)
    made = _direct(judged, fought, vetoed(points))
    made.extend(_edited(judged))
    made.extend(_by_thumbs(judged, known))
    made.extend(pairs_by(judged, points, "", known))
    _level(made.rows)
    return made


def attribute_pairs(judged: Counted, points: Points, wanted: Sequence[str]) -> Made:
    """A set of pairs for each attribute, told apart by their source."""
    made = Made()
    for attribute in wanted or attributes_of(points):
        made.extend(pairs_by(judged, points, attribute, frozenset()))
    return made


def _direct(judged: Counted, fought: Sequence[Duel], unsafe: frozenset[Said]) -> Made:
    made = Made()
    for duel in fought:
        better, worse = (duel.first, duel.second) if duel.lead > 0 else (duel.second, duel.first)
        if reason := why_undecided(duel) or (VETOED if better in unsafe else ""):
            made.dropped[reason] += 1
            continue
        sign = 1 if duel.lead > 0 else -1
        row = {
            "prompt": judged.asked(better[0]),
            "chosen": assistant(better[1]),
            "rejected": assistant(worse[1]),
            "margin": rounded(max(0.0, sign * fmean(duel.margins))) if duel.margins else 0.0,
            "preference": rounded((1 + abs(duel.lead)) / 2),
            "source": "votes",
        }
        made.joined += len(duel.leads) > 1
        made.add(row, [judged.answers[duel.ids[one]] for one in (better, worse)])
    return made


def _edited(judged: Counted) -> Made:
    """What somebody wrote instead of an answer is better than it."""
    made = Made()
    for vote in judged.of(VoteKind.EDIT):
        original = judged.answers[vote.a]
        if vote.verdict.text.strip() == original.text.strip():
            made.dropped[UNCHANGED] += 1
            continue
        row = {
            "prompt": judged.asked(vote.prompt_id),
            "chosen": assistant(vote.verdict.text),
            "rejected": assistant(original.text),
            "source": "edits",
        }
        made.add(row, [original])
    return made


def _by_thumbs(judged: Counted, known: frozenset[frozenset[Said]]) -> Made:
    """Good answers beside bad ones of the same prompt, each in one pair."""
    sums: dict[Said, list[int]] = defaultdict(list)
    ids: dict[Said, str] = {}
    for vote in judged.of(VoteKind.THUMB):
        said = judged.said(vote.a)
        ids.setdefault(said, vote.a)
        sums[said].append(1 if vote.verdict.is_good else -1)
    by_prompt: dict[str, dict[bool, list[Said]]] = defaultdict(lambda: {True: [], False: []})
    for said, given in sums.items():
        sides = by_prompt[said[0]]
        if not is_undecided(fmean(given)):
            sides[fmean(given) > 0].append(said)
    made = Made()
    for prompt_id, sides in by_prompt.items():
        matched = [
            both for both in zip(sides[True], sides[False], strict=False) if frozenset(both) not in known
        ]
        if not (sides[True] and sides[False]):
            made.dropped[NO_MARKS_APART] += 1
        for good, bad in matched:
            row = {
                "prompt": judged.asked(prompt_id),
                "chosen": assistant(good[1]),
                "rejected": assistant(bad[1]),
                "source": "thumbs",
            }
            made.add(row, [judged.answers[ids[one]] for one in (good, bad)])
    return made


def _level(rows: list[Row]) -> None:
    """Every row of a table has the same columns: margins and certainty are left out where no row says anything by them."""
    for column, plain in (("margin", 0.0), ("preference", 1.0)):
        if all(row.get(column, plain) == plain for row in rows):
            for row in rows:
                row.pop(column, None)
        else:
            for row in rows:
                row.setdefault(column, plain)
