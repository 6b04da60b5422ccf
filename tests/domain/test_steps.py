"""RUN@step, as people write a checkpoint."""

import pytest

from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import ParentRef


@pytest.mark.parametrize("step", ["\u00b2", "\u0663", "", "-1", "1e3", "9" * 5_000])
def test_a_step_that_is_no_number_to_count_to_is_a_sentence(step: str) -> None:
    for parse in (ModelRef.parse, ParentRef.parse):
        with pytest.raises(InvalidInput, match="names no"):
            parse(f"run@{step}")


def test_a_step_is_read() -> None:
    assert ModelRef.parse("run@12").step == ParentRef.parse("run@12").step == 12
