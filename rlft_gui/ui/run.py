"""The page of one run: is it learning, or cheating? The address names the run: /run?run=ID.

The browser asks for five things, each with what it has already seen: facts (state, lineage, alarms), curves,
samples, log and recipe. What has not changed costs a few bytes. Three actions change something: stop, resume,
delete; each is asked in place first.
"""

import time
from typing import Any

import gradio as gr

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.ui.curves import CHART_SCRIPTS, KNOWN_METRICS, serve_curves
from rlft_gui.ui.page import Page
from rlft_gui.ui.parts import Serve, frame, part
from rlft_gui.ui.recipe_view import recipe_view
from rlft_gui.ui.run_actions import serve_actions
from rlft_gui.ui.run_view import base_title, comparison_of, run_view
from rlft_gui.ui.samples_view import samples_view
from rlft_gui.ui.versions import unless_seen

LOG_LINES = 200
MOST_RUNS_COMPARED = 4


class RunAsked(Frozen):
    """A run, and the version of the answer that the browser has."""

    run: str
    seen: str = ""


class LogAsked(Frozen):
    run: str
    seen: int = -1  #: lines there were


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    scripts = ("js/run.js",)
    part(
        "run-head",
        scripts=scripts,
        serves=[Serve("run_facts", RunAsked, answers.facts), serve_actions(services)],
    )
    part(
        "run-curves",
        scripts=(*CHART_SCRIPTS, *scripts, "js/run_curves.js"),
        serves=[serve_curves(services)],
        metrics=KNOWN_METRICS,
    )
    part(
        "run-samples",
        scripts=(*scripts, "js/diff.js", "js/run_samples.js"),
        serves=[Serve("run_samples", RunAsked, answers.samples)],
    )
    part(
        "run-foot",
        scripts=(*scripts, "js/run_foot.js"),
        serves=[Serve("run_log", LogAsked, answers.log), Serve("run_recipe", RunAsked, answers.recipe)],
    )


class _Answers:
    """What the page's scripts may ask. Every answer is JSON."""

    def __init__(self, services: Services) -> None:
        self._runs = services.runs

    def facts(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        run = self._runs.get(asked.run)
        checkpoints = self._runs.checkpoints(run.id)
        facts = {
            "run": run_view(run),
            "base": base_title(run.base),
            "lineage": [self._relative(one, run) for one in self._runs.lineage(run.id)],
            "alarms": [alarm.model_dump() for alarm in self._runs.alarms(run.id)],
            "checkpoint": {"step": checkpoints[-1].step, "bytes": checkpoints[-1].bytes}
            if checkpoints
            else None,
            "compare": self._comparable(run),
        }
        return unless_seen(facts, asked.seen) | {"now": time.time()}

    def samples(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        return unless_seen(samples_view(self._runs.samples(asked.run)), asked.seen)

    def log(self, asked: LogAsked, _user: str) -> dict[str, Any]:
        total, lines = self._runs.log_tail(asked.run, LOG_LINES)
        return {"total": total} if total == asked.seen else {"total": total, "lines": lines}

    def recipe(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        return recipe_view(self._runs.get(asked.run), self._runs.clone(asked.run))

    def _relative(self, one: Run, run: Run) -> dict[str, Any]:
        gold = self._runs.last_values(one.id).get("probe/gold")
        view = run_view(one)
        return {key: view[key] for key in ("id", "title", "stage", "method", "status", "percent")} | {
            "seconds": one.ended_at - one.started_at if one.ended_at and one.started_at else None,
            "gold": gold.value if gold else None,
            "here": one.id == run.id,
            "mine": one.pipeline_id == run.pipeline_id,
        }

    def _comparable(self, run: Run) -> dict[str, Any] | None:
        """What to lay beside the base: the stages of this pipeline with weights, and what they were started from."""
        stages = self._runs.pipeline(run.pipeline_id).runs
        before = self._runs.lineage(stages[0].id)
        family = [*before[: [one.id for one in before].index(stages[0].id)], *stages]
        with_weights = [one for one in family if self._runs.checkpoints(one.id)]
        return comparison_of(with_weights[-MOST_RUNS_COMPARED:]) if with_weights else None


PAGE = Page("Run", "run", build, styles=("css/charts.css", "css/run.css"), in_navbar=False)
