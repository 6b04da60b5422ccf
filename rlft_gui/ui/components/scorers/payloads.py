"""What a page is told of scorers, and what it says of one."""

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.ui.contract import Nothing, ServerFunction

MOST_AT_ONCE = (
    64  #: answers in one question of a browser that holds them, so that scores come while others are read
)


class ScoringModel(Frozen):
    """A reward model that can be chosen; `title` names its stage too, `step` is of its last complete checkpoint."""

    id: str
    title: str
    palette: str
    base: str
    step: int
    knows_gold: bool


class ComingModel(Frozen):
    """A reward model that trains, or waits for its turn, and has no checkpoint yet."""

    id: str
    title: str
    is_training: bool


class ScoreChoices(Frozen):
    """Reward models, newest first, and those to come; `reward_is` says what their numbers mean; the rubrics that a judge may
    go by.
    """

    models: tuple[ScoringModel, ...]
    coming: tuple[ComingModel, ...]
    rubrics: tuple[str, ...]
    reward_is: str
    most_at_once: int = MOST_AT_ONCE


class JudgeWanted(Frozen):
    """A judge as stages name one, the shipped rubric that it goes by, and the address of an endpoint's server."""

    judge: str = Field(max_length=500)
    rubric: str = Field(max_length=100, pattern=r"^[^\n]*$")
    url: str = Field("", max_length=500)


SCORE_CHOICES = ServerFunction("score_choices", Nothing, ScoreChoices)
