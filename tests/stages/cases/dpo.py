from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case, reaching_trl

CASE = Case(
    stage="dpo",
    data=DataType.PREFERENCES,
    reaching=reaching_trl,
    variants={"full": {"tuning": "full", "learning_rate": 1e-4}},
    changes={
        # The next choice, robust, would need a companion.
        "loss": ({}, {"loss": "ipo"}),
        "label_smoothing": (
            {"loss": "robust", "label_smoothing": 0.1},
            {"loss": "robust", "label_smoothing": 0.2},
        ),
    },
)
