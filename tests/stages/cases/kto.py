from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case, reaching_trl

CASE = Case(
    stage="kto",
    data=DataType.PREFERENCES,
    reaching=reaching_trl,
    # 24 pairs are 48 answers; 8 a step make about 5 steps.
    settings={"batch_size": 8},
    variants={"full": {"tuning": "full", "learning_rate": 1e-4}},
)
