"""The start page: what needs me? What runs and waits, what the last runs gave, and one button for the quick tour.

Before the first run the tour is the page.
"""

import time
from typing import Any

import gradio as gr
from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services
from rlft_gui.services.pipelines.specs import load_spec
from rlft_gui.services.runs.outputs import is_policy
from rlft_gui.ui.components.part import Serve, frame, part
from rlft_gui.ui.components.run_actions import serve_actions
from rlft_gui.ui.components.run_card import MOST_RUNS_COMPARED, comparison_of, run_view, time_left
from rlft_gui.ui.components.run_results import (
    GOLD,
    HELD_OUT,
    gain,
    judges_own,
    last_probe,
    loss_change,
    outcome,
    probe_curves,
    verdict,
)
from rlft_gui.ui.components.versions import unless_seen
from rlft_gui.ui.contract import Nothing
from rlft_gui.ui.page import Page

TOUR = "lantern-dpo"


class HomeAsked(Frozen):
    """The version of the answer that the browser has."""

    seen: str = ""


class TourAsked(Frozen):
    """`launch_id` is made once per page, so a double click is one launch."""

    launch_id: str = Field(min_length=8, max_length=64)


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part(
        "home",
        module="pages/home/page.js",
        serves=[
            Serve("home_state", HomeAsked, answers.state),
            Serve("home_tour", TourAsked, answers.tour),
            Serve("this_machine", Nothing, answers.machine),
            serve_actions(services),
        ],
    )


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._runs = services.runs

    def state(self, asked: HomeAsked, _user: str) -> dict[str, Any]:
        seen = self._runs.overview()
        reviews = self._services.reviewing.to_look_at()
        state = {
            "live": [run_view(run) | {"alarm": self._alarm(run)} for run in seen.live],
            "queued": [run_view(run) | {"review": reviews.get(run.id)} for run in seen.queued],
            "results": [self._result(run) for run in seen.recent],
            "offer": self._offer(seen.recent),
        }
        now = time.time()
        left = {run.id: time_left(self._services, run, now) for run in seen.live}
        return unless_seen(state, asked.seen) | {"now": now, "left": left}

    def tour(self, asked: TourAsked, user: str) -> dict[str, Any]:
        launched = self._services.launching.launch(load_spec(TOUR), launch_id=asked.launch_id, user=user)
        return {"run": launched.runs[0].id}

    def machine(self, _asked: Nothing, _user: str) -> dict[str, Any]:
        return self._services.machine().model_dump()

    def _alarm(self, run: Run) -> dict[str, Any] | None:
        alarms = self._runs.alarms(run.id)
        return {"name": alarms[-1].name, "step": alarms[-1].step} if alarms else None

    def _result(self, run: Run) -> dict[str, Any]:
        points = probe_curves(self._services, run)
        own = judges_own(self._services, run)
        difference = gain(points)
        drawn = points.get(HELD_OUT if own else GOLD, [])
        return (
            run_view(run)
            | last_probe(points)
            | {
                "judged_by": "own" if own else "suite",
                "curve": [[point.step, point.value] for point in drawn if point.value is not None],
                "outcome": outcome(self._services, run),
                "gain": difference,
                "loss_change": loss_change(points) if own else None,
                "verdict": "" if own else verdict(difference),
                "alarm": self._alarm(run),
            }
        )

    def _offer(self, recent: tuple[Run, ...]) -> dict[str, Any] | None:
        """The tour, once all of its stages have succeeded, to be compared with its base. What asks for just what the
        tour asks for is the tour, wherever it was launched."""
        tour = load_spec(TOUR)
        for run in recent:
            pipeline = self._runs.pipeline(run.pipeline_id)
            if pipeline.spec == tour and all(one.status is RunStatus.SUCCEEDED for one in pipeline.runs):
                policies = [one for one in pipeline.runs if is_policy(one)]
                return {"title": pipeline.title, **comparison_of(policies[-MOST_RUNS_COMPARED:]).model_dump()}
        return None


PAGE = Page("Home", "", build, styles=("pages/home/page.css",))
