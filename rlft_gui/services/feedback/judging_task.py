"""Having one judge vote on pairs of a set: a process of its own tells verdicts (training/judges/worker.py), and each
becomes a vote as it comes."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.votes import Choice, Rater, Verdict, Vote, VoteKind, VoteSet
from rlft_gui.services.feedback.judging_pairs import AskedPair, rubric_in
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.line_work import lines_of

_WORKER = "rlft_gui.training.judges.worker"
_SILENT = 15 * 60.0  #: seconds beyond its patience that a judge may take for a handful of pairs


@dataclass(frozen=True)
class FoundJudge:
    """A judge that can be asked.

    Attributes:
        rater: as its votes name it.
        judge, base: as the worker takes them.
        template: the shipped rubric whose words put the question.
        url, patience: of an endpoint: its address, and the minutes for which it is asked again where it fails.
    """

    rater: Rater
    judge: str
    base: str
    template: str
    url: str
    patience: int


@dataclass(frozen=True)
class JudgedVotes:
    """What came of it.

    Attributes:
        cast: votes stored now; `before`: pairs that this judge had judged already; `pairs`: all there are.
        left_out: reason → pairs that it could not judge.
        problem: why it ended before the last pair; empty where it did not, or was stopped.
    """

    rater: Rater
    cast: int
    before: int
    pairs: int
    left_out: dict[str, int]
    problem: str = ""


@dataclass
class JudgingTask:
    """The pairs of a set that a judge is to vote on. Run it once, in any thread.

    Attributes:
        questions: what is asked of each pair, by criterion.
        todo: the pairs; `before`: how many it had judged already, of `pairs` in all.
    """

    home: Home
    votes: Votes
    into: VoteSet
    judge: FoundJudge
    questions: dict[str, str]
    todo: Sequence[AskedPair]
    before: int
    pairs: int
    _cast: int = 0
    _left_out: dict[str, int] = field(default_factory=dict)

    def run(
        self,
        on_progress: Callable[[int, int], None] = lambda done, of: None,
        stop: threading.Event | None = None,
    ) -> JudgedVotes:
        """Returns when the judge is through, has failed, or was stopped.

        Args:
            on_progress: told after each pair how many are done, of how many.

        Raises:
            NotPossibleNow: it failed before it judged any; later failures are `JudgedVotes.problem`.
        """
        problem = ""
        try:
            for done in self._judged(stop) if self.todo else ():
                on_progress(done, len(self.todo))
        except NotPossibleNow as error:
            if not self._cast:
                raise
            problem = str(error)
        return JudgedVotes(
            self.judge.rater, self._cast, self.before, self.pairs, dict(self._left_out), problem
        )

    def _judged(self, stop: threading.Event | None) -> Iterator[int]:
        """How many pairs are done, after each."""
        silent = 60.0 * self.judge.patience + _SILENT
        what = f"The judge {self.judge.rater.name}"
        lines = lines_of(_WORKER, self._request(), silent_seconds=silent, what=what, stop=stop)
        with closing(lines):
            for done, told in enumerate(lines, start=1):
                if "left_out" in told:
                    reason = str(told["reason"])
                    self._left_out[reason] = self._left_out.get(reason, 0) + 1
                else:
                    self._store(self.todo[told["pair"]], told)
                yield done

    def _request(self) -> dict[str, Any]:
        return {
            "judge": self.judge.judge,
            "url": self.judge.url,
            "patience": self.judge.patience,
            "base": self.judge.base,
            "home": str(self.home.path),
            "rubric": rubric_in(self.judge.template).model_dump(mode="json"),
            "pairs": [
                {
                    "prompt": list(pair.prompt.messages),
                    "first": pair.a.text,
                    "second": pair.b.text,
                    "questions": self.questions,
                }
                for pair in self.todo
            ],
        }

    def _store(self, pair: AskedPair, told: dict[str, Any]) -> None:
        orders = {name: (float(a), float(b)) for name, (a, b) in told["orders"].items()}
        share = fmean(side for both in orders.values() for side in both)
        choice = Choice.A if share > 0.5 else Choice.B if share < 0.5 else Choice.TIE
        verdict = Verdict(choice=choice, share=share, orders=orders, text=str(told["rationale"]))
        vote = Vote(
            votes=self.into.name,
            rater=self.judge.rater,
            kind=VoteKind.PAIR,
            prompt_id=pair.prompt.id,
            a=pair.a.id,
            b=pair.b.id,
            verdict=verdict,
            rubric="\n".join(self.questions.values()),
            ballot=self._ballot(pair),
        )
        self.votes.record([pair.prompt], [pair.a, pair.b], [vote])
        self._cast += 1

    def _ballot(self, pair: AskedPair) -> str:
        """Always the same, so that two who have the same judge vote at once store each vote once."""
        parts = [self.into.name, self.judge.rater.name, *sorted((pair.a.id, pair.b.id))]
        return f"judge:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"
