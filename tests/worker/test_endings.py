"""Of what kind a failure is: by the error's type where it has one, and by what a library says where it has none."""

import errno
import pickle
from pathlib import Path

import pytest

from rlft_gui.domain.errors import Diverged, InvalidInput, NotFound, NotPossibleNow, StorageTrouble, blaming
from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.training.judges.patience import JudgeFailed
from rlft_gui.worker.endings import FULL_DISK_STATUS, Trail, explain, seen_from_outside
from rlft_gui.worker.memory_kills import memory_kills

KIND = FailureKind
TRAIL = Trail("training", 3)


class OutOfMemoryError(RuntimeError):
    """As torch's own is called."""


def _told_of_a_full_disk() -> StorageTrouble:
    told = StorageTrouble("The disk is full.")
    told.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    return told


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), KIND.HOST_MEMORY),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), KIND.HOST_MEMORY),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9 bytes"),
            KIND.HOST_MEMORY,
        ),
        (OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB."), KIND.DEVICE_MEMORY),
        (
            RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
            KIND.DEVICE_MEMORY,
        ),
        (OSError(errno.ENOSPC, "No space left on device"), KIND.DISK_FULL),
        (OSError(errno.EFBIG, "File too large"), KIND.DISK_FULL),
        (RuntimeError("Error while serializing: No space left on device (os error 28)"), KIND.DISK_FULL),
        (_told_of_a_full_disk(), KIND.DISK_FULL),
        (JudgeFailed("The judge did not reply."), KIND.JUDGE_UNAVAILABLE),
        (InvalidInput("Choose other rewards."), KIND.BAD_RECIPE),
        (NotFound("There is no such run."), KIND.BAD_RECIPE),
        (NotPossibleNow("Not now."), KIND.UNKNOWN),
        (ZeroDivisionError("division by zero"), KIND.UNKNOWN),
    ],
)
def test_the_kind_follows_from_the_error(error: Exception, kind: FailureKind) -> None:
    assert explain(error).kind is kind


def test_what_diverged_says_which_checkpoint_is_good_also_across_processes() -> None:
    error = pickle.loads(pickle.dumps(Diverged("It did.", 40)))
    assert explain(error) == Cause(KIND.DIVERGED, "It did.", 40)


def test_the_innermost_who_knows_is_believed() -> None:
    with pytest.raises(InvalidInput) as found, blaming(KIND.BAD_DATA), blaming(KIND.BAD_MODEL):
        raise InvalidInput("No end token.")
    assert explain(found.value).kind is KIND.BAD_MODEL
    assert InvalidInput("another").failure is KIND.BAD_RECIPE


@pytest.mark.parametrize(
    ("code", "killed", "ran_out", "kind"),
    [
        (None, 9, False, KIND.KILLED),
        (None, 9, True, KIND.HOST_MEMORY),
        (None, 11, True, KIND.KILLED),
        (FULL_DISK_STATUS, None, False, KIND.DISK_FULL),
        (5, None, False, KIND.UNKNOWN),
    ],
)
def test_what_is_seen_from_outside(
    code: int | None, killed: int | None, ran_out: bool, kind: FailureKind
) -> None:
    cause = seen_from_outside(code, killed, TRAIL, ran_out_of_memory=ran_out)
    assert cause is not None
    assert cause.kind is kind


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("0::/app", "app/memory.events"),
        ("0::/elsewhere", "memory.events"),
        ("4:memory:/x", "memory/x/memory.oom_control"),
    ],
)
def test_the_systems_count_of_kills_for_memory_is_read(tmp_path: Path, line: str, file: str) -> None:
    groups, counter = tmp_path / "cgroup", tmp_path / file
    groups.write_text(f"9:name=systemd:/\n{line}\n")
    assert memory_kills(groups, tmp_path) is None
    counter.parent.mkdir(parents=True, exist_ok=True)
    counter.write_text("oom 5\noom_kill 3\n")
    assert memory_kills(groups, tmp_path) == 3
