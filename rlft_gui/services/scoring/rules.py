"""Scores of terms that load nothing: rules, and on Lantern the gold score. They are those that stages are rewarded by."""

from collections.abc import Callable, Sequence

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.reward_terms import Term, parse
from rlft_gui.lantern import gold
from rlft_gui.lantern.recognising import item_of
from rlft_gui.services.scoring.scores import ToScore
from rlft_gui.training.rewards.rules import rule

_COMPARING = ("number", "exact", "json")  #: with the right answer


def by_terms(terms: Sequence[str], items: Sequence[ToScore], base: str) -> list[dict[str, float]]:
    """For each answer its score by each term that can give it one.

    Args:
        base: of the models that are looked at: gold is known on Lantern only.

    Raises:
        InvalidInput: there is no such term, or it cannot be used here.
    """
    found: list[dict[str, float]] = [{} for _ in items]
    for name in terms:
        score = _scorer(parse(name), base)
        for own, item in zip(found, items, strict=True):
            if (value := score(item)) is not None:
                own[name] = value
    return found


def _scorer(term: Term, base: str) -> Callable[[ToScore], float | None]:
    if term.kind == "gold":
        if base != LANTERN:
            raise InvalidInput(
                f'The reward "gold" exists in Lantern\'s world only, and this base is "{base}". Choose a rule.'
            )
        return _gold
    if term.kind in ("reward_model", "judge"):
        raise InvalidInput(
            f'"{term.kind}" is no rule. Name a reward model as the run that scores, and a judge as the judge.'
        )
    scores = rule(term)

    def score(item: ToScore) -> float | None:
        if term.kind in _COMPARING and item.right is None:
            return None
        row = {"prompt": list(item.prompt)} | ({} if item.right is None else {"answer": item.right})
        return scores([row], [item.text])[0]

    return score


def _gold(item: ToScore) -> float | None:
    if not item.prompt:
        return None
    return gold.score(item_of(str(item.prompt[-1]["content"])), item.text)["gold"]
