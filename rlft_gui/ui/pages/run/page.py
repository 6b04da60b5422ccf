"""The page of one run: is it learning, or cheating? The address names the run: /run?run=ID.

The browser asks for six things, each with what it has already seen: facts (state, lineage, alarms), rows that it
makes, curves, samples, log and recipe. What has not changed costs a few bytes. Stop, resume and delete are asked in
place first; a run that makes rows has them edited and let pass here too.
"""

import time

import gradio as gr

from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services
from rlft_gui.services.datasets.accounts import data_account
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.specs import dataset_names
from rlft_gui.services.runs.chart_plans import chart_plan
from rlft_gui.services.runs.measured_by import is_unjudged, measured_by
from rlft_gui.services.runs.outputs import is_policy, output_of
from rlft_gui.services.shared import Shared
from rlft_gui.ui.components.curves import KNOWN_METRICS, serve_curves
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.payloads import ComparisonLink
from rlft_gui.ui.components.run_actions import serve_actions
from rlft_gui.ui.components.run_card import (
    MOST_RUNS_COMPARED,
    comparison_of,
    run_card,
    stage_title,
    time_left,
)
from rlft_gui.ui.components.versions import version_of
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.run.generated import serve_edits, serve_rows
from rlft_gui.ui.pages.run.lineage import lineage_graph
from rlft_gui.ui.pages.run.payloads import (
    RUN_FACTS,
    RUN_LOG,
    RUN_MEND,
    RUN_RECIPE,
    RUN_SAMPLES,
    CheckpointMark,
    LogAsked,
    Mended,
    RowsReview,
    RunAlarm,
    RunAsked,
    RunFacts,
    RunLog,
    RunRecipe,
    RunSamples,
    RunState,
    WaitingRun,
)
from rlft_gui.ui.pages.run.recipe import recipe_of
from rlft_gui.ui.pages.run.samples import sample_table

LOG_LINES = 200
#: Runs whose facts, samples and log are shared among all who look at them.
MOST_WATCHED = 32


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part(
        "run-head",
        module="pages/run/head.js",
        serves=[serve(RUN_FACTS, answers.facts), serve(RUN_MEND, answers.mend), serve_actions(services)],
    )
    part(
        "run-made",
        module="pages/run/generated.js",
        serves=[serve_rows(services), serve_edits(services), serve_actions(services)],
    )
    part(
        "run-curves",
        module="pages/run/curves.js",
        serves=[serve_curves(services)],
        metrics=KNOWN_METRICS,
    )
    part("run-samples", module="pages/run/samples.js", serves=[serve(RUN_SAMPLES, answers.samples)])
    part(
        "run-foot",
        module="pages/run/foot.js",
        serves=[serve(RUN_LOG, answers.log), serve(RUN_RECIPE, answers.recipe)],
    )


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._runs = services.runs
        self._facts = Shared[RunFacts](MOST_WATCHED)
        self._samples = Shared[RunSamples](MOST_WATCHED)
        self._logs = Shared[RunLog](MOST_WATCHED)

    def facts(self, asked: RunAsked, _user: str) -> RunFacts:
        whole = self._facts.get((asked.run, self._runs.changes()), lambda: self._whole_facts(asked.run))
        state = None if whole.version == asked.seen else whole.state
        return whole.model_copy(update={"state": state, "now": time.time()})

    def mend(self, asked: RunAsked, user: str) -> Mended:
        return Mended(run=self._services.mending.mend(asked.run, user=user))

    def samples(self, asked: RunAsked, _user: str) -> RunSamples:
        whole = self._samples.get((asked.run, self._runs.changes()), lambda: self._whole_samples(asked.run))
        return whole.model_copy(update={"table": None}) if whole.version == asked.seen else whole

    def log(self, asked: LogAsked, _user: str) -> RunLog:
        whole = self._logs.get((asked.run, self._runs.changes()), lambda: self._whole_log(asked.run))
        return whole.model_copy(update={"lines": None}) if whole.total == asked.seen else whole

    def _whole_facts(self, run_id: str) -> RunFacts:
        run, now = self._runs.get(run_id), time.time()
        state = self._state(run)
        return RunFacts(
            version=version_of(state), state=state, now=now, left=time_left(self._services, run, now)
        )

    def _whole_samples(self, run_id: str) -> RunSamples:
        run = self._runs.get(run_id)
        own_first = measured_by(run, self._runs) == "own"
        table = sample_table(self._runs.samples(run.id), own_first=own_first)
        return RunSamples(version=version_of(table), table=table)

    def _whole_log(self, run_id: str) -> RunLog:
        total, lines = self._runs.log_tail(run_id, LOG_LINES)
        return RunLog(total=total, lines=tuple(lines))

    def recipe(self, asked: RunAsked, _user: str) -> RunRecipe:
        run, spec = self._runs.get(asked.run), self._runs.clone(asked.run)
        datasets = self._services.datasets
        return recipe_of(run, spec, dataset_names(spec, datasets), data_account(datasets, run))

    def _state(self, run: Run) -> RunState:
        checkpoints = self._runs.checkpoints(run.id)
        alarms = self._runs.alarms(run.id)
        last = checkpoints[-1] if checkpoints else None
        measure = measured_by(run, self._runs)
        metrics = tuple(sorted(self._runs.last_values(run.id)))
        return RunState(
            run=run_card(run),
            base=base_title(run.base),
            measured_by=measure,
            unjudged=is_unjudged(measure, metrics),
            charts=chart_plan(run, measure),
            metrics=metrics,
            lineage=lineage_graph(self._services, run),
            alarms=tuple(
                RunAlarm(name=alarm.name, step=alarm.step, message=alarm.message) for alarm in alarms
            ),
            failure=self._services.mending.failure(run.id) if run.status is RunStatus.FAILED else None,
            checkpoint=CheckpointMark(step=last.step, bytes=last.bytes) if last else None,
            on_stop=None if run.status.is_ended else self._runs.on_stop(run.id),
            compare=self._comparable(run),
            review=self._review(run),
            look_at=self._services.reviewing.to_look_at().get(run.id),
            kept=self._runs.why_kept(run.id),
        )

    def _review(self, run: Run) -> RowsReview | None:
        if output_of(run) != "rows":
            return None
        reviewing = self._services.reviewing
        waiting = (
            WaitingRun(id=each.id, stage=stage_title(each.stage)) for each in reviewing.waiting(run.id)
        )
        return RowsReview(waiting=tuple(waiting), fixed=reviewing.why_fixed(run.id))

    def _comparable(self, run: Run) -> ComparisonLink | None:
        """What to lay beside the base: the policies of this pipeline, and those that they go on from."""
        found = self._runs.lineage(run.id)
        own = self._runs.pipeline(run.pipeline_id).runs
        family = {each.id for member in own for each in found.before(member.id)}
        policies = [each for each in found.runs if each.id in family and is_policy(each)]
        policies = [each for each in policies if self._runs.checkpoints(each.id)]
        return comparison_of(policies[-MOST_RUNS_COMPARED:]) if policies else None


PAGE = Page("Run", "run", build, styles=("components/charts.css", "pages/run/page.css"), in_navbar=False)
