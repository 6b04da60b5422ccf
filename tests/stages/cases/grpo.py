from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case
from tests.stages.cases._online import REWARD_CHANGES, TINY_ONLINE, reaching_online

CASE = Case(
    stage="grpo",
    data=DataType.DEMONSTRATIONS,
    reaching=reaching_online,
    settings=TINY_ONLINE,
    changes=REWARD_CHANGES,
    variants={
        "full": {"tuning": "full", "learning_rate": 1e-4},
        # The stop falls between two updates with the same answers.
        "again": {"iterations": 3, "gradient_accumulation": 2, "batch_size": 2},
    },
)
