"""Hearing a stop request in the middle of whatever the main thread is doing, where that may be broken off.

Polling at every batch would miss imports, loading, tokenising and whatever a library does on its own. So a thread
looks for the request and sends this process a signal, whose handler raises Stopped in the main thread, between two
of Python's instructions. Left out: calls into C that take long by themselves; they end first, or the supervisor ends all.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rlft_gui.domain.errors import Stopped

#: Seconds between two looks at whether someone asked.
PERIOD = 0.1
_SIGNAL = signal.SIGUSR1


class Interruption:
    """Of one attempt. Nothing is broken off before `heard` is entered, nor after it is left.

    Args:
        is_asked: whether someone asked the run to stop; called from another thread.
        stopped: what to raise then.

    Attributes:
        has_nothing_to_lose: the attempt may be broken off wherever it is.
    """

    def __init__(self, is_asked: Callable[[], bool], stopped: Callable[[], Stopped]) -> None:
        self.has_nothing_to_lose = False
        self._is_asked = is_asked
        self._stopped = stopped
        self._patience: float | None = None  #: of the part in progress that may be broken off

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Within, requests are listened to. In the main thread only, which alone handles signals."""
        main, is_over = threading.get_ident(), threading.Event()
        before = signal.signal(_SIGNAL, lambda _number, _frame: self._raise())
        listener = threading.Thread(target=self._listen, args=(main, is_over), name="stop-watch", daemon=True)
        listener.start()
        try:
            yield
        finally:
            is_over.set()
            listener.join()  # so that no signal comes when nobody handles it any more
            signal.signal(_SIGNAL, before)

    @contextmanager
    def allowed(self, patience: float) -> Iterator[None]:
        """Within, a request that is `patience` seconds old breaks off what goes on."""
        # Read by the listening thread; a float or None is assigned in one step, so no lock is needed.
        self._patience = patience
        try:
            yield
        finally:
            self._patience = None

    def _listen(self, main: int, is_over: threading.Event) -> None:
        asked_at: float | None = None
        while not is_over.wait(PERIOD):
            if asked_at is None and self._is_asked():
                asked_at = time.monotonic()
            if asked_at is not None and self._may_break_off(time.monotonic() - asked_at):
                # Again at each look until it was raised: a signal that came a moment too early was passed over.
                signal.pthread_kill(main, _SIGNAL)

    def _may_break_off(self, waited: float) -> bool:
        patience = self._patience
        return self.has_nothing_to_lose or (patience is not None and waited >= patience)

    def _raise(self) -> None:
        """In the main thread. What was allowed may have ended since the signal was sent, and cleaning up after the
        first Stopped must not be broken off by a second."""
        if self.has_nothing_to_lose or self._patience is not None:
            # Before it is raised, so that no second signal finds it allowed.
            self.has_nothing_to_lose, self._patience = False, None
            raise self._stopped()
