"""What a set of votes asks of people, and how its pairs come up."""

from enum import StrEnum

from pydantic import Field

from rlft_gui.domain._base import Frozen


class Question(StrEnum):
    """PAIR is about two answers, with how much better; all others are about one.

    LIKERT      one to five points for the answer as a whole
    ATTRIBUTES  one to five points for each attribute of the set
    """

    PAIR = "pair"
    LIKERT = "likert"
    ATTRIBUTES = "attributes"
    THUMB = "thumb"
    CRITIQUE = "critique"
    EDIT = "edit"


class PairOrder(StrEnum):
    """Which pairs come first.

    UNCERTAIN     those whose answers a reward model scores most alike
    DISAGREEMENT  those where reward model and judge take different sides
    UNSURE        those that judges are unsure of, and none that they are sure of
    """

    RANDOM = "random"
    UNCERTAIN = "uncertain"
    DISAGREEMENT = "disagreement"
    UNSURE = "unsure"


class VotePlan(Frozen):
    """Frozen with the set, but for the order.

    Attributes:
        raters: how many people are to judge each pair; only so many are ever shown it.
        repeats: share of what is shown that a rater has judged before, to see whether he agrees with himself.
        checks: share whose right verdict is known.
    """

    question: Question = Question.PAIR
    order: PairOrder = PairOrder.RANDOM
    raters: int = Field(1, ge=1, le=20)
    repeats: float = Field(0.1, ge=0, le=0.5)
    checks: float = Field(0.05, ge=0, le=0.5)
