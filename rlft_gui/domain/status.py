"""The states of a run and the transitions between them."""

from enum import StrEnum


class RunStatus(StrEnum):
    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_live(self) -> bool:
        """A worker may be at work."""
        return self in LIVE

    @property
    def is_ended(self) -> bool:
        return self in ENDED

    @property
    def is_resumable(self) -> bool:
        return self in (RunStatus.STOPPED, RunStatus.FAILED)

    def may_become(self, other: "RunStatus") -> bool:
        return other in MOVES[self]


LIVE = (RunStatus.STARTING, RunStatus.RUNNING, RunStatus.STOPPING)
ENDED = (RunStatus.SUCCEEDED, RunStatus.STOPPED, RunStatus.FAILED)

#: Only `succeeded` is final: resuming a stopped or failed run queues it again, as its next attempt.
MOVES: dict[RunStatus, tuple[RunStatus, ...]] = {
    RunStatus.QUEUED: (RunStatus.STARTING, RunStatus.STOPPED, RunStatus.FAILED),
    RunStatus.STARTING: (RunStatus.RUNNING, RunStatus.STOPPING, *ENDED),
    RunStatus.RUNNING: (RunStatus.STOPPING, *ENDED),
    RunStatus.STOPPING: ENDED,
    RunStatus.SUCCEEDED: (),
    RunStatus.STOPPED: (RunStatus.QUEUED,),
    RunStatus.FAILED: (RunStatus.QUEUED,),
}
