"""The page of one run: is it learning, or cheating? The address names the run: /run?run=ID.

The browser asks for six things, each with what it has already seen: facts (state, lineage, alarms), rows that it
makes, curves, samples, log and recipe. What has not changed costs a few bytes. Stop, resume and delete are asked in
place first; a run that makes rows has them edited and let pass here too.
"""

import hashlib
import json
import time
from typing import Any

import gradio as gr

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.services.datasets.accounts import data_account
from rlft_gui.services.pipelines.specs import dataset_names
from rlft_gui.services.runs.judged_by import judged_by
from rlft_gui.services.runs.outputs import is_policy, output_of
from rlft_gui.services.runs.repeating import would_fail_again
from rlft_gui.ui.components.curves import CHART_HEAD, KNOWN_METRICS, serve_curves
from rlft_gui.ui.components.lineage import lineage_view
from rlft_gui.ui.components.part import Serve, frame, part
from rlft_gui.ui.components.run_actions import serve_actions
from rlft_gui.ui.components.run_card import (
    MOST_RUNS_COMPARED,
    base_title,
    comparison_of,
    run_view,
    stage_title,
    time_left,
)
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.run.generated import serve_edits, serve_rows
from rlft_gui.ui.pages.run.recipe import recipe_view
from rlft_gui.ui.pages.run.samples import samples_view

LOG_LINES = 200


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
    part(
        "run-head",
        module="pages/run/head.js",
        serves=[Serve("run_facts", RunAsked, answers.facts), serve_actions(services)],
    )
    part(
        "run-made",
        module="pages/run/generated.js",
        serves=[serve_rows(services), serve_edits(services), serve_actions(services)],
    )
    part(
        "run-curves",
        module="pages/run/curves.js",
        head=CHART_HEAD,
        serves=[serve_curves(services)],
        metrics=KNOWN_METRICS,
    )
    part(
        "run-samples",
        module="pages/run/samples.js",
        serves=[Serve("run_samples", RunAsked, answers.samples)],
    )
    part(
        "run-foot",
        module="pages/run/foot.js",
        serves=[Serve("run_log", LogAsked, answers.log), Serve("run_recipe", RunAsked, answers.recipe)],
    )


class _Answers:
    """What the page's scripts may ask. Every answer is JSON."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._runs = services.runs

    def facts(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        run = self._runs.get(asked.run)
        checkpoints = self._runs.checkpoints(run.id)
        alarms = self._runs.alarms(run.id)
        facts = {
            "run": run_view(run),
            "base": base_title(run.base),
            "judged_by": judged_by(run, self._runs.get),
            "lineage": lineage_view(self._services, run),
            "alarms": [alarm.model_dump() for alarm in alarms],
            "fails_again": would_fail_again(run, bool(checkpoints), [alarm.name for alarm in alarms]),
            "checkpoint": {"step": checkpoints[-1].step, "bytes": checkpoints[-1].bytes}
            if checkpoints
            else None,
            "on_stop": None if run.status.is_ended else self._runs.on_stop(run.id),
            "compare": self._comparable(run),
            "review": self._review(run),
            "look_at": self._services.reviewing.to_look_at().get(run.id),
        }
        now = time.time()
        return unless_seen(facts, asked.seen) | {"now": now, "left": time_left(self._services, run, now)}

    def samples(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        run = self._runs.get(asked.run)
        own_first = judged_by(run, self._runs.get) == "own"
        return unless_seen(samples_view(self._runs.samples(run.id), own_first=own_first), asked.seen)

    def log(self, asked: LogAsked, _user: str) -> dict[str, Any]:
        total, lines = self._runs.log_tail(asked.run, LOG_LINES)
        return {"total": total} if total == asked.seen else {"total": total, "lines": lines}

    def recipe(self, asked: RunAsked, _user: str) -> dict[str, Any]:
        run, spec = self._runs.get(asked.run), self._runs.clone(asked.run)
        datasets = self._services.datasets
        return recipe_view(run, spec, dataset_names(spec, datasets), data_account(datasets, run))

    def _review(self, run: Run) -> dict[str, Any] | None:
        """Of a run that makes rows: the runs that wait for a look at them, and why they cannot be changed, if so."""
        if output_of(run) != "rows":
            return None
        reviewing = self._services.reviewing
        return {
            "waiting": [{"id": one.id, "stage": stage_title(one.stage)} for one in reviewing.waiting(run.id)],
            "fixed": reviewing.why_fixed(run.id),
        }

    def _comparable(self, run: Run) -> dict[str, Any] | None:
        """What to lay beside the base: the policies of this pipeline, and those that they go on from."""
        found = self._runs.lineage(run.id)
        own = self._runs.pipeline(run.pipeline_id).runs
        family = {one.id for member in own for one in found.before(member.id)}
        policies = [one for one in found.runs if one.id in family and is_policy(one)]
        policies = [one for one in policies if self._runs.checkpoints(one.id)]
        return comparison_of(policies[-MOST_RUNS_COMPARED:]).model_dump() if policies else None


PAGE = Page("Run", "run", build, styles=("components/charts.css", "pages/run/page.css"), in_navbar=False)


def unless_seen(answer: dict[str, Any], seen: str) -> dict[str, Any]:
    """The answer with its version, or the version alone if the browser has it."""
    version = hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:12]
    return {"version": version} if version == seen else {"version": version, **answer}
