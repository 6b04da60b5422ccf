"""Ratings of a set of votes: which model was better, how sure that is, and whether the raters can be trusted."""

import gradio as gr

from rlft_gui.domain.votes import RaterKind
from rlft_gui.services import Services
from rlft_gui.services.feedback.rating_facts import Counted
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.ratings.payloads import RATINGS, RatedSet, RatingsAsked, RatingsShown


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part("ratings", module="pages/ratings/page.js", serves=[serve(RATINGS, answers.ratings)])


class _Answers:
    def __init__(self, services: Services) -> None:
        self._votes = services.votes
        self._rating = services.rating

    def ratings(self, asked: RatingsAsked, _user: str) -> RatingsShown:
        known = self._votes.list()
        sets = tuple(RatedSet(name=one.name, votes=self._votes.count(one.name)) for one in known)
        if not sets and not asked.votes:
            return RatingsShown(sets=(), note="", ratings=None)
        chosen = self._votes.get(asked.votes) if asked.votes else known[0]
        found = self._rating.rate(chosen.name, baseline=asked.baseline or None, raters=_counted(asked.raters))
        return RatingsShown(sets=sets, note=chosen.note, ratings=found)


def _counted(raters: str) -> Counted | None:
    if not raters:
        return None
    return "all" if raters == "all" else RaterKind(raters)


PAGE = Page("Ratings", "ratings", build, styles=("pages/ratings/page.css",), in_navbar=False)
