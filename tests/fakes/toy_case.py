"""The toy stage's case for the contract suite."""

from rlft_gui.domain.dataset import DataType
from tests.stages.cases._base import Case, reaching_trl

CASE = Case(stage="toy", data=DataType.DEMONSTRATIONS, reaching=reaching_trl)
