"""All runs: which was better? The chart draws up to six of them live, the table below says which.

Filter, order, page, ticks, metric and axis live in the address, so a link opens the same view.
"""

import time
from collections.abc import Callable
from typing import Any, Literal

import gradio as gr

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.metrics import is_end
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services
from rlft_gui.services.shared import Shared
from rlft_gui.ui.components.curves import KNOWN_METRICS, serve_curves
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.run_card import metric_infos, run_card, time_left
from rlft_gui.ui.components.run_results import newest_probe, outcome
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.runs.bin import serve_bin, serve_bin_actions
from rlft_gui.ui.pages.runs.payloads import (
    RUNS_PAGE,
    SHARED_METRICS,
    RunCounts,
    RunGroup,
    RunOrder,
    RunRow,
    RunsAsked,
    RunsPage,
    SharedMetric,
    SharedMetrics,
    SharedMetricsAsked,
)

PAGE_SIZE = 25
MOST_PAGES = 16  #: shared among all who look at the same
MOST_LISTED = 1000  #: older runs are found by searching


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part("runs-head", module="pages/runs/head.js")
    part("runs-undo", module="pages/runs/undo.js", serves=[serve_bin(services), serve_bin_actions(services)])
    part(
        "runs-chart",
        module="pages/runs/chart.js",
        serves=[serve_curves(services), serve(SHARED_METRICS, answers.shared_metrics)],
        metrics=KNOWN_METRICS,
    )
    part(
        "runs-table",
        module="pages/runs/table.js",
        serves=[serve(RUNS_PAGE, answers.page)],
    )
    part("runs-bin", module="pages/runs/bin.js", serves=[serve_bin(services), serve_bin_actions(services)])


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._pages = Shared[RunsPage](MOST_PAGES)

    def page(self, asked: RunsAsked, _user: str) -> RunsPage:
        question = (asked, self._services.runs.changes())
        return self._pages.get(question, lambda: self._page(asked))

    def _page(self, asked: RunsAsked) -> RunsPage:
        listed = self._services.runs.list(limit=MOST_LISTED, text=asked.text or None)
        groups: dict[RunGroup, list[Run]] = {
            "all": list(listed),
            "active": [run for run in listed if not run.status.is_ended],
            "failed": [run for run in listed if run.status is RunStatus.FAILED],
        }
        wanted = sorted(groups[asked.group], key=self._key(asked.order), reverse=not asked.upwards)
        shown = wanted[asked.offset : asked.offset + PAGE_SIZE]
        return RunsPage(
            now=time.time(),
            rows=tuple(self._row(run) for run in shown),
            total=len(wanted),
            size=PAGE_SIZE,
            counts=RunCounts(**{name: len(runs) for name, runs in groups.items()}),
            pipelines=len({run.pipeline_id for run in listed}),
            drawn=tuple(run_card(run) for run_id in asked.drawn if (run := self._find(run_id))),
        )

    def shared_metrics(self, asked: SharedMetricsAsked, _user: str) -> SharedMetrics:
        """Names that at least one of the runs has reported, with how many have."""
        reported = [
            set(self._services.runs.last_values(run.id))
            for run_id in asked.runs
            if (run := self._find(run_id))
        ]
        known = {name for name in set().union(*reported) if not is_end(name)}
        names = sorted(known, key=lambda name: (not name.startswith(("held/", "probe/")), name))
        infos = metric_infos(names)
        return SharedMetrics(
            metrics=tuple(
                SharedMetric(name=name, runs=sum(name in of for of in reported), info=infos[name])
                for name in names
            )
        )

    def _find(self, run_id: str) -> Run | None:
        try:
            return self._services.runs.get(run_id)
        except NotFound:
            return None

    def _row(self, run: Run) -> RunRow:
        alarms = self._services.runs.alarms(run.id)
        return RunRow(
            run=run_card(run),
            probe=newest_probe(self._services, run),
            outcome=outcome(self._services, run),
            alarm=alarms[-1].name if alarms else None,
            left=time_left(self._services, run, time.time()),
        )

    def _key(self, order: RunOrder) -> Callable[[Run], Any]:
        """What to sort by. What is not known comes last when the largest comes first."""

        def probe(run: Run, name: Literal["gold", "kl"]) -> float:
            value = getattr(newest_probe(self._services, run), name)
            return float("-inf") if value is None else float(value)

        keys: dict[RunOrder, Callable[[Run], Any]] = {
            "started": lambda run: run.created_at,
            "run": lambda run: (run.title.casefold(), run.position),
            "status": lambda run: str(run.status),
            "steps": lambda run: run.step,
            "probe": lambda run: probe(run, "gold"),
            "kl": lambda run: probe(run, "kl"),
            "time": lambda run: run.elapsed(time.time()) or -1.0,
        }
        return keys[order]


PAGE = Page("Runs", "runs", build, styles=("components/charts.css", "pages/runs/page.css"))
