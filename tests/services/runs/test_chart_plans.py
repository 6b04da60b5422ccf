"""What a run draws large follows its stage, and on a person's own data what that data is measured by."""

from rlft_gui.domain.charts import CHARTS_OF_POLICY, CHARTS_OF_ROWS, CHARTS_ON_OWN_DATA
from rlft_gui.services.runs.chart_plans import chart_plan
from rlft_gui.stages import stage
from tests.fakes.pipelines import pipeline


def test_a_run_draws_what_its_stage_says() -> None:
    (labels, policy, scores) = pipeline("ai_feedback", "dpo", "reward_model").runs
    assert chart_plan(labels, None) == CHARTS_OF_ROWS
    assert chart_plan(policy, "suite") == CHARTS_OF_POLICY
    assert chart_plan(scores, None) == stage("reward_model").charts


def test_own_data_puts_what_judges_its_held_out_prompts_first() -> None:
    (policy,) = pipeline("dpo").runs
    assert chart_plan(policy, "own") == CHARTS_ON_OWN_DATA
    first, _ = CHARTS_ON_OWN_DATA.top
    order = ["held/reward/total", "held/reward/*", "held/accuracy", "held/loss", "eval/loss"]
    assert list(first)[: len(order)] == order


def test_a_stage_that_this_version_does_not_have_is_drawn_as_a_policy() -> None:
    (run,) = pipeline("dpo").runs
    assert chart_plan(run.model_copy(update={"stage": "later"}), "suite") == CHARTS_OF_POLICY
