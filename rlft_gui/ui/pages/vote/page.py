"""Vote: a person judges answers blind, one pair after another, without waiting.

Everything goes through server functions. `vote_next` tells ballots, words only; names come with the answer to a vote that
was cast. What the browser sends is judged by `Services.voting`: whose ballot it is, whether it may still be cast.
"""

import gradio as gr

from rlft_gui.domain.accounts import LOCAL_OWNER
from rlft_gui.domain.comparison import Comparison
from rlft_gui.domain.errors import RlftError, StorageTrouble
from rlft_gui.domain.run import Run
from rlft_gui.domain.turns import said
from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import Rater, Verdict, VoteKind, VoteSet
from rlft_gui.services import Services
from rlft_gui.services.answers.batching import BATCH
from rlft_gui.services.feedback.rater_names import named
from rlft_gui.services.feedback.voting import Shown, Told, mirrored
from rlft_gui.services.feedback.voting_checks import LONGEST_TEXT, SCALE
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.runs.labels import titled
from rlft_gui.services.runs.outputs import is_policy
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.vote.payloads import (
    VOTE_CAST,
    VOTE_CHOICES,
    VOTE_MAKE,
    VOTE_NEXT,
    VOTE_SKIP,
    VOTE_STATE,
    VOTE_UNDO,
    BallotsAsked,
    BallotSkipped,
    BallotView,
    BallotViews,
    RaterAsked,
    RaterProgress,
    ShownTurn,
    StandingView,
    VotableComparison,
    VotableRun,
    VoteCast,
    VoteChoices,
    VoteChoicesAsked,
    VotedAnswer,
    VoteSetAsked,
    VoteSetMade,
    VoteSetView,
    VoteState,
    VoteTaken,
    VoteUndone,
)
from rlft_gui.ui.pages.vote.telling import last_vote, standing_view, voted

SETS, COMPARISONS, RUNS = 20, 20, 30  #: of each, how many of the newest are offered


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = Answers(services)
    part(
        "vote",
        module="pages/vote/page.js",
        serves=[
            serve(VOTE_CHOICES, answers.choices),
            serve(VOTE_MAKE, answers.make),
            serve(VOTE_STATE, answers.state),
            serve(VOTE_NEXT, answers.next),
            serve(VOTE_CAST, answers.cast),
            serve(VOTE_SKIP, answers.skip),
            serve(VOTE_UNDO, answers.undo),
        ],
        elem_id="vote",
    )


class Answers:
    """What the page's server functions answer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._voting = services.voting

    def choices(self, asked: VoteChoicesAsked, _user: str) -> VoteChoices:
        """What can be voted on, and the sets that there are."""
        services = self._services
        compared = list(services.comparing.list(COMPARISONS))
        if asked.comparison and asked.comparison not in {one.id for one in compared}:
            compared.insert(0, services.comparing.get(asked.comparison))
        sets = services.votes.list()
        wanted = [one for one in sets[SETS:] if one.name == asked.votes]
        runs = [run for run in services.runs.list(limit=RUNS) if self._has_answers(run)]
        return VoteChoices(
            sets=tuple(self._set(one, is_counted=True) for one in (*wanted, *sets[:SETS])),
            comparisons=tuple(_comparison(one) for one in compared if one.status.is_ended),
            runs=tuple(_run(run) for run in runs),
        )

    def _has_answers(self, run: Run) -> bool:
        if run.stage == BATCH:
            return self._services.answers.counts(run.id)[0] > 0
        return is_policy(run) and bool(self._services.runs.samples(run.id))

    def make(self, asked: VoteSetAsked, user: str) -> VoteSetMade:
        plan = VotePlan(question=asked.question, order=asked.order, raters=asked.raters)
        draft = VoteSet.model_construct(
            name=asked.name,
            rubric=asked.rubric,
            attributes=asked.attributes,
            sources=asked.sources,
            plan=plan,
        )
        return VoteSetMade(name=self._voting.create(draft, user=user).name)

    def state(self, asked: RaterAsked, user: str) -> VoteState:
        return self._state(asked.votes, self._voting.person(asked.votes, asked.rater, user=user))

    def next(self, asked: BallotsAsked, user: str) -> BallotViews:
        rater = self._voting.person(asked.votes, asked.rater, user=user)
        given = self._voting.next(asked.votes, rater, asked.n, user=user)
        return BallotViews(ballots=tuple(_view(one) for one in self._voting.shown(given)))

    def cast(self, asked: VoteCast, user: str) -> VoteTaken:
        """Store the vote, and tell who wrote what."""
        try:
            return VoteTaken(state=self._cast(asked, _rater(asked.rater, user), user))
        except RlftError as refusal:
            return _refused(refusal)

    def skip(self, asked: BallotSkipped, user: str) -> VoteTaken:
        try:
            self._voting.skip(asked.ballot, _rater(asked.rater, user), user=user)
        except RlftError as refusal:
            return _refused(refusal)
        return VoteTaken()

    def _cast(self, asked: VoteCast, rater: Rater, user: str) -> VoteState:
        ballot = self._voting.ballot(asked.ballot, rater)
        shown = Verdict(
            choice=asked.choice,
            strength=asked.strength if asked.choice in ("a", "b") else None,
            scores=asked.scores,
            scale=SCALE if ballot.kind is VoteKind.RATING else None,
            is_good=asked.is_good,
            text=asked.text,
        )
        verdict = mirrored(shown) if ballot.left == "b" else shown
        self._voting.cast(ballot.id, verdict, rater, seconds=asked.seconds, edited=asked.edited, user=user)
        return self._state(ballot.votes, ballot.rater)

    def undo(self, asked: RaterAsked, user: str) -> VoteUndone:
        rater = self._voting.person(asked.votes, asked.rater, user=user)
        back = self._voting.undo(asked.votes, rater, user=user)
        shown = self._voting.shown([back]) if back else ()
        return VoteUndone(ballot=_view(shown[0]) if shown else None, state=self._state(asked.votes, rater))

    def _state(self, name: str, rater: Rater) -> VoteState:
        last = self._voting.last(name, rater)
        progress = self._voting.progress(name, rater)
        return VoteState(
            votes=self._set(self._services.votes.get(name)),
            rater=rater.name,
            longest=LONGEST_TEXT,
            progress=RaterProgress(**vars(progress)),
            last=last_vote(last, self._voting.repeated(last.vote)) if last else None,
            standing=self._standing(name, last),
            account=self._services.votes.account(name).told(),
        )

    def _standing(self, name: str, last: Told | None) -> StandingView | None:
        """Of the two models of the last vote; else of those most often judged."""
        models: tuple[str, str] | None = None
        known: dict[str, VotedAnswer] = {}
        if last is not None and last.b is not None and last.vote.expected is None:
            models = (last.a.model, last.b.model)
            known = {one.model: voted(one) for one in (last.a, last.b)}
        found = self._services.rating.standing(name, models)
        if found is None:
            return None
        first, second = (
            known.get(model) or self._named(name, model) for model in (found.first, found.second)
        )
        return standing_view(found, first, second)

    def _named(self, name: str, model: str) -> VotedAnswer:
        """What a model of a set is called."""
        answer = self._voting.answer_by(self._services.votes.get(name), model)
        return voted(answer) if answer else VotedAnswer(title=model, palette="base", model=model)

    def _set(self, votes: VoteSet, *, is_counted: bool = False) -> VoteSetView:
        return VoteSetView(
            name=votes.name,
            question=votes.plan.question,
            order=votes.plan.order,
            raters=votes.plan.raters,
            rubric=votes.rubric,
            attributes=votes.attributes,
            sources=votes.sources,
            votes=self._services.votes.count(votes.name),
            waiting=self._voting.waiting(votes) if is_counted else None,
        )


def _rater(typed: str, user: str) -> Rater:
    """An account votes as itself, whatever its browser has kept of a name that was typed there."""
    return named(typed) if user == LOCAL_OWNER else Rater(name=user)


def _refused(refusal: RlftError) -> VoteTaken:
    """What a full disk or a locked database refuse is not lost: it is told as trouble that may pass."""
    if isinstance(refusal, StorageTrouble):
        raise refusal
    return VoteTaken(refused=str(refusal))


def _view(shown: Shown) -> BallotView:
    turns = tuple(ShownTurn(role=str(turn["role"]), text=said(turn)) for turn in shown.messages)
    return BallotView(id=shown.ballot, turns=turns, a=shown.first, b=shown.second)


def _comparison(one: Comparison) -> VotableComparison:
    return VotableComparison(
        id=one.id,
        prompt=one.prompts[0],
        prompts=len(one.prompts),
        models=len(one.panes),
        created_at=one.created_at,
    )


def _run(run: Run) -> VotableRun:
    return VotableRun(
        id=run.id,
        title=titled(run),
        palette=catalogue.palette(run.method, run.stage),
    )


PAGE = Page("Vote", "vote", build, styles=("pages/vote/page.css",))
