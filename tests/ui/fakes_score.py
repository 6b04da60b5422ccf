"""Scores without a model: an answer gets one for each ten characters."""

from collections.abc import Callable, Sequence

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.run import Run
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.services.scoring.known import KnownAnswers
from rlft_gui.services.scoring.rules import by_terms
from rlft_gui.services.scoring.scores import AnswerScore, Scores, ToScore
from rlft_gui.services.scoring.service import Asked, Scoring
from tests.ui.fakes import make_run

KNOWN = KnownAnswers(
    by_side={
        "chosen": tuple(at / 10 for at in range(60)),
        "rejected": tuple(at / 10 for at in range(-30, 30)),
    },
    is_held_out=True,
)


class FakeScoring(Scoring):
    """Two reward models: "rm" with one number, "rated" with attributes. An answer "dies" ends the inference process."""

    def __init__(self, *, empty: bool = False) -> None:
        self.asked: list[list[str]] = []
        self.on_their_way: tuple[Run, ...] = ()
        common = {"stage": "reward_model", "method": "rlhf"}
        self._offered = (
            ()
            if empty
            else (make_run("rm", title="Manners", **common), make_run("rated", title="Ratings", **common))
        )

    def choices(self) -> tuple[Run, ...]:
        return self._offered

    def coming(self) -> tuple[Run, ...]:
        return self.on_their_way

    def known_answers(self, run: str, *, user: str) -> KnownAnswers | None:
        return KNOWN if run == "rm" else None

    def score(
        self,
        run: str,
        items: Sequence[Asked],
        *,
        terms: Sequence[str] = (),
        judge: JudgeAsked | None = None,
        on_progress: Callable[[int], None] = lambda done: None,
        user: str,
    ) -> Scores:
        asked = [ToScore(*item) for item in items]
        self.asked.append([item.text for item in asked])
        if any(item.text == "dies" for item in asked):
            raise NotPossibleNow("The inference process ended in the middle of an answer. Ask again.")
        found = by_terms(terms, asked, "lantern")
        if judge is not None:
            judge.check()
            found = [own | {"judge": 0.25} for own in found]
        answers = tuple(self._answer(run, item, own) for item, own in zip(asked, found, strict=True))
        return Scores(run=run, checkpoint=f"{run}@80", answers=answers)

    def _answer(self, run: str, item: ToScore, terms: dict[str, float]) -> AnswerScore:
        if len(item.asked) > 200:
            return AnswerScore(error="The prompt alone has 300 tokens, and this reward model reads 64.")
        reward = len(item.text) / 10
        attributes = {"helpful": reward + 1, "safe": reward - 1} if run == "rated" else {}
        place = KNOWN.place(reward) if run == "rm" else None
        return AnswerScore(
            reward=reward, attributes=attributes, raw={"reward": reward}, place=place, terms=terms
        )
