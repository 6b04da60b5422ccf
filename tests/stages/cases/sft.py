from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case, reaching_trl

CASE = Case(
    stage="sft",
    data=DataType.DEMONSTRATIONS,
    reaching=reaching_trl,
    resumed_with={"lora_dropout": 0.2},
)
