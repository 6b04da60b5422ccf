"""The page of one run: is it learning, or cheating? The address names the run: /run?run=ID.

The browser asks for five things, each with what it has already seen: facts (state, lineage, alarms), curves,
samples, log and recipe. What has not changed costs a few bytes. Three actions change something: stop, resume,
delete; each is asked in place first.
"""

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Run
from rlft_gui.ui.curves import CHART_SCRIPTS, serve_curves
from rlft_gui.ui.page import Page
from rlft_gui.ui.parts import Serve, frame, part
from rlft_gui.ui.recipe_view import recipe_view
from rlft_gui.ui.run_view import base_title, run_view
from rlft_gui.ui.samples_view import samples_view

if TYPE_CHECKING:
    from rlft_gui.services import Services

LOG_LINES = 200
MOST_PANES = 5


class RunAsked(Frozen):
    """A run, and the version of the answer that the browser has."""

    run: str
    seen: str = ""


class LogAsked(Frozen):
    run: str
    seen: int = -1  #: lines there were


class DoAsked(Frozen):
    run: str
    action: Literal["stop", "resume", "delete"]


def build(services: "Services", demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    scripts = ("js/run.js",)
    part(
        "run-head",
        scripts=scripts,
        serves=[Serve("run_facts", RunAsked, answers.facts), Serve("run_do", DoAsked, answers.do)],
    )
    part(
        "run-curves", scripts=(*CHART_SCRIPTS, *scripts, "js/run_curves.js"), serves=[serve_curves(services)]
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

    def __init__(self, services: "Services") -> None:
        self._services = services
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
        return _unless_seen(facts, asked.seen) | {"now": time.time()}

    def samples(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        return _unless_seen(samples_view(self._runs.samples(asked.run)), asked.seen)

    def log(self, asked: LogAsked, _user: str) -> dict[str, Any]:
        total, lines = self._runs.log_tail(asked.run, LOG_LINES)
        return {"total": total} if total == asked.seen else {"total": total, "lines": lines}

    def recipe(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        return recipe_view(self._runs.get(asked.run), self._runs.clone(asked.run))

    def do(self, asked: DoAsked, user: str) -> dict[str, Any]:
        act = {"stop": self._runs.stop, "resume": self._runs.resume, "delete": self._runs.delete}[
            asked.action
        ]
        act(asked.run, user=user)
        if asked.action == "resume":
            self._services.launching.ensure_keeper()
        return {}

    def _relative(self, one: Run, run: Run) -> dict[str, Any]:
        gold = self._runs.metrics(one.id).get("probe/gold", [])
        return {
            "id": one.id,
            "title": one.title,
            "stage": run_view(one)["stage"],
            "method": run_view(one)["method"],
            "status": str(one.status),
            "percent": run_view(one)["percent"],
            "seconds": one.ended_at - one.started_at if one.ended_at and one.started_at else None,
            "gold": gold[-1].value if gold else None,
            "here": one.id == run.id,
            "mine": one.pipeline_id == run.pipeline_id,
        }

    def _comparable(self, run: Run) -> list[dict[str, str]]:
        """Runs to lay beside the base: this one's ancestors and the finished stages of its pipeline."""
        before = [one for one in self._runs.lineage(run.id) if one.pipeline_id != run.pipeline_id]
        before = (
            before[: [one.id for one in before].index(run.parent_run_id) + 1]
            if run.parent_run_id in [one.id for one in before]
            else []
        )
        family = [*before, *self._runs.pipeline(run.pipeline_id).runs]
        with_weights = [one for one in family if self._runs.checkpoints(one.id)]
        return [{"id": one.id, "stage": str(run_view(one)["stage"])} for one in with_weights][
            -MOST_PANES + 1 :
        ]


def _unless_seen(answer: dict[str, Any], seen: str) -> dict[str, Any]:
    """The answer with its version, or the version alone if the browser has it."""
    version = hashlib.sha256(json.dumps(answer, sort_keys=True, default=str).encode()).hexdigest()[:12]
    return {"version": version} if version == seen else {"version": version, **answer}


PAGE = Page("Run", "run", build, styles=("css/charts.css", "css/run.css"), in_navbar=False)
