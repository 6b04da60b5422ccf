"""Whether a failed run would fail again if it went on as it is: then something must be changed first."""

from collections.abc import Collection

from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus

#: Alarms of a run that ruined its weights; going on from a checkpoint takes the same steps again.
DIVERGED = frozenset(
    ("loss_not_finite", "grad_norm_not_finite", "policy_loss_not_finite", "weights_not_finite", "loss_left")
)


def would_fail_again(run: Run, has_checkpoint: bool, alarms: Collection[str]) -> bool:
    """True where it diverged, or failed before it had planned its steps: base, data or settings do not suit each other.

    A judge that was down or a full disk is told in the reason; starting again as it is stays possible.
    """
    if run.status is not RunStatus.FAILED:
        return False
    is_refused = run.total_steps is None and run.step == 0 and not has_checkpoint
    return is_refused or not DIVERGED.isdisjoint(alarms)
