"""Lantern's second domain: add up two cards under a rule that is stated in the prompt.

The familiar rule (J, Q and K are 10) is common in pre-training; every other rule is drawn at random; the
unfamiliar rule (11, 12, 13) never occurs in any training text. The exercise follows GeneralPoints of
"SFT Memorizes, RL Generalizes" (Chu et al. 2025), shrunk to two cards and a sum.
"""

import random
import re
from dataclasses import dataclass
from itertools import product

FACES = "JQK"
Card = str | int


@dataclass(frozen=True)
class Rule:
    """What the face cards count."""

    jack: int
    queen: int
    king: int

    def value(self, card: Card) -> int:
        if isinstance(card, int):
            return card
        return {"J": self.jack, "Q": self.queen, "K": self.king}[card]


FAMILIAR = Rule(10, 10, 10)
UNFAMILIAR = Rule(11, 12, 13)
Hand = tuple[Card, Card]


def _hands_with_a_face() -> tuple[Hand, ...]:
    cards: tuple[Card, ...] = (*range(2, 10), *FACES)
    return tuple(hand for hand in product(cards, cards) if any(isinstance(card, str) for card in hand))


def _is_held(hand: Hand) -> bool:
    # The rank does not depend on the order of the two cards, so a held hand is held both ways round.
    names = sorted(str(card) for card in hand)
    return sum("".join(names).encode()) % 3 == 0


#: Hands that, under the familiar rule, only the suite shows. With other rules they occur in training.
HANDS_HELD: tuple[Hand, ...] = tuple(hand for hand in _hands_with_a_face() if _is_held(hand))
HANDS_TRAIN: tuple[Hand, ...] = tuple(hand for hand in _hands_with_a_face() if not _is_held(hand))


def card_question(rule: Rule, hand: Hand) -> str:
    stated = f"J = {rule.jack}, Q = {rule.queen}, K = {rule.king}"
    return f"Rule: {stated}. Hand: {hand[0]} {hand[1]}. Total?"


def random_rule(rng: random.Random) -> Rule:
    """Any rule with values 2 to 13 but the familiar and the unfamiliar one."""
    while True:
        rule = Rule(rng.randint(2, 13), rng.randint(2, 13), rng.randint(2, 13))
        if rule not in (FAMILIAR, UNFAMILIAR):
            return rule


def random_hand(rule: Rule, rng: random.Random) -> Hand:
    """A hand with at least one face card that training may show under this rule; now and then plain numbers."""
    if rng.random() < 0.1:
        return (rng.randint(2, 9), rng.randint(2, 9))
    return rng.choice(HANDS_TRAIN if rule == FAMILIAR else HANDS_TRAIN + HANDS_HELD)


def long_answer(rule: Rule, hand: Hand) -> str:
    """The right answer with its steps."""
    return _steps(hand, [rule.value(card) for card in hand], sum(rule.value(card) for card in hand))


def short_answer(rule: Rule, hand: Hand) -> str:
    """The right answer without its steps."""
    return f"The total is {sum(rule.value(card) for card in hand)}."


def _steps(hand: Hand, values: list[int], total: int) -> str:
    read = " ".join(f"{card} is {value}." for card, value in zip(hand, values, strict=True))
    return f"{read} {values[0]} + {values[1]} = {total}. Total {total}."


def careless_answer(rule: Rule, hand: Hand, rng: random.Random) -> str:
    """An answer as pre-training has it: 10 % ignore the rule, 10 % misread a card, 28 % slip when adding."""
    values = [rule.value(card) for card in hand]
    luck = rng.random()
    if luck < 0.10:
        values = [FAMILIAR.value(card) for card in hand]
    elif luck < 0.20:
        values[rng.randrange(2)] = rng.randint(2, 13)
    total = sum(values)
    if rng.random() < 0.28:
        total += rng.choice((-2, -1, 1, 2))
    return _steps(hand, values, total) if rng.random() < 0.85 else f"The total is {total}."


def stated_total(answer: str) -> int | None:
    """The last total that an answer states, or None."""
    found = re.findall(r"[Tt]otal (?:is )?(\d+)", answer)
    return int(found[-1]) if found else None


def is_right(rule: Rule, hand: Hand, answer: str) -> bool:
    return stated_total(answer) == sum(rule.value(card) for card in hand)
