"""What a failed run should offer first: to go on, or to change what would fail again."""

import pytest

from rlft_gui.domain.status import RunStatus
from rlft_gui.services.runs.repeating import would_fail_again
from tests.ui.fakes import make_run

FAILED = RunStatus.FAILED


@pytest.mark.parametrize(
    ("run", "has_checkpoint", "alarms", "again"),
    [
        ({"status": FAILED, "step": 0, "total_steps": None}, False, (), True),  # refused while loading
        ({"status": FAILED, "step": 60, "total_steps": 90}, True, ("loss_left",), True),
        ({"status": FAILED, "step": 60, "total_steps": 90}, True, ("loss_not_finite",), True),
        ({"status": FAILED, "step": 60, "total_steps": 90}, True, ("length_bias",), False),  # killed, say
        ({"status": FAILED, "step": 3, "total_steps": 90}, False, (), False),
        (
            {"status": FAILED, "step": 0, "total_steps": None},
            True,
            (),
            False,
        ),  # a later attempt, before its plan
        ({"status": RunStatus.STOPPED, "step": 0, "total_steps": None}, False, (), False),
    ],
)
def test_only_what_resuming_cannot_mend_is_told(
    run: dict[str, object], has_checkpoint: bool, alarms: tuple[str, ...], again: bool
) -> None:
    assert would_fail_again(make_run("sft-1", **run), has_checkpoint, alarms) is again
