"""Which checkpoints of a run stay: the newest, the best, and every n-th.

The best is told by what the run itself measures: held-out rows of its own data before Lantern's suite, which is only told beside
them where both are; of a reward model the held-out pairs. Without any of these there is no best. Left out: what somebody named
(`RUN@step`), which stays whatever the rule says and is known to whoever asks.
"""

import math
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence

from rlft_gui.domain._base import Frozen

#: What says which checkpoint is best, the first that was measured; and whether more of it is better.
MEASURES: tuple[tuple[str, bool], ...] = (
    ("held/reward/total", True),
    ("held/accuracy", True),
    ("held/loss", False),
    ("probe/gold", True),
    ("eval/pref/accuracy", True),
    ("eval/loss", False),
)

Series = Mapping[str, Mapping[int, float]]  #: by metric and step


class Keep(Frozen):
    """A rule.

    Attributes:
        newest: how many of the newest stay; one at least wherever a run may go on.
        best: whether the best stays.
        every: steps; a checkpoint at a multiple of it stays. 0: none for that.
    """

    newest: int = 1
    best: bool = True
    every: int = 0

    def most(self, made: int, between: int) -> int:
        """How many stay at most.

        Args:
            made: how many are saved in all.
            between: steps from one to the next.
        """
        marked = made // (math.lcm(self.every, between) // between) if self.every else 0
        return min(made, self.newest + self.best + marked)


def kept(steps: Collection[int], rule: Keep, series: Series) -> frozenset[int]:
    """Which of these steps the rule keeps."""
    ascending = sorted(steps)
    stay = set(ascending[-rule.newest :] if rule.newest else ())
    if rule.best and (best := best_of(ascending, series)) is not None:
        stay.add(best)
    if rule.every:
        stay.update(step for step in ascending if step % rule.every == 0)
    return frozenset(stay)


def best_of(steps: Sequence[int], series: Series) -> int | None:
    """The step that measured best; None where nothing that tells was measured.

    A checkpoint goes by what was measured at its step, or last before it: probes are made less often. Of two that go by the same
    look the nearer one is meant, and of two that came out alike the later one.
    """
    for name, is_more_better in MEASURES:
        measured = {step: value for step, value in series.get(name, {}).items() if math.isfinite(value)}
        looks = sorted(measured)
        found = [
            (measured[at] if is_more_better else -measured[at], at - step, step)
            for step in steps
            if (place := bisect_right(looks, step)) and (at := looks[place - 1]) is not None
        ]
        if found:
            return max(found)[2]
    return None
