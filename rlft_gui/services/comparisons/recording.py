"""Write one comparison into its rows while the inference process answers.

A daemon thread in the program that started the comparison reads the replies and stores what changed, a few times a
second. While it lives it holds a file lock named after the comparison. So whoever finds an unfinished comparison with
a free lock knows that its program ended, whatever the clock or the process ids say.
"""

import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.suite import PromptItem
from rlft_gui.inference import client
from rlft_gui.inference.protocol import GenerationRequest, Reply
from rlft_gui.lantern import gold
from rlft_gui.storage.comparisons import ComparisonRows

logger = logging.getLogger(__name__)

WRITE_SECONDS = 0.15  #: at most so often while tokens stream; an answer's end is stored at once

_Key = tuple[int, int]  # prompt, pane


class Recording:
    """One comparison being written. Create it before its rows: it takes the lock at once."""

    def __init__(
        self, home: Home, rows: ComparisonRows, comparison: Comparison, items: Mapping[int, PromptItem]
    ) -> None:
        """`items` holds the suite item behind each prompt (by index) whose answers can be scored."""
        self._home = home
        self._rows = rows
        self._id = comparison.id
        self._items = items
        self._now = {(one.prompt_index, one.pane): one for one in comparison.generations}
        self._unwritten: set[_Key] = set()
        self._written_at = 0.0
        self._conversation: client.Conversation | None = None
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = _lock(home, comparison.id)
        self._lock.acquire(blocking=False)

    @property
    def is_over(self) -> bool:
        """Whether it has been started and has ended."""
        return self._thread is not None and not self._thread.is_alive()

    def start(self, request: GenerationRequest) -> None:
        """Ask the inference process and record what it answers, in a thread of its own."""
        self._thread = threading.Thread(
            target=self._record, args=(request,), name=f"comparison-{self._id}", daemon=True
        )
        self._thread.start()

    def cancel(self) -> None:
        self._cancelled.set()
        if self._conversation is not None:
            self._conversation.cancel()

    def wait(self, timeout: float | None = None) -> None:
        if self._thread is not None:
            self._thread.join(timeout)

    def give_up(self) -> None:
        """Let go of the lock; nobody writes this comparison any more."""
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def _record(self, request: GenerationRequest) -> None:
        try:
            self._follow(request)
        except RlftError as error:
            self._fail(str(error))
        finally:
            self.give_up()

    def _follow(self, request: GenerationRequest) -> None:
        self._conversation = client.ask(self._home, request)
        try:
            if self._cancelled.is_set():
                self._conversation.cancel()
            for reply in self._conversation.replies():
                self._take(reply)
        finally:
            self._conversation.close()

    def _take(self, reply: Reply) -> None:
        if reply.event == "started":
            self._rows.start(self._id, device=reply.device, note=reply.note)
        elif reply.event == "answers":
            self._update(reply.answers)
        elif reply.event == "failed":
            self._fail(reply.message)
        elif reply.event == "done":
            self._rows.end(self._id, tuple(self._now.values()))

    def _update(self, answers: tuple[Generation, ...]) -> None:
        for answer in answers:
            key = (answer.prompt_index, answer.pane)
            self._now[key] = self._scored(answer)
            self._unwritten.add(key)
        is_end = any(answer.status.is_ended for answer in answers)
        if is_end or time.monotonic() - self._written_at > WRITE_SECONDS:
            self._rows.write(self._id, [self._now[key] for key in self._unwritten])
            self._unwritten.clear()
            self._written_at = time.monotonic()

    def _scored(self, answer: Generation) -> Generation:
        item = self._items.get(answer.prompt_index)
        is_scored = item is not None and answer.status is GenerationStatus.DONE
        scores = gold.score(item, answer.text) if item is not None and is_scored else {}
        return answer.model_copy(update={"scores": scores})

    def _fail(self, sentence: str) -> None:
        self._rows.end(self._id, failed(tuple(self._now.values()), sentence))


def failed(generations: tuple[Generation, ...], sentence: str) -> tuple[Generation, ...]:
    """The generations with every one that has not ended marked as failed, for this reason."""
    update = {"status": GenerationStatus.FAILED, "error": sentence}
    return tuple(one if one.status.is_ended else one.model_copy(update=update) for one in generations)


def is_recorded(home: Home, comparison_id: str) -> bool:
    """Whether some program, this one or another, is still writing this comparison."""
    lock = _lock(home, comparison_id)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
    return False


def _lock(home: Home, comparison_id: str) -> FileLock:
    folder = home.inference / "recording"
    folder.mkdir(parents=True, exist_ok=True)
    # The thread that records releases what the thread that started it took.
    return FileLock(folder / f"{comparison_id}.lock", thread_local=False)
