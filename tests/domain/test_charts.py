"""Every metric that a stage promises has a panel, and what a stage draws large is something that it reports."""

import pytest

from rlft_gui.domain.charts import CHARTS_OF_POLICY, CHARTS_OF_ROWS, family_panel, place
from rlft_gui.stages import STAGES, Stage, describe, stage

#: By which every policy is probed, whatever its stage promises beside.
PROBED = "probe/gold"


@pytest.mark.parametrize(
    ("metric", "panel"),
    [
        ("made/kept", "Rows"),
        ("judge/first", "Judge"),
        ("revision/length", "Revisions"),
        ("eval/reward/mean", "Reward"),
        ("objective", "Reward"),
        ("probe/kl/token", "Distance"),
        ("clip_fraction", "Distance"),
        ("ratio", "Distance"),
        ("eval/length_correlation", "Answers"),
        ("pref/margin", "Pairs"),
        ("eval/rating/helpfulness", "Held-out rows"),
        ("probe/seconds", "Probe"),
        ("value_loss", "Losses and steps"),
    ],
)
def test_a_metric_stands_in_the_panel_that_it_names_or_in_its_familys(metric: str, panel: str) -> None:
    assert describe(metric).panel_title == panel


def test_panels_that_a_stage_names_come_behind_rows_and_before_what_all_share() -> None:
    in_order = ["Rows", "Judge", "Reward", "Distance", "Answers", "Pairs", "Held-out rows", "Probe"]
    assert sorted(in_order, key=place) == in_order
    assert place(family_panel("anything")) > place("Probe")


@pytest.mark.parametrize("each", STAGES, ids=lambda each: each.name)
def test_each_large_chart_has_something_to_draw(each: Stage) -> None:
    reported = {*each.metrics, PROBED}
    for names in each.chart_plan.top:
        assert reported & set(names)


def test_a_stage_that_says_nothing_draws_what_its_kind_does() -> None:
    assert stage("kto").chart_plan is CHARTS_OF_POLICY
    assert stage("sample").chart_plan is CHARTS_OF_ROWS
    assert stage("reward_model").chart_plan.top[0][0] == "eval/pref/accuracy"
