"""The server function behind every chart: what is new in the curves of up to six runs since their cursors.

Whoever looks at a run shares what is read of it. Its head (how far it has come) is looked up once a tick, so cursors fall
together: from then on viewers ask for the same few windows, from one head to another, and each window is read, written
as JSON and compressed once.
"""

from pydantic_core import to_json

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import CurveUpdate
from rlft_gui.services import Services
from rlft_gui.services.runs.curves import Head
from rlft_gui.services.shared import Shared
from rlft_gui.stages import every_metric
from rlft_gui.ui.components.payloads import CURVES, CurvesAsked, MissingRun
from rlft_gui.ui.components.run_card import metric_infos
from rlft_gui.ui.contract import Served, Written, serve

#: Titles and tooltips that a chart has before the first answer.
KNOWN_METRICS = metric_infos(metric.name for metric in every_metric())

#: Runs whose heads are known.
MOST_HEADS = 64
#: Windows that are kept, of up to 3 MB for thirty long series: enough for a few runs, or for readers a few ticks apart.
MOST_WINDOWS = 8
#: A window never changes; after so many seconds nobody asks for it any more.
WINDOW_SECONDS = 60.0


def serve_curves(services: Services) -> Served:
    return serve(CURVES, _Curves(services).answer)


class _Curves:
    def __init__(self, services: Services) -> None:
        self._runs = services.runs
        self._heads = Shared[Head](MOST_HEADS)
        self._windows = Shared[bytes](MOST_WINDOWS, WINDOW_SECONDS)
        self._answers = Shared[Written](MOST_WINDOWS, WINDOW_SECONDS)

    def answer(self, asked: CurvesAsked, _user: str) -> Written:
        parts = tuple(self._part(run_id, cursor, asked.names) for run_id, cursor in asked.runs)
        return self._answers.get(parts, lambda: Written.of(b'{"runs":[%b]}' % b",".join(parts)))

    def _part(self, run_id: str, cursor: str, names: tuple[str, ...] | None) -> bytes:
        """JSON of RunCurves or MissingRun."""
        try:
            head = self._heads.get(
                (run_id, names, self._runs.changes()), lambda: self._runs.head(run_id, names)
            )
        except NotFound as error:
            return MissingRun(id=run_id, missing=str(error)).model_dump_json().encode()
        start = "" if head.resets(cursor) else cursor  # whoever begins anew is told the same
        window = (run_id, names, head.extent, head.cursor, start)
        return self._windows.get(
            window, lambda: run_curves(self._runs.since(head, start), is_first=not start)
        )


def run_curves(update: CurveUpdate, *, is_first: bool) -> bytes:
    """JSON of RunCurves. Titles of metrics that the browser may not know (scores per criterion) go along once.

    Written from the columns: a model would look at each of a hundred thousand numbers first.
    """
    points = {name: {"steps": curve.steps, "values": curve.values} for name, curve in update.points.items()}
    return to_json(
        {
            "id": update.run_id,
            "cursor": update.cursor,
            "reset": update.reset,
            "status": update.status,
            "live": update.status.is_live,
            "step": update.step,
            "total": update.total_steps,
            "points": points,
            "strides": update.strides,
            "info": metric_infos(update.points) if is_first else {},
        }
    )
