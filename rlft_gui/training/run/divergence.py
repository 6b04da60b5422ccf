"""Whether a loss has left its start and does not come back, although it is a number still. No torch here.

For losses that fall when a model learns what it is shown: SFT, DPO, KTO and the reward model. Those of PPO, GRPO and
RLOO say nothing of the kind; their KL and PPO's own alarms do.

Start and smoothing are robust, for the losses of small batches are noisy. The latest losses are judged by the mean of
their lower part, which a few outliers do not reach. They have left when that is more than twice the start. Where the
start is not known it is measured twice, and either will do: on the first ten losses in the same way, and as the least of
the first five, for a learning rate that is far too high ruins a model in its first updates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

FIRST, VERY_FIRST = 10, 5  #: losses from which the start is taken
MOST_LATEST, FEWEST_LATEST = (
    20,
    8,
)  #: losses that are judged together; a quarter of the run's steps in between
FEWEST_AT_END = 2  #: losses that are judged together at the end of a run too short for more
TIMES, MARGIN, WIDE_MARGIN = (
    2.0,
    0.5,
    2.0,
)  #: the margins, in nats, go with a measured start


@dataclass(frozen=True)
class Left:
    """A loss that has left its start.

    Attributes:
        step: the first at which it was beyond the limit.
        start: the very first loss.
        now: the smoothed loss.
        over: how many losses that one is of.
    """

    step: int
    start: float
    now: float
    over: int


class Divergence:
    """Takes a run's losses, one a step.

    Args:
        has_known_start: the loss begins at the same value for every row, as that of DPO does at its reference. Then
            twice that is enough, and batches that are good must not hide as many that are ruined.
    """

    def __init__(self, *, has_known_start: bool) -> None:
        self._has_known_start = has_known_start
        self._share = 0.75 if has_known_start else 0.5
        self._first: list[float] = []
        self._latest: list[float] = []

    def judge(self, step: int, loss: float, total_steps: int) -> Left | None:
        """Take note of a step's loss; what became of the losses, if they have left their start for good."""
        count = min(MOST_LATEST, max(FEWEST_LATEST, total_steps // 4))
        self._first = [*self._first, loss][:FIRST]
        self._latest = [*self._latest, loss][-count - FIRST :]
        if step == total_steps < count + FIRST:
            count = total_steps // 3
        # The losses that made the start never judge themselves.
        elif len(self._latest) < count + FIRST:
            return None
        if count < FEWEST_AT_END:
            return None
        now, limit = self._smoothed(self._latest[-count:]), self._limit()
        if now <= limit:
            return None
        # It may have left among the first, too, which are not judged.
        before = next(i for i, value in enumerate(self._latest) if value > limit)
        return Left(step - len(self._latest) + 1 + before, self._first[0], now, count)

    def state(self) -> dict[str, Any]:
        """What a checkpoint must hold."""
        return {"first": self._first, "latest": self._latest}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._first, self._latest = list(state["first"]), list(state["latest"])

    # The sources of the numbers: docs/decisions.md, "A loss that leaves its start ends the run".
    def _limit(self) -> float:
        if self._has_known_start:
            return TIMES * self._first[0]
        usual, least = self._smoothed(self._first), min(self._first[:VERY_FIRST])
        return min(TIMES * usual + MARGIN, TIMES * least + WIDE_MARGIN)

    def _smoothed(self, losses: Sequence[float]) -> float:
        """The mean of the lower part."""
        return fmean(sorted(losses)[: max(1, int(len(losses) * self._share))])
