"""Which curves of a run stand large: its stage's choice, or on a person's own data what that data is measured by."""

from rlft_gui.domain.charts import CHARTS_OF_POLICY, CHARTS_ON_OWN_DATA, ChartPlan
from rlft_gui.domain.run import Run
from rlft_gui.services.runs.measured_by import Measure
from rlft_gui.stages import STAGES


def chart_plan(run: Run, measure: Measure | None) -> ChartPlan:
    """A policy's, for a stage that this version does not have."""
    if measure == "own":
        return CHARTS_ON_OWN_DATA
    return next((stage.chart_plan for stage in STAGES if stage.name == run.stage), CHARTS_OF_POLICY)
