"""Where a run's page draws the curves of which metrics: large, small beside, and the rest in panels.

A stage says in its own file what it draws large, and a metric what panel it stands in; here is what they share.
"""

import re

from rlft_gui.domain._base import Frozen


class ChartPlan(Frozen):
    """Which curves stand large and which small beside them; all others wait in panels.

    A name that ends with * stands for all that begin so.

    Attributes:
        top: large ones, one from each of these lists: the first that the run reports, else the last of the list.
        beside: small ones, as many as there is room for.
        comes: how the large ones are announced before there are points.
    """

    top: tuple[tuple[str, ...], ...]
    beside: tuple[str, ...]
    comes: str


#: What the optimiser sees above the probe on one x axis; distance, entropy and length beside.
CHARTS_OF_POLICY = ChartPlan(
    top=(("reward/mean", "pref/margin", "loss"), ("probe/gold",)),
    beside=(
        "probe/kl/token",
        "kl/token",
        "entropy/token",
        "length/mean",
        "probe/length",
        "pref/accuracy",
        "accuracy/token",
        "loss",
    ),
    comes="Loss or reward, and the probe on held-out prompts,",
)
#: What held-out prompts are judged by first, by the nearest to what is wanted: a score of answers, pairs, then likelihood. The suite
#: says what happened to Lantern's own skills.
CHARTS_ON_OWN_DATA = ChartPlan(
    top=(
        (
            "held/reward/total",
            "held/reward/*",
            "held/accuracy",
            "held/loss",
            "eval/loss",
            "reward/mean",
            "loss",
        ),
        ("reward/mean", "pref/margin", "loss"),
    ),
    beside=(
        "held/accuracy",
        "held/loss",
        "held/length",
        "held/kl",
        "probe/gold",
        "eval/loss",
        "kl/token",
        "entropy/token",
        "loss",
    ),
    comes="What your held-out prompts are judged by, and loss or reward,",
)
#: All figures small. How many rows there are, the table of rows says.
CHARTS_OF_ROWS = ChartPlan(top=(), beside=(), comes="Figures of the rows")

ROWS, REWARD, DISTANCE = "Rows", "Reward", "Distance"
ANSWERS, PAIRS, HELD_OUT, PROBE, LOSSES = "Answers", "Pairs", "Held-out rows", "Probe", "Losses and steps"
JUDGED = "Your held-out prompts"
#: As they stand; a panel that a stage names itself comes where None is.
_ORDER = (ROWS, JUDGED, None, REWARD, DISTANCE, ANSWERS, PAIRS, HELD_OUT, PROBE, LOSSES)
#: Panels of metrics that name none, by their family; the first that fits.
_FAMILIES = (
    (JUDGED, re.compile(r"^held/")),
    (REWARD, re.compile(r"^(eval/)?reward/")),
    (DISTANCE, re.compile(r"(^|/)kl(/|$)")),
    (ANSWERS, re.compile(r"length|truncated|^entropy")),
    (PAIRS, re.compile(r"^pref/")),
    (HELD_OUT, re.compile(r"^eval/")),
    (PROBE, re.compile(r"^probe/")),
)


def family_panel(metric: str) -> str:
    """The panel of a metric that names none."""
    return next((panel for panel, names in _FAMILIES if names.search(metric)), LOSSES)


def place(panel: str) -> int:
    """Where a panel stands among the others."""
    return _ORDER.index(panel if panel in _ORDER else None)
