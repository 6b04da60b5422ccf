"""The start page: what needs me? What runs and waits, what the last runs gave, and one button for the quick tour.

Before the first run the tour is the page.
"""

import time

import gradio as gr

from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services
from rlft_gui.services.devices import Devices
from rlft_gui.services.pipelines.specs import load_spec
from rlft_gui.services.runs.outputs import is_policy
from rlft_gui.services.runs.service import Overview
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.payloads import AlarmMark
from rlft_gui.ui.components.run_actions import serve_actions
from rlft_gui.ui.components.run_card import MOST_RUNS_COMPARED, comparison_of, run_card, time_left
from rlft_gui.ui.components.run_results import (
    GOLD,
    HELD_OUT,
    gain,
    judges_own,
    loss_change,
    outcome,
    probe_curves,
    verdict,
)
from rlft_gui.ui.components.versions import version_of
from rlft_gui.ui.contract import Nothing, serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.home.payloads import (
    HOME_FACTS,
    START_TOUR,
    THIS_MACHINE,
    HomeAsked,
    HomeFacts,
    HomeState,
    LiveRun,
    QueuedRun,
    RunResult,
    TourAsked,
    TourOffer,
    TourStarted,
    WaitingVotes,
)

TOUR = "lantern-dpo"


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part(
        "home",
        module="pages/home/page.js",
        serves=[
            serve(HOME_FACTS, answers.facts),
            serve(START_TOUR, answers.start_tour),
            serve(THIS_MACHINE, answers.machine),
            serve_actions(services),
        ],
    )


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._runs = services.runs

    def facts(self, asked: HomeAsked, _user: str) -> HomeFacts:
        seen = self._runs.overview()
        state = self._state(seen)
        version, now = version_of(state), time.time()
        return HomeFacts(
            version=version,
            state=None if version == asked.seen else state,
            now=now,
            left={run.id: time_left(self._services, run, now) for run in seen.live},
        )

    def start_tour(self, asked: TourAsked, user: str) -> TourStarted:
        launched = self._services.launching.launch(load_spec(TOUR), launch_id=asked.launch_id, user=user)
        return TourStarted(run=launched.runs[0].id)

    def machine(self, _asked: Nothing, _user: str) -> Devices:
        return self._services.devices.look()

    def _state(self, seen: Overview) -> HomeState:
        reviews = self._services.reviewing.to_look_at()
        if not (seen.live or seen.queued or seen.recent):
            self._services.launching.prepare()  # the tour is all there is to click
        return HomeState(
            live=tuple(LiveRun(run=run_card(run), alarm=self._alarm(run)) for run in seen.live),
            queued=tuple(QueuedRun(run=run_card(run), review=reviews.get(run.id)) for run in seen.queued),
            results=tuple(self._result(run) for run in seen.recent),
            offer=self._offer(seen.recent),
            votes=tuple(
                WaitingVotes(name=name, waiting=waiting)
                for name, waiting in self._services.voting.waiting_sets()
            ),
        )

    def _alarm(self, run: Run) -> AlarmMark | None:
        alarms = self._runs.alarms(run.id)
        return AlarmMark(name=alarms[-1].name, step=alarms[-1].step) if alarms else None

    def _result(self, run: Run) -> RunResult:
        curves = probe_curves(self._services, run)
        own = judges_own(self._services, run)
        difference = gain(curves)
        drawn = curves.get(HELD_OUT if own else GOLD)
        return RunResult(
            run=run_card(run),
            measured_by="own" if own else "suite",
            curve=drawn.finite() if drawn else (),
            outcome=outcome(self._services, run),
            gain=difference,
            loss_change=loss_change(curves) if own else None,
            verdict="" if own else verdict(difference),
            alarm=self._alarm(run),
        )

    def _offer(self, recent: tuple[Run, ...]) -> TourOffer | None:
        """The tour, once all of its stages have succeeded, to be compared with its base. What asks for just what the
        tour asks for is the tour, wherever it was launched."""
        tour = load_spec(TOUR)
        for run in recent:
            pipeline = self._runs.pipeline(run.pipeline_id)
            if pipeline.spec == tour and all(each.status is RunStatus.SUCCEEDED for each in pipeline.runs):
                policies = [each for each in pipeline.runs if is_policy(each)]
                comparison = comparison_of(policies[-MOST_RUNS_COMPARED:])
                return TourOffer(title=pipeline.title, comparison=comparison)
        return None


PAGE = Page("Home", "", build, styles=("pages/home/page.css",))
