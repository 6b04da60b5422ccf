"""The server function behind every chart: what is new in the curves of up to six runs since their cursors."""

from typing import Any

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.metrics import METRICS
from rlft_gui.domain.run import CurveUpdate, Point
from rlft_gui.services import Services
from rlft_gui.ui.assets import PLOTLY, script_tag
from rlft_gui.ui.components.part import Serve
from rlft_gui.ui.components.run_card import metric_views

#: Into the head of every part that draws charts.
CHART_HEAD = script_tag(PLOTLY)
MOST_RUNS = 6
#: Titles and tooltips that a chart has before the first answer.
KNOWN_METRICS = metric_views(metric.name for metric in METRICS)


class CurvesAsked(Frozen):
    """Runs with the cursor each was left at ("" from the start), and the metrics wanted (None: all)."""

    runs: tuple[tuple[str, str], ...] = Field(max_length=MOST_RUNS)
    names: tuple[str, ...] | None = None


def serve_curves(services: Services) -> Serve:
    """`call(server.curves, {runs: [[id, cursor]], names})`; a run that is gone is told as `missing`."""

    def answer(asked: CurvesAsked, _user: str) -> dict[str, Any]:
        names = list(asked.names) if asked.names is not None else None
        return {"runs": [_one(services, run_id, cursor, names) for run_id, cursor in asked.runs]}

    return Serve("curves", CurvesAsked, answer)


def _one(services: Services, run_id: str, cursor: str, names: list[str] | None) -> dict[str, Any]:
    try:
        (update,) = services.runs.curves([(run_id, cursor)], names)
    except NotFound as error:
        return {"id": run_id, "missing": str(error)}
    # Those of metrics without an entry there (scores per criterion) go along once, with the first answer.
    return update_view(update) | ({"info": metric_views(update.points)} if not cursor else {})


def update_view(update: CurveUpdate) -> dict[str, Any]:
    """Compact JSON: points as [step, value], where a value that is not finite is "nan", "inf" or "-inf"."""
    return {
        "id": update.run_id,
        "cursor": update.cursor,
        "reset": update.reset,
        "status": str(update.status),
        "live": update.status.is_live,
        "step": update.step,
        "total": update.total_steps,
        "points": {name: [_pair(point) for point in points] for name, points in update.points.items()},
    }


def _pair(point: Point) -> tuple[int, float | str]:
    return point.step, point.value if point.value is not None else str(point.nonfinite)
