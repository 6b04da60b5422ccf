"""The server function behind every chart: what is new in the curves of up to six runs since their cursors."""

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import CurveUpdate
from rlft_gui.services import Services
from rlft_gui.stages import every_metric
from rlft_gui.ui.assets import PLOTLY, script_tag
from rlft_gui.ui.components.payloads import (
    CURVES,
    CurvePoints,
    CurvesAsked,
    CurvesFound,
    MissingRun,
    RunCurves,
)
from rlft_gui.ui.components.run_card import metric_infos
from rlft_gui.ui.contract import Served, serve

#: Into the head of every part that draws charts.
CHART_HEAD = script_tag(PLOTLY)
#: Titles and tooltips that a chart has before the first answer.
KNOWN_METRICS = metric_infos(metric.name for metric in every_metric())


def serve_curves(services: Services) -> Served:
    def answer(asked: CurvesAsked, _user: str) -> CurvesFound:
        names = list(asked.names) if asked.names is not None else None
        return CurvesFound(runs=tuple(_one(services, run_id, cursor, names) for run_id, cursor in asked.runs))

    return serve(CURVES, answer)


def _one(services: Services, run_id: str, cursor: str, names: list[str] | None) -> RunCurves | MissingRun:
    try:
        (update,) = services.runs.curves([(run_id, cursor)], names)
    except NotFound as error:
        return MissingRun(id=run_id, missing=str(error))
    return run_curves(update, is_first=not cursor)


def run_curves(update: CurveUpdate, *, is_first: bool) -> RunCurves:
    """As the browser takes it. Titles of metrics that it may not know (scores per criterion) go along once."""
    return RunCurves(
        id=update.run_id,
        cursor=update.cursor,
        reset=update.reset,
        status=update.status,
        live=update.status.is_live,
        step=update.step,
        total=update.total_steps,
        points={
            name: CurvePoints(steps=curve.steps, values=curve.values) for name, curve in update.points.items()
        },
        info=metric_infos(update.points) if is_first else {},
    )
