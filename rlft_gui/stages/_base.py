"""What a stage is: a settings model, a train function and what it promises. No torch here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rlft_gui.domain.charts import CHARTS_OF_POLICY, CHARTS_OF_ROWS, ChartPlan
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._shared.needs import Need, no_needs
from rlft_gui.stages._shared.settings import StageSettings
from rlft_gui.training.estimate.held import Given, Held


@dataclass(frozen=True)
class Stage:
    """One kind of step a worker can execute."""

    name: str  #: as in YAML, e.g. "dpo"
    title: str  #: as on screen, e.g. "DPO"
    about: str  #: one sentence
    settings: type[StageSettings]
    train: Callable[[Recipe, Reporter], None]  #: imports torch and friends inside
    #: What it holds in memory, from its whole settings and what is known beside them.
    holds: Callable[[Mapping[str, Any], Given], Held]
    data: tuple[DataType, ...]  #: types of rows that its `data` setting may name
    #: A policy that a later stage can continue, a reward model, answers in a table, or rows of a type in the run's dataset folder.
    produces: Literal["policy", "reward_model", "answers"] | DataType
    metrics: tuple[str, ...]  #: names of what it promises to report beside the probe's
    #: What only stages of this kind report; what several kinds do stands in rlft_gui.domain.metrics.
    own_metrics: tuple[Metric, ...] = ()
    #: What its runs draw large; left out, what a policy or rows draw.
    charts: ChartPlan | None = None
    #: Whole settings → what its rows must hold beyond their type.
    row_needs: Callable[[Mapping[str, Any]], tuple[Need, ...]] = no_needs

    def needs(self, given: Mapping[str, Any]) -> tuple[Need, ...]:
        """What rows must hold under these settings; those that are left out are at their defaults."""
        return self.row_needs(self.whole(given))

    def whole(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """These settings with those that are left out at their defaults."""
        fields = self.settings.model_fields.items()
        defaults = {name: field.get_default(call_default_factory=True) for name, field in fields}
        return {**defaults, **given}

    @property
    def chart_plan(self) -> ChartPlan:
        return self.charts or (CHARTS_OF_ROWS if self.generates_rows else CHARTS_OF_POLICY)

    @property
    def generates_rows(self) -> bool:
        return isinstance(self.produces, DataType)

    @property
    def trains(self) -> bool:
        """Whether it leaves weights behind."""
        return self.produces in ("policy", "reward_model")
