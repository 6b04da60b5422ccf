"""Answers of several models to the same prompts, joined: a row a prompt, a column a model. Pure: no store, no clock.

A column has one answer to a prompt for each seed. A prompt is won by a model whose mean score over the seeds is higher than the
baseline's; equal means are a tie. Where either has no score nobody wins, and the prompt does not count.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from statistics import fmean, pstdev
from typing import Literal

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.intervals import wilson

Outcome = Literal["win", "loss", "tie"]
#: Everywhere at hand, whatever was scored: how many words there are. More count as a win, so it shows who says more.
WORDS = "words"
_EQUAL = 1e-9  #: scores that differ by less are the same, summed in another order


@dataclass(frozen=True)
class Asked:
    """One prompt of the table."""

    item_id: str
    kind: str
    question: str
    right: str = ""


@dataclass(frozen=True)
class Cell:
    """A model's answers to a prompt, by seed."""

    answers: tuple[BatchAnswer, ...]

    @property
    def first(self) -> BatchAnswer:
        """That of the lowest seed that has a text, or else of the lowest."""
        return next((one for one in self.answers if one.error is None), self.answers[0])

    @cached_property
    def words(self) -> tuple[int, ...]:
        return tuple(len(one.text.split()) for one in self.answers if one.error is None)

    def scores(self, name: str) -> list[float]:
        """By seed, of those that have one."""
        if name == WORDS:
            return [float(count) for count in self.words]
        found = (one.scores.get(name) for one in self.answers)
        return [float(one) for one in found if one is not None and isfinite(float(one))]

    def score(self, name: str) -> float | None:
        """The mean over the seeds."""
        scores = self.scores(name)
        return fmean(scores) if scores else None

    def spread(self, name: str) -> float:
        """How far answers are apart over the seeds: the deviation of their scores and, where that says nothing, of their texts."""
        scores = self.scores(name)
        if len(scores) < 2:
            return 0.0
        texts = [one.text for one in self.answers if one.error is None]
        return pstdev(scores) + 1e-6 * fmean(difference(texts[0], text) for text in texts[1:])


@dataclass(frozen=True)
class Joined:
    """All rows of the table.

    Attributes:
        columns: keys, in the order shown.
        cells: by prompt, then by column; a column that was not asked a prompt has no cell there.
    """

    columns: tuple[str, ...]
    asked: tuple[Asked, ...]
    cells: Mapping[str, Mapping[str, Cell]]
    _outcomes: dict[tuple[str, str, str], dict[str, Outcome]] = field(default_factory=dict)

    def score_names(self) -> tuple[str, ...]:
        """What answers can be compared by, the gold score first and the length last."""
        found: dict[str, None] = {}
        for row in self.cells.values():
            for cell in row.values():
                for one in cell.answers:
                    found.update(dict.fromkeys(one.scores))
        return (*sorted(found, key=lambda name: name != "gold"), WORDS)

    def kinds(self) -> dict[str, int]:
        return dict(Counter(one.kind for one in self.asked))

    def delta(self, item_id: str, baseline: str, other: str, score: str) -> float | None:
        """By how much the other is better than the baseline; None where either has no score."""
        row = self.cells[item_id]
        if baseline not in row or other not in row:
            return None
        mine, yours = row[other].score(score), row[baseline].score(score)
        return None if mine is None or yours is None else mine - yours

    def outcomes(self, baseline: str, other: str, score: str) -> dict[str, Outcome]:
        """By prompt, of those where both have a score."""
        key = (baseline, other, score)
        if key not in self._outcomes:
            deltas = {one.item_id: self.delta(one.item_id, baseline, other, score) for one in self.asked}
            self._outcomes[key] = {
                item: _outcome(delta) for item, delta in deltas.items() if delta is not None
            }
        return self._outcomes[key]


def _outcome(delta: float) -> Outcome:
    if abs(delta) < _EQUAL:
        return "tie"
    return "win" if delta > 0 else "loss"


def join(asked: Sequence[Asked], columns: Mapping[str, Mapping[str, Sequence[BatchAnswer]]]) -> Joined:
    """Put together answers by column and prompt; prompts that nobody answered are left out."""
    cells: dict[str, dict[str, Cell]] = {}
    for one in asked:
        row = {
            key: Cell(tuple(sorted(found, key=lambda answer: answer.seed)))
            for key, answers in columns.items()
            if (found := answers.get(one.item_id))
        }
        if row:
            cells[one.item_id] = row
    return Joined(tuple(columns), tuple(one for one in asked if one.item_id in cells), cells)


@dataclass(frozen=True)
class WinRate:
    """How often one model beats another, a tie being half a win; `low` and `high` its 95 % interval over prompts."""

    rate: float
    low: float
    high: float
    prompts: int


def win_rate(outcomes: Mapping[str, Outcome]) -> WinRate | None:
    """By Wilson's interval, which stays between 0 and 1 and does not vanish where all prompts went one way."""
    count = len(outcomes)
    if not count:
        return None
    hits = sum({"win": 1.0, "tie": 0.5, "loss": 0.0}[one] for one in outcomes.values())
    return WinRate(hits / count, *wilson(hits, count), count)


def difference(one: str, other: str) -> float:
    """0 for texts of the same words, 1 for texts that share none; their order does not count (Sørensen 1948)."""
    mine, yours = Counter(one.casefold().split()), Counter(other.casefold().split())
    total = mine.total() + yours.total()
    return 1 - 2 * (mine & yours).total() / total if total else 0.0
