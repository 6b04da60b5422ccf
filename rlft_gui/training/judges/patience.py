"""Waiting for a judge that fails or is slow: ever longer pauses, one alarm, an end to it, and ears for a stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from rlft_gui.domain.errors import RlftError, Stopped
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.reporting import Reporter

WAITING = "waiting for the judge"
LONGEST_PAUSE = 60.0  #: seconds
_LOOK_EVERY = 0.25  #: seconds between two looks at whether someone asked the run to stop

T = TypeVar("T")


class JudgeFailed(RlftError, ConnectionError):
    """The judge did not answer.

    Attributes:
        not_before: seconds that the judge asked to be left alone for.
    """

    failure = FailureKind.JUDGE_UNAVAILABLE

    def __init__(self, message: str, not_before: float = 0.0) -> None:
        super().__init__(message)
        self.not_before = not_before

    def __reduce__(self) -> tuple[type["JudgeFailed"], tuple[str, float]]:
        return (JudgeFailed, (str(self), self.not_before))


@dataclass
class Patience:
    """Asks again until it works.

    Attributes:
        minutes: how long to go on after the first failure; a question that takes long is not yet a judge that fails.
        phase: what the run says it is doing once the judge answers again.
        then: what to do once patience has run out.
    """

    reporter: Reporter
    minutes: float
    phase: str
    then: str = (
        "Start its server again and resume this run; or clone the run to change the Judge's address, the Judge or the "
        "Judge's patience."
    )
    pause: float = 1.0  #: seconds before the second try; then twice as long each time
    _has_alarmed: bool = False
    _failing_since: float | None = None  #: of the question at hand

    def __call__(self, ask: Callable[[], T]) -> T:
        """What `ask` returns, however often it raises JudgeFailed before.

        Raises:
            JudgeFailed: it still failed when patience ran out; the sentence says what to change.
            Stopped: someone asked the run to stop meanwhile.
        """
        from tenacity import Retrying, retry_if_exception_type

        self._failing_since = None  # one object serves many questions
        again = Retrying(
            retry=retry_if_exception_type(JudgeFailed),
            wait=self._wait,
            stop=self._has_ended,
            sleep=self._sleep,
            before_sleep=self._tell,
            retry_error_callback=self._give_up,
        )
        answer: T = again(ask)
        if again.statistics["attempt_number"] > 1:
            self.reporter.phase(self.phase)
        return answer

    def left(self) -> float:
        """Seconds of patience that are left, all of them before the first failure; never less than 0."""
        gone = 0.0 if self._failing_since is None else time.monotonic() - self._failing_since
        return max(0.0, 60 * self.minutes - gone)

    def check(self) -> None:
        """Raises Stopped if someone asked the run to stop."""
        if self.reporter.stop_requested():
            raise Stopped(
                f"It was stopped on request while waiting for the judge, after step {self.reporter.step}."
            )

    def _has_ended(self, state: Any) -> bool:
        del state
        if self._failing_since is None:
            self._failing_since = time.monotonic()
        return self.left() <= 0

    def _wait(self, state: Any) -> float:
        growing = min(LONGEST_PAUSE, self.pause * 2.0 ** (state.attempt_number - 1), self.left())
        # A judge may ask for hours; patience ends before.
        asked_for = min(_failure(state).not_before, 60 * self.minutes)
        return max(growing, asked_for)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, _LOOK_EVERY))

    def _tell(self, state: Any) -> None:
        self.reporter.phase(WAITING)
        if not self._has_alarmed:
            self._has_alarmed = True
            # Alarms stay on the run's page, so this one has to be true after the run has ended, too.
            sentence = f"{_failure(state)} From then on it was asked again, for at most {self._as_long_as()}."
            self.reporter.alarm(self.reporter.step, "judge_failed", sentence)

    def _give_up(self, state: Any) -> Any:
        raise JudgeFailed(
            f"{_failure(state)} It was asked again for {self._as_long_as()} without success. {self.then}"
        )

    def _as_long_as(self) -> str:
        return f"{self.minutes:g} minute{'' if self.minutes == 1 else 's'}"


def _failure(state: Any) -> JudgeFailed:
    error = state.outcome.exception()
    assert isinstance(error, JudgeFailed)
    return error
