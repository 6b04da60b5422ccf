"""A stage in one file, as somebody would add one: it imitates answers as SFT does, and counts their letters."""

from rlft_gui.domain.charts import ChartPlan
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages import sft
from rlft_gui.stages._base import Stage


class ToySettings(sft.SFTSettings):
    """Those of SFT."""


def train(recipe: Recipe, reporter: Reporter) -> None:
    sft.train(recipe, reporter)


STAGE = Stage(
    name="toy",
    title="Toy",
    about="Imitates example answers and counts their letters.",
    settings=ToySettings,
    train=train,
    holds=sft.holds,
    data=(DataType.DEMONSTRATIONS,),
    produces="policy",
    metrics=("loss", "toy/letters"),
    own_metrics=(
        Metric(
            name="toy/letters",
            title="Letters",
            unit="letters",
            about="Letters of an answer. Neither good nor bad.",
            panel="Toys",
        ),
    ),
    charts=ChartPlan(top=(("toy/letters",),), beside=("loss",), comes="Letters"),
)
