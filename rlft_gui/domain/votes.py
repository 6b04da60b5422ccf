"""What people and judges say about answers: events that are only ever added, and the answers they are about.

An answer is known by what it says, so that it outlives the comparison, run or file that it came from.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.turns import Message
from rlft_gui.domain.vote_plan import VotePlan

Side = Literal["a", "b"]

#: Characters of what models and raters are called by files and servers, such as the whole path of a checkpoint.
LONGEST_NAME = 300
#: The fastest anybody reads, about twenty tokens.
CHARACTERS_READ_A_SECOND = 80


class VoteKind(StrEnum):
    """What is asked of a rater.

    PAIR        which of two answers is better
    RATING      points for one answer, by attribute or as a whole
    THUMB       whether one answer is good
    CRITIQUE    what is wrong with one answer, in words
    EDIT        one answer as it should have been
    """

    PAIR = "pair"
    RATING = "rating"
    THUMB = "thumb"
    CRITIQUE = "critique"
    EDIT = "edit"


class Choice(StrEnum):
    """A verdict on a pair. BOTH_BAD counts as a tie between the two, and against both."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class RaterKind(StrEnum):
    PERSON = "person"
    JUDGE = "judge"
    SIMULATED = "simulated"


class Rater(Frozen):
    """Who judges. Names of people are typed by themselves."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    kind: RaterKind = RaterKind.PERSON


class JudgedPrompt(Frozen):
    """What was asked. `item_id` and `kind` are those of the suite's prompt behind it; empty where there is none."""

    messages: tuple[Message, ...]
    item_id: str = ""
    kind: str = ""

    @property
    def id(self) -> str:
        return _hashed(self.messages)


class Answer(Frozen):
    """An answer that can be judged.

    Attributes:
        prompt_id: `JudgedPrompt.id`.
        model: who wrote it: "base", "RUN@step", or the name that a file or an endpoint gave.
        title: what that model is called on screens.
        run_id: the run that it is of; None for bases, endpoints and files.
        facts: what is known of how it was drawn: "sampling", "template", "tokens", "finish", "comparison".
    """

    prompt_id: str
    model: str
    text: str
    title: str = ""
    run_id: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        return _hashed([self.prompt_id, self.model, self.text])


class Verdict(Frozen):
    """What a rater says, by the kind of the vote; the other fields stay unset.

    Attributes:
        choice: PAIR. With `strength` 1 (slightly), 2 or 3 (much better), and `share`.
        share: PAIR: how much of the verdict goes to A, 0 to 1; where it is left out, the choice says it.
        orders: PAIR, of judges: by criterion ("overall" where there is one), the share of A when A was shown first and
            when B was. `share` is the mean of all of them.
        scores: RATING: points by attribute; "overall" where there is only one. `scale` is the most there are.
        is_good: THUMB.
        text: CRITIQUE: the words; EDIT: the whole answer as it should be; else a remark.
    """

    choice: Choice | None = None
    strength: int | None = Field(None, ge=1, le=3)
    share: float | None = Field(None, ge=0, le=1)
    orders: dict[str, tuple[float, float]] = Field(default_factory=dict)
    scores: dict[str, float] = Field(default_factory=dict)
    scale: int | None = Field(None, ge=2, le=100)
    is_good: bool | None = None
    text: str = ""

    @property
    def won_by_a(self) -> float:
        """The share of a verdict on a pair that goes to A."""
        if self.share is not None:
            return self.share
        return {Choice.A: 1.0, Choice.B: 0.0}.get(self.choice or Choice.TIE, 0.5)

    def passes(self, expected: Choice) -> bool:
        """Whether it is right of a check. Who reads may well find both bad."""
        return self.choice in (expected, Choice.BOTH_BAD)


class Vote(Frozen):
    """One event. `number` counts events of the home; 0 until it is stored.

    Attributes:
        votes: the name of the set that it is in.
        a, b: ids of answers; b only where two are judged.
        left: which of them was shown first, so that liking for a place can be told apart.
        seconds: from when it was shown until it was judged; None where nobody knows.
        ballot: what showed it; empty for verdicts from files.
        repeat_of: number of the vote that this one repeats, to see whether a rater agrees with himself.
        expected: the right choice of a pair that checks the rater.
    """

    votes: str
    rater: Rater
    kind: VoteKind
    prompt_id: str
    a: str
    b: str | None = None
    left: Side = "a"
    verdict: Verdict
    rubric: str = ""
    seconds: float | None = None
    ballot: str = ""
    repeat_of: int | None = None
    expected: Choice | None = None
    created_at: float = 0.0
    number: int = 0


class VoteSet(Frozen):
    """Votes that are looked at together.

    Attributes:
        name: unique in a home.
        rubric: what raters were asked to look at, in words; frozen with the set.
        attributes: what points are given for.
        sources: where its answers are from: "comparison:ID", "run:RUN", "file:SHA256".
        note: what a person should know of it, e.g. how a file was read.
        plan: what is asked, of how many, in which order.
    """

    name: str = Field(min_length=1, max_length=80)
    rubric: str = ""
    attributes: tuple[str, ...] = ("helpful", "accurate", "safe", "tone", "concise")
    sources: tuple[str, ...] = ()
    note: str = ""
    plan: VotePlan = Field(default_factory=VotePlan)
    owner: str = "local"
    created_at: float = 0.0


class Ballot(Frozen):
    """One question put to one rater: which answers, and which of them stands left. It keeps the pair from other raters.

    Attributes:
        offered_at, expires_at: seconds since 1970; what is not judged by then may be shown to somebody else.
        skipped_at: when its rater passed it over; such a pair is not shown to him again.
        is_judged: whether a vote names it, taken back or not.
    """

    id: str
    votes: str
    rater: Rater
    kind: VoteKind
    prompt_id: str
    a: str
    b: str | None = None
    left: Side = "a"
    repeat_of: int | None = None
    expected: Choice | None = None
    offered_at: float
    expires_at: float
    skipped_at: float | None = None
    is_judged: bool = False


class PairVerdict(NamedTuple):
    """A vote on a pair as ratings count it, without texts; `a` and `b` are models, and there may be tens of thousands.

    Attributes:
        won: the share that goes to model `a`.
        length_a, length_b: characters of the answers.
        answer_a, answer_b: their ids, by which verdicts on one pair are found again.
        asked: the same number for votes of sets that ask in the same words; 0 where nobody says.
    """

    number: int
    prompt_id: str
    kind: str
    rater: str
    rater_kind: RaterKind
    a: str
    b: str
    won: float
    left: Side
    length_a: int
    length_b: int
    seconds: float | None = None
    answer_a: str = ""
    answer_b: str = ""
    asked: int = 0


class AnswerVerdict(NamedTuple):
    """A vote on one answer as ratings count it: a thumb or points.

    Attributes:
        scores: points by attribute; "good", 0 or 1, of a thumb.
        scale: the most points there are.
        asked: as of `PairVerdict`.
    """

    number: int
    prompt_id: str
    kind: str
    rater: str
    rater_kind: RaterKind
    model: str
    answer: str
    length: int
    is_thumb: bool
    scores: dict[str, float]
    scale: float
    asked: int = 0


class Control(NamedTuple):
    """A vote that tells of its rater: a repeat of an earlier one, or a pair whose right choice is known.

    Attributes:
        won: the share that goes to the first answer; `before` what went to the same answer the first time; None of a check.
        is_right: of a check, whether it was chosen; None of a repeat.
    """

    rater: str
    rater_kind: RaterKind
    won: float
    before: float | None
    is_right: bool | None


#: How many votes there are by kind, kind of rater, whether they repeat another, and whether they check their rater.
Tally = Mapping[tuple[VoteKind, RaterKind, bool, bool], int]


def prompt_of(text: str) -> JudgedPrompt:
    """A prompt of one user's turn."""
    return JudgedPrompt(messages=({"role": "user", "content": text},))


def reading_seconds(*answers: Answer) -> float:
    """The least that answers take to be read: who judges faster has not read them."""
    return sum(len(answer.text) for answer in answers) / CHARACTERS_READ_A_SECOND


def _hashed(parts: Sequence[Any]) -> str:
    written = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:20]
