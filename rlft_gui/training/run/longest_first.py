"""A run's longest rows come in its first two steps, so that memory fails at once or never. No torch at the top.

A batch takes the room of its longest row. Two steps, for Adam's memory is there only from the second on; the very longest
come last of them, where gradients of the step's earlier passes are there as well. All other rows keep their seeded order,
and every row comes once an epoch, as ever.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from rlft_gui.training.rows import TOKENS, Row

STEPS = 2


class Steps(Protocol):
    """The settings that say how many rows a step takes."""

    @property
    def batch_size(self) -> int: ...
    @property
    def gradient_accumulation(self) -> int: ...


def longest_first(order: Iterable[int], lengths: Sequence[int], count: int) -> list[int]:
    """The `count` longest of an order, the shortest of them first, and then the others as they came."""
    every = list(order)
    long = sorted(every, key=lengths.__getitem__)[-count:]
    taken = set(long)
    return [*long, *(place for place in every if place not in taken)]


def row_lengths(rows: Sequence[Row]) -> list[int]:
    """Tokens of each prepared row: its prompt with the longest of its answers."""
    return [
        len(row[TOKENS]["prompt"])
        + max((len(ids) for name, ids in row[TOKENS].items() if name != "prompt"), default=0)
        for row in rows
    ]


def rows_longest_first(rows: Sequence[Row], settings: Steps) -> tuple[Row, ...]:
    """For a trainer that takes rows as they lie."""
    count = STEPS * settings.batch_size * settings.gradient_accumulation
    return tuple(rows[place] for place in longest_first(range(len(rows)), row_lengths(rows), count))


class LongestFirst:
    """Mixed into a Trainer class that draws its rows at random, before it.

    Attributes:
        row_lengths: tokens of each training row.
    """

    row_lengths: Sequence[int]

    def _get_train_sampler(self, *_: Any, **__: Any) -> Any:
        from accelerate.data_loader import SeedableRandomSampler

        trainer: Any = self
        args = trainer.args
        # What accelerate would make of the Trainer's own sampler: the same order from the same seed.
        drawn = SeedableRandomSampler(trainer.train_dataset, data_seed=args.data_seed)
        count = STEPS * args.train_batch_size * args.gradient_accumulation_steps
        return _Order(drawn, self.row_lengths, count)


class _Order:
    """Row numbers of one epoch after the other; a resumed run says which epoch it is in."""

    def __init__(self, drawn: Any, lengths: Sequence[int], count: int) -> None:
        self._drawn = drawn
        self._lengths = lengths
        self._count = count

    def __iter__(self) -> Iterator[int]:
        is_first = self._drawn.epoch == 0  # asked before, for drawing moves it on
        order = list(self._drawn)
        yield from longest_first(order, self._lengths, self._count) if is_first else order

    def __len__(self) -> int:
        return len(self._drawn)

    def set_epoch(self, epoch: int) -> None:
        self._drawn.set_epoch(epoch)
