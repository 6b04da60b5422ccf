"""Judges vote: on the pairs of a set, by its own rubric, in both orders, as raters that are marked as machines.

Here it is found out who judges which pairs, and how that compares with people; judging_task.py has it done, each verdict a
vote as it comes. So who ends it loses nothing that was judged, and whoever asks again has only the rest judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rlft_gui.data.shapes.faults import on_one_line, shortened
from rlft_gui.domain import judge_names as names
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, ParentRef
from rlft_gui.domain.vote_plan import PairOrder, Question
from rlft_gui.domain.votes import LONGEST_NAME, Rater, RaterKind, VoteKind, VoteSet
from rlft_gui.services.feedback.judging_agreement import JudgeFacts, judges
from rlft_gui.services.feedback.judging_mixed import Mix, mixed
from rlft_gui.services.feedback.judging_pairs import AskedPair, pairs_of, questions_of, template_of
from rlft_gui.services.feedback.judging_task import FoundJudge, JudgedVotes, JudgingTask
from rlft_gui.services.feedback.simulating import POOL
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.known import step_of
from rlft_gui.stages._shared.texts import shipped
from rlft_gui.storage import Storage

PATIENCE = 5  #: minutes
MOST_ATTRIBUTES = 12


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


Asked = Literal["all", "unsure"]


class JudgesStanding(Frozen):
    """What judges said of a set.

    Attributes:
        mix: people where judges are unsure, judges elsewhere.
        asked: which pairs people are asked about; None where they are asked about single answers.
    """

    judges: tuple[JudgeFacts, ...]
    mix: Mix
    asked: Asked | None


class Judgeable(Frozen):
    """What judges can be asked of a set: how many pairs it has, and the base of all its answers, "" where they are of
    several or none is known."""

    pairs: int
    base: str


class JudgingVotes:
    """May be shared by threads."""

    def __init__(self, home: Home, storage: Storage, votes: Votes, runs: Runs, models: Models) -> None:
        self._home = home
        self._storage = storage
        self._votes = votes
        self._runs = runs
        self._models = models
        self._rights = Rights(storage)

    def judge(
        self,
        name: str,
        asked: JudgeAsked,
        *,
        user: str,
        on_progress: Callable[[int, int], None] = lambda done, of: None,
    ) -> JudgedVotes:
        """Have a judge vote on the pairs of a set that it has not judged yet, and wait for it.

        Raises:
            NotFound, InvalidInput: as `task`.
            NotPossibleNow: as `JudgingTask.run`.
        """
        return self.task(name, asked, user=user).run(on_progress)

    def task(self, name: str, asked: JudgeAsked, *, user: str) -> JudgingTask:
        """What a judge is to do: it was found, and nobody is asked until the task is run.

        Raises:
            NotFound: there is no such set, or no such run.
            InvalidInput: the judge cannot be used, or the set has no pairs.
        """
        self._rights.check_change(user)
        votes = self._votes.get(name)
        pairs = self._pairs(votes)
        judge = self._found(votes, asked, pairs)
        done = self._judged_by(name, judge.rater)
        missing = [pair for pair in pairs if frozenset((pair.a.id, pair.b.id)) not in done]
        return JudgingTask(
            home=self._home,
            votes=self._votes,
            into=votes,
            judge=judge,
            questions=questions_of(votes, _attributes(asked)),
            todo=missing[: asked.most],
            before=len(pairs) - len(missing),
            pairs=len(pairs),
        )

    def judgeable(self, name: str) -> Judgeable:
        """What judges can be asked of a set.

        Raises:
            NotFound: there is no such set.
            InvalidInput: it has no pairs.
        """
        votes = self._votes.get(name)
        pairs = self._pairs(votes)
        bases = self._bases(votes, pairs)
        return Judgeable(pairs=len(pairs), base=bases.pop() if len(bases) == 1 else "")

    def _pairs(self, votes: VoteSet) -> tuple[AskedPair, ...]:
        pairs = pairs_of(self._storage, votes)
        if not pairs:
            raise InvalidInput(
                f'"{votes.name}" has no pairs: no prompt was answered by two models in different words. Choose another set.'
            )
        return pairs

    def standing(self, name: str) -> JudgesStanding:
        """What judges say of a set, beside people, and who decides its pairs in a mix of both.

        Raises:
            NotFound: there is no such set.
        """
        plan, votes = self._votes.get(name).plan, self._votes.cast(name)
        asked: Asked = "unsure" if plan.order is PairOrder.UNSURE else "all"
        return JudgesStanding(
            judges=judges(votes),
            mix=mixed(votes).mix,
            asked=asked if plan.question is Question.PAIR else None,
        )

    def share(self, name: str, asked: Asked, *, user: str) -> None:
        """Ask people about the pairs of a set that judges are unsure of, and about no others; or about all again.

        Raises:
            NotFound: there is no such set.
        """
        self._rights.check_change(user)
        votes = self._votes.get(name)
        self._rights.check_owner(user, votes.owner, f'"{name}"')
        plan = votes.plan
        order = PairOrder.UNSURE if asked == "unsure" else PairOrder.RANDOM
        if (plan.order is PairOrder.UNSURE) != (order is PairOrder.UNSURE):
            self._storage.votes.plan_again(name, plan.model_copy(update={"order": order}))

    def _judged_by(self, name: str, rater: Rater) -> set[frozenset[str]]:
        given = self._storage.votes.votes(name, kinds=(VoteKind.PAIR,), rater=rater)
        return {frozenset((one.a, one.b or "")) for one in given}

    def _found(self, votes: VoteSet, asked: JudgeAsked, pairs: Sequence[AskedPair]) -> FoundJudge:
        called = judge = asked.judge.strip()
        name, base = names.parse(judge), ""
        if name.kind == "base":
            called = judge = base = self._base_of(votes, pairs)
        elif name.kind == "model":
            if not name.argument:
                raise InvalidInput(
                    "Name the judge: base, a model, reward_model:RUN, endpoint:MODEL or biased."
                )
            judge = base = self._models.name_in_recipe(name.argument)
        elif name.kind == "reward_model":
            judge, base = self._reward_model(ParentRef.parse(name.argument))
            called = judge
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
        rater = Rater(name=_whole_name(called), kind=RaterKind.JUDGE)
        return FoundJudge(rater, judge, self._home.located(base), template, asked.url, asked.patience)

    def _base_of(self, votes: VoteSet, pairs: Sequence[AskedPair]) -> str:
        known = self._bases(votes, pairs)
        if len(known) != 1:
            said = f"are of several: {', '.join(sorted(known))}" if known else "name none"
            raise InvalidInput(
                f'The judge "base" is the base of the answers, and these {said}. Name the model itself.'
            )
        return known.pop()

    def _bases(self, votes: VoteSet, pairs: Sequence[AskedPair]) -> set[str]:
        known = {
            str(answer.facts["base"])
            for pair in pairs
            for answer in (pair.a, pair.b)
            if answer.facts.get("base")
        }
        ids = {answer.run_id for pair in pairs for answer in (pair.a, pair.b) if answer.run_id}
        found = self._storage.runs.get
        known |= {run.base for run in map(found, sorted(ids)) if run is not None}
        return known | {LANTERN for source in votes.sources if source == POOL}

    def _reward_model(self, ref: ParentRef) -> tuple[str, str]:
        """As a judge with the step that reads, since votes outlive further training; and its base."""
        run = self._runs.get(ref.run_id)
        if output_of(run) != "reward_model":
            raise InvalidInput(f"{run.id} is no reward model. Choose a run of the stage reward model.")
        step = step_of(self._home.run(run.id), ref.step)
        return f"reward_model:{run.id}@{step}", run.base


def _whole_name(judge: str) -> str:
    """Never cut, or two judges that begin alike would be one rater."""
    found = on_one_line(judge)
    if len(found) > LONGEST_NAME:
        raise InvalidInput(
            f'The judge "{shortened(found)}" has a name of {len(found):,} characters, and {LONGEST_NAME} are the most. Give '
            "its folder or model a shorter one."
        )
    return found


def _attributes(asked: JudgeAsked) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(" ".join(name.split()) for name in asked.attributes if name.strip()))
    if len(found) > MOST_ATTRIBUTES:
        raise InvalidInput(
            f"A judge is asked about {MOST_ATTRIBUTES} attributes at most, found {len(found)}."
        )
    return found
