"""What is new on a chart since it last asked: a cursor goes in, the new points and the next cursor come out.

A cursor holds how often points were taken back, up to which report the reader is, and how far the series were
thinned; if the first or the last changed, the reader starts afresh (`reset`). Long series are thinned by a stride that
is a power of two and counts within the series, so that the points shown never reshuffle while it grows.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import CurveUpdate, Point
from rlft_gui.storage.reports import Extent, Reports


class _Cursor(NamedTuple):
    drops: int
    at: int
    thinning: int

    @staticmethod
    def parse(text: str) -> "_Cursor | None":
        parts = text.split(":")
        if len(parts) != 3 or not all(part.isdigit() for part in parts):
            return None
        return _Cursor(*(int(part) for part in parts))

    def __str__(self) -> str:
        return f"{self.drops}:{self.at}:{self.thinning}"


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
    points: dict[str, list[Point]] = {}
    reset = cursor is None or cursor.drops != extent.drops
    if cursor is None or reset or cursor.at != extent.last_at:
        strides = {
            name: stride(length, budget) for name, length in reports.lengths(extent.number, names).items()
        }
        thinning = sum(each.bit_length() - 1 for each in strides.values())
        reset = reset or cursor is None or cursor.thinning != thinning
        after = 0 if reset or cursor is None else cursor.at
        points = _points(reports, extent, strides, after)
        cursor = _Cursor(extent.drops, extent.last_at, thinning)
    return CurveUpdate(
        run_id=run_id,
        cursor=str(cursor),
        reset=reset,
        points=points,
        status=extent.status,
        step=extent.step,
        total_steps=extent.total_steps,
    )


def _points(reports: Reports, extent: Extent, strides: dict[str, int], after: int) -> dict[str, list[Point]]:
    if after == 0:
        return {
            name: reports.series(extent.number, name, stride=each, until=extent.last_at)
            for name, each in strides.items()
        }
    found: dict[str, list[Point]] = {}
    for name, rank, point in reports.news(extent.number, after=after, until=extent.last_at):
        if name in strides and rank % strides[name] == 0:
            found.setdefault(name, []).append(point)
    return found
