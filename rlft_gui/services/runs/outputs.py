"""What a run leaves behind for others: a policy, a reward model, rows, or answers."""

from typing import Literal

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.run import Run
from rlft_gui.stages import STAGES

Output = Literal["policy", "reward_model", "rows", "answers"]


def output_of(run: Run) -> Output | None:
    """None for a stage that this version does not have."""
    output = next((stage.produces for stage in STAGES if stage.name == run.stage), None)
    return "rows" if isinstance(output, DataType) else output


def is_policy(run: Run) -> bool:
    return output_of(run) == "policy"
