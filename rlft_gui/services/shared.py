"""What many ask in the same moment, made once for all of them.

Fifty browsers that look at one run ask the same every second. The first to ask has the answer made, the others wait for it
and share it for a tick; what this process wrote itself is seen at once, for `changes` is part of the question.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Seconds that an answer may be old: half of what a page waits between two questions.
TICK = 0.5

V = TypeVar("V")


@dataclass(frozen=True)
class _Kept(Generic[V]):
    answer: "Future[V]"
    until: float


class Shared(Generic[V]):
    """The newest `most` answers, each for `seconds` from when it was asked for. Safe to share between threads."""

    def __init__(self, most: int, seconds: float = TICK, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept[V]] = OrderedDict()
        self._mutex = threading.Lock()

    def get(self, question: Hashable, make: Callable[[], V]) -> V:
        """The answer at hand, or a new one. What `make` raises reaches all who wait for it, and is not kept."""
        answer, is_mine = self._find(question)
        if is_mine:
            try:
                answer.set_result(make())
            except BaseException as error:  # noqa: BLE001 - others wait for it, whatever it was
                self._forget(question, answer)
                answer.set_exception(error)
        return answer.result()

    def _find(self, question: Hashable) -> "tuple[Future[V], bool]":
        """The answer, and whether the caller has to make it."""
        with self._mutex:
            kept, now = self._kept.get(question), self._clock()
            if kept is not None and now < kept.until:
                return kept.answer, False
            made = _Kept[V](Future(), now + self._seconds)
            self._kept[question] = made
            self._kept.move_to_end(question)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return made.answer, True

    def _forget(self, question: Hashable, answer: "Future[V]") -> None:
        with self._mutex:
            kept = self._kept.get(question)
            if kept is not None and kept.answer is answer:
                del self._kept[question]
