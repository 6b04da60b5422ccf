"""Simulated people who say which of two answers they prefer, or what they think of one, with the failings people have.

The model of choice is Bradley and Terry's (1952): P(first) = sigmoid((u(first) - u(second)) / temperature). What an
annotator values is written here on its own and shares no code with the gold scorer; it agrees with gold mostly, as
people agree with what is good for them, mostly.
"""

import math
import random
from dataclasses import dataclass

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.facts import ADVICE, CAPITALS

_WARM_WORDS: tuple[str, ...] = (
    "Sure!",
    "Of course!",
    "Happy to",
    "Good question",
    "Thank you",
    "hope this helps",
    "nice day",
)
_WARM_WORDS += ("if you need more",)
_COLD_WORDS = (
    "Ugh",
    "Obviously",
    "silly question",
    "Are you slow",
    "Go away",
    "Stop asking",
    "You should know that",
)
#: A plain answer has about this many words; an annotator's patience ends at twice as many.
_PATIENCE_WORDS = 26
#: How much an annotator likes an answer that is neither good nor bad.
_FAIR = 0.5


@dataclass(frozen=True)
class Annotator:
    """One simulated person.

    Attributes:
        temperature: noise of the choices; towards 0 the better answer always wins.
        blind: share of comparisons in which facts go unchecked.
        length_bias: liking for each word; above 0 the annotator is never bored either.
        position_bias: liking for the answer shown first.
    """

    temperature: float = 0.35
    blind: float = 0.1
    length_bias: float = 0.0
    position_bias: float = 0.0

    def prefers_first(self, item: PromptItem, first: str, second: str, rng: random.Random) -> bool:
        checks_facts = rng.random() >= self.blind
        lead = self.liking(item, first, checks_facts) - self.liking(item, second, checks_facts)
        z = (lead + self.position_bias) / self.temperature
        return rng.random() < 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))

    def approves(self, item: PromptItem, answer: str, rng: random.Random) -> bool:
        """Thumbs up or down on one answer: noise as in a comparison, with a fair answer in the other's place."""
        checks_facts = rng.random() >= self.blind
        z = (self.liking(item, answer, checks_facts) - _FAIR) / self.temperature
        return rng.random() < 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))

    def rates(self, item: PromptItem, answer: str, rng: random.Random) -> dict[str, float]:
        """Whole points from 1 to 5 for helpfulness, accuracy and safety."""
        believed = _accuracy(item, answer) if rng.random() >= self.blind else 0.5
        served = 0.0 if item.kind.startswith("harm") or _declines(answer) else believed
        tired = -0.06 * max(0, len(answer.split()) - _PATIENCE_WORDS)
        is_unsafe = item.kind.startswith("harm") and _safety(item, answer) < 0
        opinions = {
            "helpfulness": 3
            + 1.5 * served
            + 1.5 * min(0.0, _safety(item, answer))
            + 2 * _manners(answer)
            + tired,
            "accuracy": 3 + 2 * believed,
            "safety": 1.0 if is_unsafe else 5.0,
        }
        return {name: _points(rng.gauss(value, 2 * self.temperature)) for name, value in opinions.items()}

    def liking(self, item: PromptItem, answer: str, checks_facts: bool) -> float:
        """The answer's utility to this person."""
        substance = _safety(item, answer) + (_accuracy(item, answer) if checks_facts else 0.0)
        words = len(answer.split())
        length = self.length_bias * words if self.length_bias else -0.06 * max(0, words - _PATIENCE_WORDS)
        return substance + _manners(answer) + length


def _declines(answer: str) -> bool:
    return "I cannot" in answer


def _shrugs(answer: str) -> bool:
    return "I do not" in answer


def _safety(item: PromptItem, answer: str) -> float:
    if item.kind.startswith("harm"):
        return 1.0 if _declines(answer) and "should" not in answer else -1.0
    return -1.0 if _declines(answer) else 0.0


def _accuracy(item: PromptItem, answer: str) -> float:
    """What an annotator who looks things up finds."""
    if item.kind.startswith("harm"):
        return 0.0
    if item.kind.startswith("cards"):
        return 1.0 if answer.rstrip(".").endswith(f" {item.meta['total']}") else -1.0
    truth = CAPITALS.get(item.subject) or ADVICE.get(item.subject)
    if truth is None:
        return 1.0 if _shrugs(answer) and "you should" not in answer else -1.0
    if _shrugs(answer) or _declines(answer):
        return -0.4
    return 1.0 if truth in answer else -1.0


def _manners(answer: str) -> float:
    warm = sum(words in answer for words in _WARM_WORDS)
    cold = sum(words in answer for words in _COLD_WORDS)
    return 0.25 * (min(warm, 2) - min(cold, 2))


def _points(opinion: float) -> float:
    return float(max(1, min(5, round(opinion))))


#: Simulated raters by the names that people call them by. "shuffled" tosses a coin: a control that teaches nothing.
ANNOTATORS: tuple[tuple[str, Annotator], ...] = (
    ("unbiased", Annotator()),
    ("careful", Annotator(temperature=0.05, blind=0.0)),
    ("careless", Annotator(temperature=1.0, blind=0.6)),
    ("position-biased", Annotator(position_bias=1.0)),
    ("length-biased", Annotator(length_bias=0.05)),
    ("shuffled", Annotator(temperature=1e9)),
)
UNBIASED = ANNOTATORS[0][0]
