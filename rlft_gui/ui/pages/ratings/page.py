"""Ratings of a set of votes: which model was better, how sure that is, and whether the raters can be trusted."""

import gradio as gr

from rlft_gui.domain.votes import RaterKind
from rlft_gui.services import Services
from rlft_gui.services.feedback.judging import JudgeAsked, JudgesStanding
from rlft_gui.services.feedback.rating_facts import Counted
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.contract import Nothing, serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.ratings.judges_offered import judges_offered
from rlft_gui.ui.pages.ratings.payloads import (
    JUDGES,
    JUDGING_FORM,
    JUDGING_NOW,
    JUDGING_SHARE,
    JUDGING_START,
    JUDGING_STOP,
    RATINGS,
    JudgesAsked,
    JudgingAsked,
    JudgingForm,
    JudgingTold,
    RatedSet,
    RatingsAsked,
    RatingsShown,
    ShareAsked,
)

PATIENCE = 2  #: minutes for a server that fails: somebody is there, and may have another judge


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part(
        "ratings",
        module="pages/ratings/page.js",
        serves=[
            serve(RATINGS, answers.ratings),
            serve(JUDGES, answers.judges),
            serve(JUDGING_FORM, answers.judging_form),
            serve(JUDGING_START, answers.judging_start),
            serve(JUDGING_STOP, answers.judging_stop),
            serve(JUDGING_NOW, answers.judging_now),
            serve(JUDGING_SHARE, answers.judging_share),
        ],
    )


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._votes = services.votes
        self._rating = services.rating
        self._judging = services.judging_votes
        self._at_work = services.judges_at_work

    def ratings(self, asked: RatingsAsked, _user: str) -> RatingsShown:
        known = self._votes.list()
        sets = tuple(RatedSet(name=one.name, votes=self._votes.count(one.name)) for one in known)
        if not sets and not asked.votes:
            return RatingsShown(sets=(), note="", ratings=None)
        chosen = self._votes.get(asked.votes) if asked.votes else known[0]
        found = self._rating.rate(chosen.name, baseline=asked.baseline or None, raters=_counted(asked.raters))
        return RatingsShown(sets=sets, note=chosen.note, ratings=found, work=self._at_work.of(chosen.name))

    def judges(self, asked: JudgesAsked, _user: str) -> JudgesStanding:
        """Asked for apart, for it reads each vote whole, and only where judges voted."""
        return self._judging.standing(asked.votes)

    def judging_form(self, asked: JudgesAsked, _user: str) -> JudgingForm:
        found = self._judging.judgeable(asked.votes)
        return JudgingForm(judge=judges_offered(self._services, found.base), pairs=found.pairs)

    def judging_start(self, asked: JudgingAsked, user: str) -> JudgingTold:
        judge = JudgeAsked(asked.judge, asked.url.strip(), PATIENCE, most=asked.most)
        return JudgingTold(work=self._at_work.start(asked.votes, judge, user=user))

    def judging_stop(self, asked: JudgesAsked, user: str) -> JudgingTold:
        self._at_work.stop(asked.votes, user=user)
        return self.judging_now(asked, user)

    def judging_now(self, asked: JudgesAsked, _user: str) -> JudgingTold:
        return JudgingTold(work=self._at_work.of(asked.votes))

    def judging_share(self, asked: ShareAsked, user: str) -> Nothing:
        self._judging.share(asked.votes, asked.asked, user=user)
        return Nothing()


def _counted(raters: str) -> Counted | None:
    if not raters:
        return None
    return "all" if raters == "all" else RaterKind(raters)


PAGE = Page("Ratings", "ratings", build, styles=("pages/ratings/page.css",), in_navbar=False)
