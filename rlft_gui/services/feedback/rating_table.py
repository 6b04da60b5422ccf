"""Votes as columns of numbers, which all of ratings is counted from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from rlft_gui.domain.votes import AnswerVerdict, PairVerdict, RaterKind

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
_MOST_THUMBS = 20  #: answers to one prompt by one rater that become pairs, of which there are K (K − 1) / 2


@dataclass(frozen=True)
class Table:
    """Pairs; every array has one place for each.

    Attributes:
        models, kinds, raters: what the codes in `a`, `b`, `kind` and `rater` stand for.
        won: the share that goes to `a`.
        is_a_left: whether `a` stood left.
        seconds: NaN where nobody knows.
        pair: a code of the two answers, whichever stands first; `turned` where they stand the other way round.
        asked: as of `PairVerdict`.
    """

    models: tuple[str, ...]
    kinds: tuple[str, ...]
    raters: tuple[tuple[str, RaterKind], ...]
    a: Codes
    b: Codes
    won: Numbers
    prompt: Codes
    kind: Codes
    rater: Codes
    is_a_left: npt.NDArray[np.bool_]
    length_a: Numbers
    length_b: Numbers
    seconds: Numbers
    pair: Codes
    turned: npt.NDArray[np.bool_]
    asked: Codes

    def __len__(self) -> int:
        return len(self.won)

    def where(self, mask: "npt.NDArray[Any]") -> "Table":
        """Those pairs alone; codes mean what they meant."""
        return replace(self, **{name: column[mask] for name, column in self._columns().items()})

    def plus(self, more: "Table") -> "Table":
        """These pairs and more, whose codes go on where these end."""
        own, others = self._columns(), more._columns()
        joined: dict[str, Any] = {name: np.concatenate([own[name], others[name]]) for name in own}
        return replace(more, **joined)

    def _columns(self) -> dict[str, "npt.NDArray[Any]"]:
        names = [field.name for field in fields(self) if field.name not in ("models", "kinds", "raters")]
        return {name: getattr(self, name) for name in names}

    def is_last(self) -> npt.NDArray[np.bool_]:
        """Which votes no later one of the same rater on the same answers has replaced, as in exports.

        In whichever set that is, if it asks in the same words: a file that has grown is imported as a set of its own.
        """
        key = (self.asked * (len(self.raters) + 1) + self.rater) * (
            int(self.pair.max(initial=0)) + 1
        ) + self.pair
        _, place = np.unique(key[::-1], return_index=True)
        found = np.zeros(len(key), dtype=bool)
        found[len(key) - 1 - place] = True
        return found

    def of_kinds(self, kinds: Iterable[RaterKind]) -> "Table":
        """What raters of these kinds said."""
        wanted = set(kinds)
        is_wanted = np.array([kind in wanted for _, kind in self.raters], dtype=bool)
        return self if is_wanted.all() else self.where(is_wanted[self.rater])

    def by_rater_kind(self) -> Counter[RaterKind]:
        """How many pairs raters of each kind judged."""
        found: Counter[RaterKind] = Counter()
        for (_, kind), count in zip(
            self.raters, np.bincount(self.rater, minlength=len(self.raters)).tolist(), strict=True
        ):
            found[kind] += count
        return found

    def first_kind(self) -> RaterKind:
        """Whose votes count where nobody says: people's, else judges', else simulated ones."""
        there = self.by_rater_kind()
        return next((kind for kind in RaterKind if there[kind]), RaterKind.PERSON)


def against(table: Table, model: int, anchor: int) -> tuple[Numbers, Numbers, Codes]:
    """Shares that go to the model against its baseline, how much longer its answers are, and the prompts."""
    first = (table.a == model) & (table.b == anchor)
    second = (table.b == model) & (table.a == anchor)
    own = np.flatnonzero((first | second) & (model != anchor))
    is_first, won = first[own], table.won[own]
    longer = table.length_a[own] - table.length_b[own]
    return np.where(is_first, won, 1 - won), np.where(is_first, longer, -longer), table.prompt[own]


def pairs_of_thumbs(thumbs: Sequence[AnswerVerdict]) -> list[PairVerdict]:
    """What thumbs on several answers to one prompt say of pairs: a good one beats a bad one, two alike are a tie.

    Only what one rater said is set side by side, and only answers of different models.
    """
    together: dict[tuple[str, str, RaterKind], dict[str, AnswerVerdict]] = {}
    for one in thumbs:
        if one.is_thumb:  # of several thumbs on one answer the last stands
            together.setdefault((one.prompt_id, one.rater, one.rater_kind), {})[one.answer] = one
    return [
        PairVerdict(
            first.number, first.prompt_id, first.kind, first.rater, first.rater_kind, first.model, second.model,
            0.5 + (first.scores["good"] - second.scores["good"]) / 2, "a", first.length, second.length, None,
            first.answer, second.answer,
        )
        for judged in together.values()
        for first, second in combinations(list(judged.values())[:_MOST_THUMBS], 2)
        if first.model != second.model
    ]  # fmt: skip
