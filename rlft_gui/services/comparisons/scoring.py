"""Answers of a comparison scored when a person asks for it: by a reward model, by rules, by a judge.

A score is kept under a name that begins with its kind (domain/reward_terms.py), so that none is taken for another, whatever
titles people give: a rule is called as it is written, a reward model "reward_model:RUN", a judge "judge:JUDGE by RUBRIC".
Lantern's criteria, which answers to its suite get by themselves, are called like no kind but "gold", which is the same score.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Place
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.domain.turns import Message
from rlft_gui.lantern.recognising import item_of
from rlft_gui.services.comparisons.asking import conversation
from rlft_gui.services.comparisons.naming import is_joined
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.services.scoring.rules import by_terms
from rlft_gui.services.scoring.scores import ToScore

_MODEL = "reward_model:"
#: Kinds of what lies between 0 and 1; the others have a sign.
_SHARES = ("judge", "number", "exact", "json", "regex", "length", "format", "random")


class Reward(Protocol):
    """What one answer gets; None where it could not be scored."""

    @property
    def reward(self) -> float | None: ...


class Rewards(Protocol):
    """In the order in which the answers were given."""

    @property
    def answers(self) -> Sequence[Reward]: ...


class Scorer(Protocol):
    """The service that scores text."""

    def choices(self) -> tuple[Run, ...]:
        """Reward models that can score, newest first."""
        ...

    def score(self, run: str, items: Sequence[tuple[Sequence[Message], str]], *, user: str) -> Rewards:
        """What the reward model of a run gives these answers, each behind the turns before it."""
        ...

    def judged(
        self, judge: JudgeAsked, items: Sequence[tuple[Sequence[Message], str]], *, base: str, user: str
    ) -> Sequence[float]:
        """A judge's score of each, from 0 to 1; `base` is what "base" means."""
        ...


def model_score(run_id: str) -> str:
    """Under which name the scores of a reward model stand; titles change and may be alike, ids never."""
    return f"{_MODEL}{run_id}"


def run_scoring(name: str) -> str | None:
    """The run of the reward model whose scores these are; None of other scores."""
    return name.removeprefix(_MODEL) if name.startswith(_MODEL) else None


def judge_score(judge: JudgeAsked) -> str:
    """Under which name a judge's scores stand: of a server with its address, without what may be a secret there."""
    address = re.match(r"(https?://)(?:[^/?#]*@)?([^?#]*)", judge.url)
    is_endpoint = judge.judge.startswith("endpoint:")
    at = f"@{address[1]}{address[2].rstrip('/')}" if is_endpoint and address else ""
    return f"judge:{judge.judge}{at} by {judge.rubric}"


def is_share(name: str) -> bool:
    """Whether this score lies between 0 and 1, so that a sign says nothing."""
    return name.partition(":")[0] in _SHARES


def by_model(comparison: Comparison, run: Run, scorer: Scorer, user: str) -> dict[Place, dict[str, float]]:
    """What the reward model gives every answer that is complete.

    Raises: as the scorer, and NotPossibleNow: no answer is complete.
    """
    done = _complete(comparison)
    found = scorer.score(run.id, [(conversation(comparison, one), one.text) for one in done], user=user)
    return {
        one.place: {model_score(run.id): given.reward}
        for one, given in zip(done, found.answers, strict=True)
        if given.reward is not None
    }


def by_rules(comparison: Comparison, terms: Sequence[str]) -> dict[Place, dict[str, float]]:
    """What rules, and gold on Lantern, give every answer that is complete.

    Raises:
        InvalidInput: there is no such term, or it can score none of these answers.
        NotPossibleNow: no answer is complete.
    """
    done = _complete(comparison)
    found = by_terms(terms, [_item(comparison, one) for one in done], comparison.base)
    for term in terms:
        if not any(term in own for own in found):
            raise InvalidInput(
                f'"{term}" compares with a right answer, and none is known for these prompts. Choose another rule.'
            )
    return {one.place: own for one, own in zip(done, found, strict=True)}


def by_judge(
    comparison: Comparison, judge: JudgeAsked, scorer: Scorer, user: str
) -> dict[Place, dict[str, float]]:
    """What a judge gives every answer that is complete and that it has not judged yet: a judge is slow, and may cost money.

    Raises: as the scorer, and InvalidInput: it needs the base, which could be several models here.
    """
    kind, rubric = judge.check()
    if is_joined(comparison.base) and (kind.kind == "base" or not rubric.rate):
        raise InvalidInput(
            f"The base could be several models here: {comparison.base}. Name the model that judges, and a rubric with a "
            'template "rate".'
        )
    name = judge_score(judge)
    open_ones = [one for one in _complete(comparison) if name not in one.scores]
    items = [(conversation(comparison, one), one.text) for one in open_ones]
    verdicts = scorer.judged(judge, items, base=comparison.base, user=user) if items else ()
    return {one.place: {name: value} for one, value in zip(open_ones, verdicts, strict=True)}


def _complete(comparison: Comparison) -> list[Generation]:
    done = [one for one in comparison.generations if one.status is GenerationStatus.DONE and one.text]
    if not done:
        raise NotPossibleNow(
            "No answer of this comparison is complete, so there is nothing to score. Ask again."
        )
    return done


def _item(comparison: Comparison, one: Generation) -> ToScore:
    """With the right answer to a question about cards, which Lantern's world knows."""
    total = (
        item_of(comparison.prompts[one.prompt_index]).meta.get("total")
        if comparison.base == LANTERN
        else None
    )
    return ToScore(conversation(comparison, one), one.text, None if total is None else str(total))
