"""What a run leaves behind for others: a policy, a reward model, or rows."""

from typing import Literal

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.run import Run
from rlft_gui.stages import STAGES

Product = Literal["policy", "reward_model", "rows"]


def product(run: Run) -> Product | None:
    """None for a stage that this version does not have."""
    made = next((stage.produces for stage in STAGES if stage.name == run.stage), None)
    return "rows" if isinstance(made, DataType) else made


def is_policy(run: Run) -> bool:
    return product(run) == "policy"
