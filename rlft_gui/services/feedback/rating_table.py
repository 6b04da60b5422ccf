"""Votes as columns of numbers, which all of ratings is counted from."""

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


def table_of(pairs: Sequence[PairVerdict]) -> Table:
    columns: list[Sequence[Any]] = list(zip(*pairs, strict=True)) or [()] * len(PairVerdict._fields)
    said = dict(zip(PairVerdict._fields, columns, strict=True))
    known: dict[str, int] = {}
    a, b = _codes(said["a"], known), _codes(said["b"], known)
    kinds: dict[str, int] = {}
    raters: dict[tuple[str, RaterKind], int] = {}
    rater = _codes(list(zip(said["rater"], said["rater_kind"], strict=True)), raters)
    turned = [first > second for first, second in zip(said["answer_a"], said["answer_b"], strict=True)]
    both = [
        (second, first) if is_turned else (first, second)
        for first, second, is_turned in zip(said["answer_a"], said["answer_b"], turned, strict=True)
    ]
    kind = _codes(said["kind"], kinds)
    return Table(
        models=tuple(known),
        kinds=tuple(kinds),
        raters=tuple(raters),
        a=a,
        b=b,
        won=np.array(said["won"], dtype=float),
        prompt=_codes(said["prompt_id"], {}),
        kind=kind,
        rater=rater,
        is_a_left=np.array([side == "a" for side in said["left"]], dtype=bool),
        length_a=np.array(said["length_a"], dtype=float),
        length_b=np.array(said["length_b"], dtype=float),
        seconds=np.array(said["seconds"], dtype=float),  # None becomes NaN
        pair=_codes(both, {}),
        turned=np.array(turned, dtype=bool),
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


def _codes(values: Sequence[Any], known: dict[Any, int]) -> Codes:
    """A number for each value, by when it is first met; adds to what is known."""
    return np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int64)
