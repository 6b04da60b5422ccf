"""What the page of ratings asks and is told."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.services.feedback.rating_facts import Ratings
from rlft_gui.ui.contract import ServerFunction


class RatingsAsked(Frozen):
    """`votes`: a set; "" is the newest. `baseline` and `raters`: "" leaves them to the app."""

    votes: str = Field("", max_length=200)
    baseline: str = Field("", max_length=500)
    raters: Literal["", "person", "judge", "simulated", "all"] = ""


class RatedSet(Frozen):
    name: str
    votes: int


class RatingsShown(Frozen):
    """`sets`: all there are, newest first. `ratings` is None where there is none."""

    sets: tuple[RatedSet, ...]
    note: str
    ratings: Ratings | None


RATINGS = ServerFunction("ratings", RatingsAsked, RatingsShown)
