"""Judges vote: on the pairs of a set, by its own rubric, in both orders, as raters that are marked as machines.

A process of its own judges and tells each verdict (training/judges/worker.py); here each becomes a vote as it comes. So who
ends either of them loses nothing that was judged, and whoever asks again has only the rest judged.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain import judge_names as names
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, ParentRef
from rlft_gui.domain.vote_plan import PairOrder
from rlft_gui.domain.votes import Choice, Rater, RaterKind, Verdict, Vote, VoteKind, VoteSet
from rlft_gui.services.feedback.judging_agreement import JudgeFacts, judges
from rlft_gui.services.feedback.judging_mixed import Mix, mixed
from rlft_gui.services.feedback.judging_pairs import AskedPair, pairs_of, questions_of, rubric_in, template_of
from rlft_gui.services.feedback.simulating import POOL
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.line_work import lines_of
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.known import step_of
from rlft_gui.stages._shared.texts import shipped
from rlft_gui.storage import Storage

_WORKER = "rlft_gui.training.judges.worker"
PATIENCE = 5  #: minutes
MOST_ATTRIBUTES = 12
_SILENT = 15 * 60.0  #: seconds beyond its patience that a judge may take for a handful of pairs
_NAME = 80


@dataclass(frozen=True)
class JudgeAsked:
    """Which judge, and how it is asked.

    Attributes:
        judge: as in `domain.judge_names`; "base" is the model on which the answers' models were trained.
        url: base address of an endpoint.
        patience: minutes for which an endpoint that fails is asked again.
        template: the shipped rubric whose words put the question; "" for the one that suits the judge.
        attributes: asked about one by one; () for those of the set.
        most: how many pairs at most; None for all.
    """

    judge: str
    url: str = ""
    patience: int = PATIENCE
    template: str = ""
    attributes: tuple[str, ...] = ()
    most: int | None = None


@dataclass(frozen=True)
class JudgedVotes:
    """What came of it.

    Attributes:
        cast: votes stored now; `before`: pairs that this judge had judged already; `pairs`: all there are.
        left_out: reason → pairs that it could not judge.
        problem: why it ended before the last pair; empty where it did not.
    """

    rater: Rater
    cast: int
    before: int
    pairs: int
    left_out: dict[str, int]
    problem: str = ""


Asked = Literal["all", "unsure"]


class JudgesStanding(Frozen):
    """What judges said of a set. `mix`: people where judges are unsure, judges elsewhere."""

    judges: tuple[JudgeFacts, ...]
    mix: Mix


@dataclass(frozen=True)
class _Judge:
    """A judge that was found: its name as a rater, and the model in question."""

    rater: Rater
    judge: str
    base: str
    template: str


class JudgingVotes:
    """May be shared by threads."""

    def __init__(self, home: Home, storage: Storage, votes: Votes, runs: Runs) -> None:
        self._home = home
        self._storage = storage
        self._votes = votes
        self._runs = runs

    def judge(
        self,
        name: str,
        asked: JudgeAsked,
        *,
        user: str,
        on_progress: Callable[[int, int], None] = lambda done, of: None,
    ) -> JudgedVotes:
        """Have a judge vote on the pairs of a set that it has not judged yet.

        Args:
            on_progress: told after each pair how many are done, of how many.

        Raises:
            NotFound: there is no such set, or no such run.
            InvalidInput: the judge cannot be used, or the set has no pairs.
            NotPossibleNow: it failed before it judged any; later failures are `JudgedVotes.problem`.
        """
        del user  # one owner so far; asked for, as by all that changes something
        votes = self._votes.get(name)
        pairs = pairs_of(self._storage, votes)
        if not pairs:
            raise InvalidInput(
                f'"{name}" has no pairs: no prompt was answered by two models in different words. Choose another set.'
            )
        judge = self._found(votes, asked, pairs)
        done = self._judged_by(name, judge.rater)
        missing = [pair for pair in pairs if frozenset((pair.a.id, pair.b.id)) not in done]
        todo = missing[: asked.most]
        casting = _Casting(self._votes, votes, judge, questions_of(votes, _attributes(asked)), todo)
        problem = ""
        if todo:
            try:
                for count in casting.judged(_request(self._home, asked, casting)):
                    on_progress(count, len(todo))
            except NotPossibleNow as error:
                if not casting.cast:
                    raise
                problem = str(error)
        before = len(pairs) - len(missing)
        return JudgedVotes(judge.rater, casting.cast, before, len(pairs), casting.left_out, problem)

    def standing(self, name: str) -> JudgesStanding:
        """What judges say of a set, beside people, and who decides its pairs in a mix of both.

        Raises:
            NotFound: there is no such set.
        """
        votes = self._votes.cast(name)
        return JudgesStanding(judges=judges(votes), mix=mixed(votes).mix)

    def share(self, name: str, asked: Asked, *, user: str) -> None:
        """Ask people about the pairs of a set that judges are unsure of, and about no others; or about all again.

        Raises:
            NotFound: there is no such set.
        """
        del user
        plan = self._votes.get(name).plan
        order = PairOrder.UNSURE if asked == "unsure" else PairOrder.RANDOM
        if (plan.order is PairOrder.UNSURE) != (order is PairOrder.UNSURE):
            self._storage.votes.plan_again(name, plan.model_copy(update={"order": order}))

    def _judged_by(self, name: str, rater: Rater) -> set[frozenset[str]]:
        given = self._storage.votes.votes(name, kinds=(VoteKind.PAIR,), rater=rater)
        return {frozenset((one.a, one.b or "")) for one in given}

    def _found(self, votes: VoteSet, asked: JudgeAsked, pairs: Sequence[AskedPair]) -> _Judge:
        name = names.parse(asked.judge.strip())
        judge, base = asked.judge.strip(), ""
        if name.kind == "base":
            judge = base = self._base_of(votes, pairs)
        elif name.kind == "model":
            if not name.argument:
                raise InvalidInput(
                    "Name the judge: base, a model, reward_model:RUN, endpoint:MODEL or biased."
                )
            base = name.argument
        elif name.kind == "reward_model":
            judge, base = self._reward_model(ParentRef.parse(name.argument))
        elif name.kind == "endpoint" and not asked.url.startswith(("http://", "https://")):
            found = f'"{shortened(asked.url, 60)}", which is no address' if asked.url else "empty"
            raise InvalidInput(
                f'The judge "{judge}" is behind a server, and its address is {found}. Give its base address, e.g. '
                "http://127.0.0.1:8000/v1."
            )
        template = asked.template or template_of(base)
        if template not in shipped("rubrics"):
            raise InvalidInput(
                f'There is no rubric "{template}". Choose one of: {", ".join(shipped("rubrics"))}.'
            )
        rater = Rater(name=shortened(judge, _NAME), kind=RaterKind.JUDGE)
        return _Judge(rater, judge, self._home.located(base), template)

    def _base_of(self, votes: VoteSet, pairs: Sequence[AskedPair]) -> str:
        known = {
            str(answer.facts["base"])
            for pair in pairs
            for answer in (pair.a, pair.b)
            if answer.facts.get("base")
        }
        ids = {answer.run_id for pair in pairs for answer in (pair.a, pair.b) if answer.run_id}
        found = self._storage.runs.get
        known |= {run.base for run in map(found, sorted(ids)) if run is not None}
        known |= {LANTERN for source in votes.sources if source == POOL}
        if len(known) != 1:
            said = f"are of several: {', '.join(sorted(known))}" if known else "name none"
            raise InvalidInput(
                f'The judge "base" is the base of the answers, and these {said}. Name the model itself.'
            )
        return known.pop()

    def _reward_model(self, ref: ParentRef) -> tuple[str, str]:
        """As a judge with the step that reads, since votes outlive further training; and its base."""
        run = self._runs.get(ref.run_id)
        if output_of(run) != "reward_model":
            raise InvalidInput(f"{run.id} is no reward model. Choose a run of the stage reward model.")
        step = step_of(self._home.run(run.id), ref.step)
        return f"reward_model:{run.id}@{step}", run.base


class _Casting:
    """Verdicts of the worker, each made a vote."""

    def __init__(
        self, votes: Votes, into: VoteSet, judge: _Judge, questions: dict[str, str], todo: Sequence[AskedPair]
    ) -> None:
        self._votes = votes
        self._into = into
        self.judge = judge
        self.questions = questions
        self.todo = todo
        self.cast = 0
        self.left_out: dict[str, int] = {}

    def judged(self, request: dict[str, Any]) -> Iterator[int]:
        """How many pairs are done, after each."""
        silent = 60.0 * request["patience"] + _SILENT
        lines = lines_of(_WORKER, request, silent_seconds=silent, what=f"The judge {self.judge.rater.name}")
        with closing(lines):
            for done, told in enumerate(lines, start=1):
                if "left_out" in told:
                    reason = str(told["reason"])
                    self.left_out[reason] = self.left_out.get(reason, 0) + 1
                else:
                    self._store(self.todo[told["pair"]], told)
                yield done

    def _store(self, pair: AskedPair, told: dict[str, Any]) -> None:
        orders = {name: (float(a), float(b)) for name, (a, b) in told["orders"].items()}
        share = fmean(side for both in orders.values() for side in both)
        choice = Choice.A if share > 0.5 else Choice.B if share < 0.5 else Choice.TIE
        verdict = Verdict(choice=choice, share=share, orders=orders, text=str(told["rationale"]))
        vote = Vote(
            votes=self._into.name,
            rater=self.judge.rater,
            kind=VoteKind.PAIR,
            prompt_id=pair.prompt.id,
            a=pair.a.id,
            b=pair.b.id,
            verdict=verdict,
            rubric="\n".join(self.questions.values()),
            ballot=self._ballot(pair),
        )
        self._votes.record([pair.prompt], [pair.a, pair.b], [vote])
        self.cast += 1

    def _ballot(self, pair: AskedPair) -> str:
        """Always the same, so that two who have the same judge vote at once store each vote once."""
        parts = [self._into.name, self.judge.rater.name, *sorted((pair.a.id, pair.b.id))]
        return f"judge:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


def _attributes(asked: JudgeAsked) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(" ".join(name.split()) for name in asked.attributes if name.strip()))
    if len(found) > MOST_ATTRIBUTES:
        raise InvalidInput(
            f"A judge is asked about {MOST_ATTRIBUTES} attributes at most, found {len(found)}."
        )
    return found


def _request(home: Home, asked: JudgeAsked, casting: _Casting) -> dict[str, Any]:
    rubric = rubric_in(casting.judge.template)
    return {
        "judge": casting.judge.judge,
        "url": asked.url,
        "patience": asked.patience,
        "base": casting.judge.base,
        "home": str(home.path),
        "rubric": rubric.model_dump(mode="json"),
        "pairs": [
            {
                "prompt": list(pair.prompt.messages),
                "first": pair.a.text,
                "second": pair.b.text,
                "questions": casting.questions,
            }
            for pair in casting.todo
        ],
    }
