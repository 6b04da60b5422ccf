"""Scores of terms that load nothing: rules, and on Lantern the gold score. They are those that stages are rewarded by."""

from collections.abc import Callable, Mapping, Sequence

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.reward_terms import Term, parse
from rlft_gui.lantern import gold
from rlft_gui.lantern.recognising import item_of
from rlft_gui.services.scoring.scores import ToScore
from rlft_gui.services.short_work import run_short
from rlft_gui.training.rewards.rules import rule

_COMPARING = ("number", "exact", "json")  #: with the right answer
#: Of all searches together; each of them has its own limit (training/rewards/patterns.py).
_SEARCH_SECONDS, _SEARCH_MEGABYTES = 60.0, 512

Values = Sequence[float | None]


def by_terms(terms: Sequence[str], items: Sequence[ToScore], base: str) -> list[dict[str, float]]:
    """For each answer its score by each term that can give it one.

    Args:
        base: of the models that are looked at: gold is known on Lantern only.

    Raises:
        InvalidInput: there is no such term, or it cannot be used here.
    """
    parsed = {name: parse(name) for name in terms}
    scorers = {name: _scorer(term, base) for name, term in parsed.items() if term.kind != "regex"}
    values: dict[str, Values] = {name: [score(item) for item in items] for name, score in scorers.items()}
    values |= _searched({name: term for name, term in parsed.items() if term.kind == "regex"}, items)
    return [
        {name: value for name in parsed if (value := values[name][at]) is not None}
        for at in range(len(items))
    ]


def unscored(
    terms: Sequence[str], items: Sequence[ToScore], scores: Sequence[Mapping[str, float]]
) -> tuple[str, ...]:
    """Why answers have no score by a term that scores others: a sentence for each such term."""
    told: list[str] = []
    for name in dict.fromkeys(terms):
        count = sum(name not in own for own in scores)
        if not count:
            continue
        compares = parse(name).kind in _COMPARING
        why = "no right answer is known" if compares else "there is no prompt that they answer"
        told.append(f"{count:,} of {len(items):,} answers have no score by {name}: {why}.")
    return tuple(told)


def _searched(terms: dict[str, Term], items: Sequence[ToScore]) -> dict[str, Values]:
    """Patterns are searched in a process of their own: a slow one would hold up everybody who uses the app."""
    if not terms or not items:
        return {name: [] for name in terms}
    request = {
        "patterns": [term.argument for term in terms.values()],
        "texts": [item.text for item in items],
    }
    told = run_short(
        "rlft_gui.training.rewards.searching",
        request,
        seconds=_SEARCH_SECONDS,
        megabytes=_SEARCH_MEGABYTES,
        what="The search for patterns",
    )
    return {name: [float(found) for found in row] for name, row in zip(terms, told["found"], strict=True)}


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
