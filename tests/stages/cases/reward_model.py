from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case, reaching_trl

_RATINGS = {"data": "lantern:ratings", "objective": "multi_attribute"}

CASE = Case(
    stage="reward_model",
    data=DataType.PREFERENCES,
    reaching=reaching_trl,
    changes={
        "objective": ({**_RATINGS, "objective": "regression"}, _RATINGS),
        "attributes": (
            {**_RATINGS, "attributes": "helpfulness, accuracy, safety"},
            {**_RATINGS, "attributes": "safety"},
        ),
    },
    variants={"full": {"tuning": "full", "learning_rate": 1e-4}},
)
