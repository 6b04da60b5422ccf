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

    def __len__(self) -> int:
        return len(self.won)

    def where(self, mask: "npt.NDArray[Any]") -> "Table":
        """Those pairs alone; codes mean what they meant."""
        columns = [field.name for field in fields(self) if field.name not in ("models", "kinds", "raters")]
        return replace(self, **{name: getattr(self, name)[mask] for name in columns})

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


def table_of(pairs: Sequence[Sequence[Any]]) -> Table:
    """From pairs, or plain rows in their order."""
    # Not zip(*pairs): fifty thousand iterators at once have the garbage collector look through everything.
    said = {name: [row[place] for row in pairs] for place, name in enumerate(PairVerdict._fields)}
    (a, b), models = _codes(said["a"], said["b"])
    (first, second), _ = _codes(said["answer_a"], said["answer_b"])
    rater, raters = _raters(said["rater"], said["rater_kind"])
    (kind,), kinds = _codes(said["kind"])
    (prompt,), _ = _codes(said["prompt_id"])
    low, high = np.minimum(first, second), np.maximum(first, second)
    _, pair = np.unique(low * (int(high.max(initial=0)) + 1) + high, return_inverse=True)
    return Table(
        models=models,
        kinds=kinds,
        raters=raters,
        a=a,
        b=b,
        won=np.array(said["won"], dtype=float),
        prompt=prompt,
        kind=kind,
        rater=rater,
        is_a_left=np.array([side == "a" for side in said["left"]], dtype=bool),
        length_a=np.array(said["length_a"], dtype=float),
        length_b=np.array(said["length_b"], dtype=float),
        seconds=np.array(said["seconds"], dtype=float),  # None becomes NaN
        pair=pair,
        turned=first > second,
    )


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


def _codes(*columns: Sequence[str]) -> tuple[list[Codes], tuple[str, ...]]:
    """Columns as numbers, the same for the same text in each, by when it is first met; and what they stand for."""
    import pandas as pd  # its table of texts is twenty times as fast as a dict

    codes, known = pd.factorize(np.array([text for column in columns for text in column], dtype=object))
    return [part.astype(np.int64) for part in np.split(codes, len(columns))], tuple(known)


def _raters(names: Sequence[str], kinds: Sequence[str]) -> tuple[Codes, tuple[tuple[str, RaterKind], ...]]:
    (name,), known = _codes(names)
    (kind,), kinds_known = _codes(kinds)
    there, rater = np.unique(name * len(RaterKind) + kind, return_inverse=True)
    return rater, tuple(
        (known[one // len(RaterKind)], RaterKind(kinds_known[one % len(RaterKind)])) for one in there
    )
