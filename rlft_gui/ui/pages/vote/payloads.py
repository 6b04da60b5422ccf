"""What the page of votes asks and is told.

What is told of a ballot before it is judged (`BallotView`) has words and nothing else: no model, run, score or side.
"""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.vote_plan import PairOrder, Question
from rlft_gui.domain.votes import Choice
from rlft_gui.ui.contract import ServerFunction


class VoteSetView(Frozen):
    """A set of votes. `waiting` is how much of it nobody has judged or has before him; None where nobody counted."""

    name: str
    question: Question
    order: PairOrder
    raters: int
    rubric: str
    attributes: tuple[str, ...]
    sources: tuple[str, ...]
    votes: int
    waiting: int | None = None


class VotableComparison(Frozen):
    id: str
    prompt: str
    prompts: int
    models: int
    created_at: float


class VotableRun(Frozen):
    """A run that answered held-out prompts."""

    id: str
    title: str
    palette: str


class VoteChoices(Frozen):
    """Each newest first."""

    sets: tuple[VoteSetView, ...]
    comparisons: tuple[VotableComparison, ...]
    runs: tuple[VotableRun, ...]


class VoteChoicesAsked(Frozen):
    """`comparison` and the set `votes`: ones that must be among them, however old they are."""

    comparison: str = ""
    votes: str = ""


class VoteSetAsked(Frozen):
    """A new set."""

    name: str
    question: Question = Question.PAIR
    order: PairOrder = PairOrder.RANDOM
    raters: int = Field(1, ge=1, le=20)
    rubric: str = ""
    attributes: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(max_length=20)


class VoteSetMade(Frozen):
    name: str


class RaterAsked(Frozen):
    """A set, and the name that a person typed."""

    votes: str
    rater: str


class BallotsAsked(Frozen):
    """`n`: how many there should be in all, those that the rater has and did not judge among them."""

    votes: str
    rater: str
    n: int = Field(1, ge=1, le=20)


class ShownTurn(Frozen):
    role: str
    text: str


class BallotView(Frozen):
    """Answer `a` stands left, or alone."""

    id: str
    turns: tuple[ShownTurn, ...]
    a: str
    b: str | None


class BallotViews(Frozen):
    ballots: tuple[BallotView, ...]


class VoteCast(Frozen):
    """What was said of a ballot; `choice` names the side on screen.

    Attributes:
        seconds: for how long it was looked at, as the browser measured; None where it did not.
        edited: of a pair: the better answer as it should have been.
    """

    ballot: str
    rater: str
    choice: Choice | None = None
    strength: int | None = Field(None, ge=1, le=3)
    scores: dict[str, float] = Field(default_factory=dict)
    is_good: bool | None = None
    text: str = ""
    edited: str = ""
    seconds: float | None = Field(None, ge=0)


class BallotSkipped(Frozen):
    ballot: str
    rater: str


class VotedAnswer(Frozen):
    """Who wrote an answer."""

    title: str
    palette: str
    model: str


class ScoreBeside(Frozen):
    """A score of both answers; `agrees` is None where the vote or the score sees no difference."""

    name: str
    chosen: float
    other: float
    agrees: bool | None


class LastVote(Frozen):
    """A vote that was cast, with names.

    Attributes:
        outcome: of a pair "better", "tie" or "both_bad"; else what was asked.
        chosen, other: the better answer and the other one; of a tie, as they lie in the pool.
        check: of a pair that checks its rater, whether it was right.
        repeat: of one that repeats, whether it said the same.
    """

    outcome: Literal["better", "tie", "both_bad", "rating", "thumb", "critique", "edit"]
    chosen: VotedAnswer
    other: VotedAnswer | None
    strength: int | None
    points: dict[str, float]
    is_good: bool | None
    scores: tuple[ScoreBeside, ...]
    check: bool | None
    repeat: bool | None
    is_too_fast: bool
    seconds: float | None


class StandingView(Frozen):
    """How two models stand in the set: `first` wins `share` of `n` votes, and has at least half."""

    first: VotedAnswer
    second: VotedAnswer
    share: float
    low: float
    high: float
    n: int
    needed: int | None


class RaterProgress(Frozen):
    """See `services.feedback.voting.Progress`."""

    judged: int
    left: int
    checks: int
    checks_right: int
    repeats: int
    repeats_same: int
    note: str


class VoteState(Frozen):
    """Where a rater stands in a set.

    Attributes:
        rater: who he is, as his votes there spell him.
        longest: characters that a text may have.
        account: which of its votes count, in a sentence.
    """

    votes: VoteSetView
    rater: str
    longest: int
    progress: RaterProgress
    last: LastVote | None
    standing: StandingView | None
    account: str


class VoteTaken(Frozen):
    """`refused`: why a vote does not count and never will, as a sentence. Any other trouble may pass: it is told as a
    problem, and the browser keeps the vote and sends it again.
    """

    state: VoteState | None = None
    refused: str = ""


class VoteUndone(Frozen):
    """`ballot`: the question that was asked, once more; None where there was nothing to take back."""

    ballot: BallotView | None
    state: VoteState


VOTE_CHOICES = ServerFunction("vote_choices", VoteChoicesAsked, VoteChoices)
VOTE_MAKE = ServerFunction("vote_make", VoteSetAsked, VoteSetMade)
VOTE_STATE = ServerFunction("vote_state", RaterAsked, VoteState)
VOTE_NEXT = ServerFunction("vote_next", BallotsAsked, BallotViews)
VOTE_CAST = ServerFunction("vote_cast", VoteCast, VoteTaken)
VOTE_SKIP = ServerFunction("vote_skip", BallotSkipped, VoteTaken)
VOTE_UNDO = ServerFunction("vote_undo", RaterAsked, VoteUndone)
