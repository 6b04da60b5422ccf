"""Judges that vote in the background of the program that asked for it: one at a time in each set.

A daemon thread each. How far it is stands in memory alone: what a judge said is a vote already, so nothing is lost with
the program, and whoever asks again has only the rest judged.
"""

import logging
import threading
from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotPossibleNow, RlftError
from rlft_gui.services.feedback.judging import JudgeAsked, JudgingVotes
from rlft_gui.services.feedback.judging_task import JudgingTask
from rlft_gui.services.rights import Rights

logger = logging.getLogger(__name__)

_STOP_SECONDS = 5.0  #: for which the end of a judge is waited for

State = Literal["judging", "done", "stopped", "failed"]


class JudgeAtWork(Frozen):
    """What a judge does in a set, or did when it was last asked.

    Attributes:
        done: pairs that it is through with, of `of` that it was asked about.
        before: pairs that it had judged earlier.
        left_out: once it has ended: reason → pairs that it could not judge.
        problem: why it failed.
        waits_for: the set in which another judge is at work first, for one works at a time; "" once it has its turn.
    """

    judge: str
    state: State
    done: int
    of: int
    before: int
    left_out: dict[str, int]
    problem: str = ""
    waits_for: str = ""


class JudgesAtWork:
    """May be shared by threads."""

    def __init__(self, judging: JudgingVotes, rights: Rights) -> None:
        self._judging = judging
        self._rights = rights
        self._works: dict[str, _Work] = {}  #: by set, in the order of their beginning
        self._mutex = threading.Lock()

    def start(self, name: str, asked: JudgeAsked, *, user: str) -> JudgeAtWork:
        """Have a judge vote on the pairs of a set that it has not judged yet; returns at once.

        Raises:
            NotFound, InvalidInput: as `JudgingVotes.task`.
            NotPossibleNow: a judge is at work in this set.
        """
        self._rights.check_change(user)
        self._check_free(name)
        work = _Work(self._judging.task(name, asked, user=user), user)
        with self._mutex:
            self._check_free(name)
            self._works.pop(name, None)
            self._works[name] = work
            work.begin()
        return self._told(name, work)

    def stop(self, name: str, *, user: str) -> None:
        """End it where it is. What has ended already is left as it ended.

        Raises:
            NotAllowed: somebody else had it begin.
        """
        self._rights.check_change(user)
        work = self._works.get(name)
        if work is None or not work.is_live:
            return
        self._rights.check_owner(user, work.owner, f"The judge {work.now.judge}", "stop")
        work.stop()

    def of(self, name: str) -> JudgeAtWork | None:
        """How far it is in a set; None where nobody had a judge vote there since this program began."""
        work = self._works.get(name)
        return None if work is None else self._told(name, work)

    def _check_free(self, name: str) -> None:
        work = self._works.get(name)
        if work is not None and work.is_live:
            raise NotPossibleNow(
                f'{work.now.judge} is voting in "{name}" at the moment. Wait until it has ended, or stop it.'
            )

    def _told(self, name: str, work: "_Work") -> JudgeAtWork:
        now = work.now
        if not work.is_live or now.done:
            return now
        earlier = (other for other, one in tuple(self._works.items()) if one.is_live)
        first = next(earlier, name)
        return now if first == name else now.model_copy(update={"waits_for": first})


class _Work:
    """One judge in one set. `now` is replaced, never changed, and by its own thread alone."""

    def __init__(self, task: JudgingTask, owner: str) -> None:
        self.owner = owner
        self._task = task
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"judge-{task.into.name}", daemon=True)
        self.now = JudgeAtWork(
            judge=task.judge.rater.name,
            state="judging",
            done=0,
            of=len(task.todo),
            before=task.before,
            left_out={},
        )

    @property
    def is_live(self) -> bool:
        return self.now.state == "judging"

    def begin(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        try:
            told = self._task.run(self._progress, self._stop)
        except RlftError as error:
            self._progress(0, 0)  # it had judged none: what it was through with could not be judged
            self._end("failed", problem=str(error))
        # Whatever it was, the page must not show a judge at work that is none.
        except Exception as error:
            logger.exception("A judge broke off in %s", self._task.into.name)
            words = f"The judge broke off: {type(error).__name__}. The log of the app has the details."
            self._end("failed", problem=words)
        else:
            is_through = self.now.done == self.now.of
            state: State = "failed" if told.problem else "done" if is_through else "stopped"
            self._end(state, told.problem, told.left_out)

    def _progress(self, done: int, _of: int) -> None:
        self.now = self.now.model_copy(update={"done": done})

    def _end(self, state: State, problem: str = "", left_out: dict[str, int] | None = None) -> None:
        update = {"state": state, "problem": problem, "left_out": left_out or {}}
        self.now = self.now.model_copy(update=update)
