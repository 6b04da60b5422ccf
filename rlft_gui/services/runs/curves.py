"""What is new on a chart since it last asked: a cursor goes in, the new points and the next cursor come out.

A cursor holds how often points were taken back, up to which report and step the reader is, and how far the series were
thinned. If the first changed, the reader starts afresh (`reset`). Long series are thinned by a stride that is a power of two
and counts within the series, so that the points shown never reshuffle while it grows: if it changed, the reader is told the
strides, and throws away what falls between them by itself.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import Curve, CurveUpdate
from rlft_gui.storage.reports import NOTHING, Extent, Reports, Seen

_CURSOR = re.compile(r"(\d{1,18}):(\d{1,18}):(-?\d{1,18}):(\d{1,18})", re.ASCII)


#: Points of a series that a chart is sent: from one to two times as many.
BUDGET = 2000


class _Cursor(NamedTuple):
    drops: int
    seen: Seen
    thinning: int

    @staticmethod
    def parse(text: str) -> "_Cursor | None":
        parts = _CURSOR.fullmatch(text)
        if parts is None:
            return None
        drops, at, step, thinning = (int(part) for part in parts.groups())
        return _Cursor(drops, Seen(at, step), thinning)

    def __str__(self) -> str:
        return f"{self.drops}:{self.seen.at}:{self.seen.step}:{self.thinning}"


class Head(NamedTuple):
    """How far a run has come at one moment, for whoever draws these metrics; readers are brought up to it."""

    run_id: str
    extent: Extent
    strides: dict[str, int]  #: by metric

    @property
    def cursor(self) -> str:
        """That of a reader who has seen all of it."""
        seen = Seen(self.extent.last_at, self.extent.step)
        return str(_Cursor(self.extent.drops, seen, _thinning(self.strides)))

    def resets(self, text: str) -> bool:
        """Whether a reader with this cursor has to begin anew."""
        cursor = _Cursor.parse(text)
        # A series is never thinned less than it was: such a cursor is of other series.
        return (
            cursor is None or cursor.drops != self.extent.drops or cursor.thinning > _thinning(self.strides)
        )


def heads(reports: Reports, run_ids: Sequence[str], names: Sequence[str] | None, budget: int) -> list[Head]:
    """One per run.

    Raises:
        NotFound: a run does not exist (any more).
    """
    extents = reports.extents(run_ids)
    for run_id in run_ids:
        if run_id not in extents:
            raise NotFound(f'There is no run "{run_id}" any more.')
    return [_head(reports, run_id, extents[run_id], names, budget) for run_id in run_ids]


def stride(length: int, budget: int) -> int:
    """1 up to twice the budget; beyond, the power of two that leaves between one and two budgets of points."""
    found = 1
    while length > 2 * budget * found:
        found *= 2
    return found


def since(reports: Reports, head: Head, text: str) -> CurveUpdate:
    """What a reader with this cursor lacks up to the head. Nothing new reads no point."""
    cursor, extent, reset = _Cursor.parse(text), head.extent, head.resets(text)
    points: dict[str, Curve] = {}
    has_strides = cursor is not None and not reset and cursor.thinning == _thinning(head.strides)
    seen = NOTHING if cursor is None or reset else cursor.seen
    if seen.at != extent.last_at:
        points = reports.series(extent.number, head.strides, seen=seen, until=extent.last_at)
    return CurveUpdate(
        run_id=head.run_id,
        cursor=head.cursor,
        reset=reset,
        points=points,
        strides={} if has_strides else head.strides,
        status=extent.status,
        step=extent.step,
        total_steps=extent.total_steps,
    )


def _head(reports: Reports, run_id: str, extent: Extent, names: Sequence[str] | None, budget: int) -> Head:
    lengths = reports.lengths(extent.number, names)
    return Head(run_id, extent, {name: stride(length, budget) for name, length in lengths.items()})


def _thinning(strides: Mapping[str, int]) -> int:
    return sum(each.bit_length() - 1 for each in strides.values())
