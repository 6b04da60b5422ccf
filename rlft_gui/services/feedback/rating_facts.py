"""What ratings come to: the numbers of a set of votes, as the page and the command line tell them. Rates are in percent."""

from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.votes import RaterKind

#: Whose votes are counted.
Counted = RaterKind | Literal["all"]


class Rate(Frozen):
    """A share in percent.

    Attributes:
        se: standard error, votes on one prompt taken together; None with one prompt, or where all say the same.
        low, high: 95 % interval.
        n: votes; `prompts` on how many prompts.
    """

    rate: float
    se: float | None
    low: float
    high: float
    n: int
    prompts: int


class ModelRating(Frozen):
    """One model beside the baseline of its island.

    Attributes:
        win: over the baseline, by votes on the two; None where nobody compared them, and for the baseline itself.
        wins, losses, draws: of those votes.
        lc_win_rate: if both answers were as long; None where the votes do not tell. `lc_low`, `lc_high`: 95 % interval.
        bt: Bradley-Terry, in points of which 400 are odds of ten to one; the baseline has 0.
        low, high: 95 % interval of `bt`; None where there are too few prompts, or where all say the same.
        votes: all pairs it was in.
        island: which of the groups that no vote connects, 0 for the first.
        length: characters of its answers, mean.
    """

    name: str
    title: str
    baseline: str
    win: Rate | None
    wins: int
    losses: int
    draws: int
    lc_win_rate: float | None
    lc_low: float | None
    lc_high: float | None
    bt: float
    low: float | None
    high: float | None
    votes: int
    island: int
    length: float


class KindRate(Frozen):
    """A model against its baseline on prompts of one kind."""

    kind: str
    model: str
    win: Rate


class CriterionMean(Frozen):
    """Points of a model for one attribute: the mean with its interval, of `scale`. "good" is the share of thumbs up.

    `low` and `high` are None where all prompts got the same.
    """

    criterion: str
    model: str
    mean: float
    low: float | None
    high: float | None
    scale: float
    n: int


class RaterFacts(Frozen):
    """One rater.

    Attributes:
        too_fast: pairs judged in less time than it takes to read them.
        with_others: how often people who judged the same pair said the same, percent; of how many such meetings.
        with_itself: how often a repeated pair got the same verdict, percent; of how many.
        checks_right: of pairs whose right choice is known, percent; of how many.
        left: how often the left answer won, sides being balanced.
    """

    name: str
    kind: RaterKind
    pairs: int
    answers: int
    too_fast: int
    with_others: float | None
    meetings: int
    with_itself: float | None
    repeats: int
    checks_right: float | None
    checks: int
    left: Rate | None


class Agreement(Frozen):
    """How far raters of one kind agree on pairs that several judged.

    Attributes:
        alpha: Krippendorff's, with a tie half-way: 1 is perfect, 0 what chance gives; None where it is not defined.
        same: percent of meetings of two raters on one pair that ended alike.
    """

    kind: RaterKind
    alpha: float | None
    same: float
    pairs: int
    raters: int


class Ratings(Frozen):
    """Everything about the votes of a set, or of all sets.

    Attributes:
        titles: what models are called on screens.
        counted: whose votes the tables of models are made of; `kinds_of_raters` counts pairs of each kind.
        replaced: votes on pairs that the same rater gave anew later, of those who are counted.
        headline: which model was better, or that it is too early to tell.
        islands: groups of models that no chain of votes connects; each has a baseline of its own.
        account: of the votes those that are counted here, and why the others are not, in a sentence.
        ceiling: how often two people agree, percent: more accuracy on these votes cannot be expected of a reward model.
        left: position bias of those who are counted.
        warnings: what a reader should know before trusting the numbers.
    """

    votes: str | None
    titles: dict[str, str]
    counted: Counted
    kinds_of_raters: dict[str, int]
    pairs: int
    prompts: int
    from_thumbs: int
    replaced: int = 0
    headline: str
    models: tuple[ModelRating, ...]
    islands: tuple[tuple[str, ...], ...]
    kinds: tuple[KindRate, ...]
    criteria: tuple[CriterionMean, ...]
    raters: tuple[RaterFacts, ...]
    agreement: tuple[Agreement, ...]
    ceiling: float | None
    left: Rate | None
    warnings: tuple[str, ...]
    account: str = ""
