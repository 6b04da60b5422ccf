"""Write one comparison into its rows while its panes are answered.

A daemon thread in the program that asked reads what comes and stores what changed, a few times a second. While it lives
it holds a file lock named after the comparison. So whoever finds an unfinished comparison with a free lock knows that
its program ended, whatever the clock or the process ids say.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from rlft_gui.domain.comparison import Generation, GenerationStatus, Place
from rlft_gui.domain.errors import NotPossibleNow, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.suite import PromptItem
from rlft_gui.inference.protocol import Reply
from rlft_gui.lantern import gold
from rlft_gui.services.comparisons.sources import Source
from rlft_gui.storage.comparisons import ComparisonRows

logger = logging.getLogger(__name__)

WRITE_SECONDS = 0.15  #: at most so often while tokens stream; an answer's end is stored at once
#: Characters that are stored in a second. Each time the whole of an answer is, so long ones are stored less often.
WRITTEN_A_SECOND = 100_000
LOCK_SECONDS = 5.0  #: how long another may take to let go of a comparison that has ended
_UNANSWERED = "No answer came. Ask again."


class Recording:
    """Answers of one comparison being written. Create it before their rows: it takes the lock at once."""

    def __init__(
        self, home: Home, rows: ComparisonRows, comparison_id: str, items: Mapping[int, PromptItem]
    ) -> None:
        """`items` holds the suite item behind each prompt (by index) whose answers can be scored.

        Raises:
            NotPossibleNow: another program is writing it.
        """
        self._rows = rows
        self._id = comparison_id
        self._items = items
        self._now: dict[Place, Generation] = {}
        self._unwritten: set[Place] = set()
        self._written_at = 0.0
        self._sources: tuple[Source, ...] = ()
        self._mutex = threading.Lock()
        # Not the thread itself: a join that Ctrl-C interrupts takes it for ended (CPython up to 3.12).
        self._over = threading.Event()
        self._lock = _lock(home, comparison_id)
        try:
            self._lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise NotPossibleNow(
                f"Comparison {comparison_id} is being written by another program, perhaps `rlft compare`. Wait until it "
                "has ended."
            ) from None

    @property
    def is_over(self) -> bool:
        """Whether it has been started and has ended."""
        return self._over.is_set()

    def start(self, sources: Sequence[Source]) -> None:
        """Have all sources asked and record what they answer, in threads of their own."""
        self._sources = tuple(sources)
        self._now = {one.place: one for source in sources for one in source.wanted}
        threading.Thread(target=self._record, name=f"comparison-{self._id}", daemon=True).start()

    def cancel(self) -> None:
        for source in self._sources:
            source.cancel()

    def wait(self, timeout: float | None = None) -> None:
        self._over.wait(timeout)

    def give_up(self) -> None:
        """Let go of the lock; nobody writes this comparison any more."""
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def _record(self) -> None:
        try:
            threads = [
                threading.Thread(target=self._follow, args=(source,), daemon=True) for source in self._sources
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self._rows.end(self._id, failed(tuple(self._now.values()), _UNANSWERED))
        finally:
            self.give_up()
            self._over.set()

    def _follow(self, source: Source) -> None:
        try:
            source.run(self._take)
        except RlftError as error:
            self._fail(source, str(error))
        # Other panes may still be answered, and must not be left without an end.
        except Exception as error:
            logger.exception("Answers of comparison %s were lost", self._id)
            self._fail(
                source, f"The answer was lost: {type(error).__name__}. The log of the app has the details."
            )

    def _take(self, reply: Reply) -> None:
        if reply.event == "started":
            self._rows.start(self._id, device=reply.device, note=reply.note)
        elif reply.event == "answers":
            self._update(reply.answers)

    def _update(self, answers: Sequence[Generation]) -> None:
        with self._mutex:
            for answer in answers:
                self._now[answer.place] = self._scored(answer)
                self._unwritten.add(answer.place)
            is_end = any(answer.status.is_ended for answer in answers)
            waited = time.monotonic() - self._written_at
            if is_end or waited > WRITE_SECONDS + self._size() / WRITTEN_A_SECOND:
                self._rows.write(self._id, [self._now[place] for place in self._unwritten])
                self._unwritten.clear()
                self._written_at = time.monotonic()

    def _size(self) -> int:
        return sum(len(self._now[place].text) for place in self._unwritten)

    def _scored(self, answer: Generation) -> Generation:
        item = self._items.get(answer.prompt_index)
        is_scored = item is not None and answer.status is GenerationStatus.DONE
        scores = gold.score(item, answer.text) if item is not None and is_scored else {}
        return answer.model_copy(update={"scores": scores})

    def _fail(self, source: Source, sentence: str) -> None:
        self._update(failed(tuple(self._now[one.place] for one in source.wanted), sentence))


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
