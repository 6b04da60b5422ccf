"""Votes as a table that grows: a new vote costs what it is, and not what all of them are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rlft_gui.domain.votes import PairVerdict, RaterKind
from rlft_gui.services.feedback.rating_table import Codes, Table


class Coded(dict[Any, int]):
    """Numbers of texts, or other things, as they are first met."""

    def __missing__(self, met: object) -> int:
        self[met] = code = len(self)
        return code


@dataclass(frozen=True)
class _Known:
    """What has a number so far."""

    models: Coded = field(default_factory=Coded)
    kinds: Coded = field(default_factory=Coded)
    raters: Coded = field(default_factory=Coded)
    prompts: Coded = field(default_factory=Coded)
    answers: Coded = field(default_factory=Coded)
    pairs: Coded = field(default_factory=Coded)

    def copy(self) -> "_Known":
        return _Known(**{name: Coded(coded) for name, coded in vars(self).items()})


class Columns:
    """Pairs read so far. Codes go row by row, so that they are the same however many were added at a time."""

    def __init__(self, pairs: Sequence[Sequence[Any]] = (), before: "Columns | None" = None) -> None:
        """`pairs`: as `PairVerdict`, or plain rows in its order; `before`: the columns that they go on."""
        self._known: _Known = before._known.copy() if before else _Known()
        read = _read(self._known, pairs)
        self.table: Table = before.table.plus(read) if before else read
        self.last: int = pairs[-1][0] if pairs else before.last if before else 0  #: number of the last vote

    def plus(self, pairs: Sequence[Sequence[Any]]) -> "Columns":
        """These and more; this one stays as it is."""
        return Columns(pairs, self) if pairs else self

    def counted(self, derived: Sequence[PairVerdict]) -> tuple[Table, Table]:
        """Pairs that no later vote of the same rater has replaced; and these with others that follow from thumbs."""
        is_last = self.table.is_last()
        whole = self.plus(derived).table
        return self.table.where(is_last), whole.where(np.append(is_last, np.ones(len(derived), dtype=bool)))


def _read(known: _Known, pairs: Sequence[Sequence[Any]]) -> Table:
    # Not zip(*pairs): fifty thousand iterators at once have the garbage collector look through everything.
    said = {name: [row[place] for row in pairs] for place, name in enumerate(PairVerdict._fields)}
    models = _both(known.models, said["a"], said["b"])
    answers = _both(known.answers, said["answer_a"], said["answer_b"])
    pair = _coded(known.pairs, map(tuple, np.sort(answers, axis=1).tolist()))
    prompt, kind = _coded(known.prompts, said["prompt_id"]), _coded(known.kinds, said["kind"])
    rater = _coded(known.raters, zip(said["rater"], said["rater_kind"], strict=True))
    return Table(
        models=tuple(known.models),
        kinds=tuple(known.kinds),
        raters=tuple((name, RaterKind(kind)) for name, kind in known.raters),
        a=models[:, 0],
        b=models[:, 1],
        won=np.array(said["won"], dtype=float),
        prompt=prompt,
        kind=kind,
        rater=rater,
        is_a_left=np.array([side == "a" for side in said["left"]], dtype=bool),
        length_a=np.array(said["length_a"], dtype=float),
        length_b=np.array(said["length_b"], dtype=float),
        seconds=np.array(said["seconds"], dtype=float),  # None becomes NaN
        pair=pair,
        turned=answers[:, 0] > answers[:, 1],
        asked=np.array(said["asked"], dtype=np.int64),
    )


def _coded(known: Coded, met: Iterable[Any]) -> Codes:
    return np.array([known[one] for one in met], dtype=np.int64)


def _both(known: Coded, first: Sequence[Any], second: Sequence[Any]) -> Codes:
    """Shape (rows, 2)."""
    codes = [(known[one], known[other]) for one, other in zip(first, second, strict=True)]
    return np.array(codes, dtype=np.int64).reshape(-1, 2)
