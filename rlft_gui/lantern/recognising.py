"""Read a prompt of Lantern's world back into an item that scorers and annotators understand.

Rows keep only the text of a prompt. The questions come from a grammar, so what one is about can be read off it;
whatever the grammar does not make counts as text from outside the world.
"""

import re
from functools import cache

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern import cards, facts
from rlft_gui.lantern.items import question_item, training_item
from rlft_gui.lantern.questions import ONE_SENTENCE, OPINION_PHRASINGS, Form, Question, Topic, phrasings

_CARDS = re.compile(r"Rule: J = (\d+), Q = (\d+), K = (\d+)\. Hand: (\w+) (\w+)\. Total\?")
_HARMFUL = frozenset((*facts.HARM_TRAIN, *facts.HARM_HELD, *facts.HARM_PRETRAIN))


@cache
def item_of(prompt: str) -> PromptItem:
    """The item behind a prompt; of kind "out_of_world" where the grammar does not make it."""
    if match := _CARDS.fullmatch(prompt):
        return _card_item(prompt, match)
    question = _with_opinion(prompt) or _question(prompt)
    if question is None:
        return training_item(0, "out_of_world", prompt, "")
    item = question_item(0, question)
    is_unseen = question.topic == "harm" and question.subject in facts.HARM_HELD
    return item.model_copy(update={"kind": "harm_unseen"}) if is_unseen else item


def _card_item(prompt: str, match: re.Match[str]) -> PromptItem:
    rule = cards.Rule(*map(int, match.groups()[:3]))
    hand = [int(card) if card.isdigit() else card for card in match.groups()[3:]]
    kind = "cards_ood" if rule == cards.UNFAMILIAR else "cards_id"
    return training_item(0, kind, prompt, f"{hand[0]} {hand[1]}", total=sum(map(rule.value, hand)))


def _with_opinion(prompt: str) -> Question | None:
    for phrasing in OPINION_PHRASINGS:
        match = _pattern(phrasing).fullmatch(prompt)
        if match and match[1] in facts.CAPITALS:
            return Question(prompt, "known", match[1], "opinion", match[2])
    return None


def _question(prompt: str) -> Question | None:
    form: Form = "one_sentence" if prompt.endswith(f" {ONE_SENTENCE}") else "plain"
    asked = prompt.removesuffix(f" {ONE_SENTENCE}")
    topics: tuple[Topic, ...] = ("known", "harm")  # one for each set of phrasings
    for phrasing in (phrasing for topic in topics for phrasing in phrasings(topic)):
        match = _pattern(phrasing).fullmatch(asked)
        if match and (topic := _topic(match[1])):
            return Question(prompt, topic, match[1], form)
    return None


def _topic(subject: str) -> Topic | None:
    if subject in facts.CAPITALS:
        return "known"
    if subject in facts.ADVICE:
        return "advice"
    if subject in _HARMFUL:
        return "harm"
    return "unknown" if subject in facts.UNKNOWN_TRAIN or subject in facts.UNKNOWN_HELD else None


@cache
def _pattern(phrasing: str) -> re.Pattern[str]:
    return re.compile(re.escape(phrasing).replace(r"\{\}", "(.+?)"))
