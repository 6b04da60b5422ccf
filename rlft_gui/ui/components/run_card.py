"""A run as the browser needs it: names for people, colours by method, and bare times (the browser counts ages)."""

from collections.abc import Iterable, Sequence

from rlft_gui.domain.charts import place
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.catalogue import STAGES, palette
from rlft_gui.services.runs.estimate import in_words
from rlft_gui.services.runs.failing import BRIEF
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.stages import describe
from rlft_gui.ui.components.payloads import ComparisonLink, MetricInfo, RunCard

#: Beside their base; more panes than this are hard to read.
MOST_RUNS_COMPARED = 4


def run_card(run: Run) -> RunCard:
    """What every list and page shows about a run."""
    return RunCard(
        id=run.id,
        pipeline=run.pipeline_id,
        title=f"{run.title} (cannot be read)" if run.unreadable else run.title,
        unreadable=run.unreadable,
        stage=stage_title(run.stage),
        output=output_of(run) or "policy",
        palette=palette(run.method, run.stage),
        base=base_title(run.base),
        status=run.status,
        live=run.status.is_live,
        reason=run.reason,
        failure=BRIEF[run.failure] if run.status is RunStatus.FAILED and run.failure else None,
        phase=run.phase,
        attempt=run.attempt,
        step=run.step,
        total_steps=run.total_steps,
        percent=percent(run),
        created_at=run.created_at,
        ran_seconds=run.elapsed(run.running_since or 0.0),
        running_since=run.running_since,
    )


def time_left(services: Services, run: Run, now: float) -> str:
    """How long a live run has still to go, in words; empty for one that is being stopped or has ended."""
    if not run.status.is_live or run.status is RunStatus.STOPPING:
        return ""
    return in_words(services.runs.time_left(run, now))


def percent(run: Run) -> int | None:
    """How far it is, while the number of steps is known."""
    return min(100, 100 * run.step // run.total_steps) if run.total_steps else None


def stage_title(name: str) -> str:
    """The stage's title; a run of a stage that this version no longer has shows its bare name."""
    return next((stage.title for stage in STAGES if stage.name == name), name)


def comparison_of(runs: Sequence[Run]) -> ComparisonLink:
    """What to ask of /compare to lay these runs beside their base, and how the link is called."""
    stages = [stage_title(run.stage) for run in runs]
    if len(set(stages)) < len(stages):
        words = f"base and {len(runs)} runs"
    elif len(stages) == 1:
        words = f"base and {stages[0]}"
    else:
        words = f"base, {', '.join(stages[:-1])} and {stages[-1]}"
    return ComparisonLink(models=",".join(["base", *(run.id for run in runs)]), words=f"Compare {words}")


def metric_infos(names: Iterable[str]) -> dict[str, MetricInfo]:
    """Titles, units and tooltips of metrics, for the charts."""
    return {name: _metric_info(describe(name)) for name in names}


def _metric_info(metric: Metric) -> MetricInfo:
    panel = metric.panel_title
    return MetricInfo(
        title=metric.title,
        unit=metric.unit,
        about=metric.about,
        from_zero=metric.from_zero,
        panel=panel,
        place=2 * place(panel) + metric.is_last,
    )
