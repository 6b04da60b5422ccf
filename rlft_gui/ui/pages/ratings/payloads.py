"""What the page of ratings asks and is told."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.services.feedback.judges_at_work import JudgeAtWork
from rlft_gui.services.feedback.judging import Asked, JudgesStanding
from rlft_gui.services.feedback.rating_facts import Ratings
from rlft_gui.ui.components.controls.payloads import JudgeField
from rlft_gui.ui.contract import Nothing, ServerFunction


class RatingsAsked(Frozen):
    """`votes`: a set; "" is the newest. `baseline` and `raters`: "" leaves them to the app."""

    votes: str = Field("", max_length=200)
    baseline: str = Field("", max_length=500)
    raters: Literal["", "person", "judge", "simulated", "all"] = ""


class JudgesAsked(Frozen):
    votes: str = Field(max_length=200)


class JudgingTold(Frozen):
    """`work` is None where no judge was asked for since the app began."""

    work: JudgeAtWork | None


class JudgingForm(Frozen):
    """Who can be asked, and about how many pairs."""

    judge: JudgeField
    pairs: int


class JudgingAsked(Frozen):
    """`judge` as stages name one; `url` is the address of an endpoint's server; `most`: how many pairs at most, None for
    all."""

    votes: str = Field(max_length=200)
    judge: str = Field(max_length=500)
    url: str = Field("", max_length=500)
    most: int | None = Field(None, ge=1)


class ShareAsked(Frozen):
    """Which pairs of a set people are to be asked about."""

    votes: str = Field(max_length=200)
    asked: Asked


class RatedSet(Frozen):
    name: str
    votes: int


class RatingsShown(Frozen):
    """`sets`: all there are, newest first. `ratings` is None where there is none. `work`: the judge that votes in the set."""

    sets: tuple[RatedSet, ...]
    note: str
    ratings: Ratings | None
    work: JudgeAtWork | None = None


RATINGS = ServerFunction("ratings", RatingsAsked, RatingsShown)
JUDGES = ServerFunction("judges", JudgesAsked, JudgesStanding)
JUDGING_FORM = ServerFunction("judging_form", JudgesAsked, JudgingForm)
JUDGING_START = ServerFunction("judging_start", JudgingAsked, JudgingTold)
JUDGING_STOP = ServerFunction("judging_stop", JudgesAsked, JudgingTold)
JUDGING_NOW = ServerFunction("judging_now", JudgesAsked, JudgingTold)
JUDGING_SHARE = ServerFunction("judging_share", ShareAsked, Nothing)
