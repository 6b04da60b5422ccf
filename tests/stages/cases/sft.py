from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case, reaching_trl

CASE = Case(
    stage="sft",
    data=DataType.DEMONSTRATIONS,
    reaching=reaching_trl,
    variants={"full": {"tuning": "full", "learning_rate": 1e-4}},
    resumed_with={"lora_dropout": 0.2},
)
