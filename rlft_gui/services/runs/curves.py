"""What is new on a chart since it last asked: a cursor goes in, the new points and the next cursor come out.

A cursor holds how often points were taken back, up to which report and step the reader is, and how far the series were
thinned; if the first or the last changed, the reader starts afresh (`reset`). Long series are thinned by a stride that
is a power of two and counts within the series, so that the points shown never reshuffle while it grows.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import Curve, CurveUpdate
from rlft_gui.storage.reports import NOTHING, Extent, Reports, Seen

_CURSOR = re.compile(r"(\d{1,18}):(\d{1,18}):(-?\d{1,18}):(\d{1,18})", re.ASCII)


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


def updates(
    reports: Reports, asked: Sequence[tuple[str, str]], names: Sequence[str] | None, budget: int
) -> list[CurveUpdate]:
    """One update per (run id, cursor). Nothing new is answered from the run's row alone.

    Raises:
        NotFound: a run does not exist (any more).
    """
    extents = reports.extents([run_id for run_id, _ in asked])
    for run_id, _ in asked:
        if run_id not in extents:
            raise NotFound(f'There is no run "{run_id}" any more.')
    return [_update(reports, run_id, extents[run_id], cursor, names, budget) for run_id, cursor in asked]


def stride(length: int, budget: int) -> int:
    """1 up to twice the budget; beyond, the power of two that leaves between one and two budgets of points."""
    found = 1
    while length > 2 * budget * found:
        found *= 2
    return found


def _update(
    reports: Reports, run_id: str, extent: Extent, text: str, names: Sequence[str] | None, budget: int
) -> CurveUpdate:
    cursor = _Cursor.parse(text)
    points: dict[str, Curve] = {}
    reset = cursor is None or cursor.drops != extent.drops
    if cursor is None or reset or cursor.seen.at != extent.last_at:
        strides = {
            name: stride(length, budget) for name, length in reports.lengths(extent.number, names).items()
        }
        thinning = sum(each.bit_length() - 1 for each in strides.values())
        reset = reset or cursor is None or cursor.thinning != thinning
        seen = NOTHING if reset or cursor is None else cursor.seen
        points = reports.series(extent.number, strides, seen=seen, until=extent.last_at)
        cursor = _Cursor(extent.drops, Seen(extent.last_at, extent.step), thinning)
    return CurveUpdate(
        run_id=run_id,
        cursor=str(cursor),
        reset=reset,
        points=points,
        status=extent.status,
        step=extent.step,
        total_steps=extent.total_steps,
    )
