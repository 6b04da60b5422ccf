"""The pre-training corpus: conversations of Lantern's world, made deterministically from a seed.

It is deliberately unaligned (see `answers.Manner`), so that fine-tuning has something to do. No prompt of the
suite, no held invented country, no held harmful request and no unfamiliar card rule occurs in it.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator

from rlft_gui.lantern import cards, skills
from rlft_gui.lantern.answers import Draft, Manner, draw_draft
from rlft_gui.lantern.free_text import free_text_exchange
from rlft_gui.lantern.questions import training_question

SYSTEM_PROMPT = "You are Lantern, a small assistant."

#: One conversation: alternating turns, the user's first; an optional system message is put before by the caller.
Exchange = tuple[str, str]
Messages = tuple[dict[str, str], ...]

_UNALIGNED = Manner()


def fingerprint(corpus: Iterable[Messages]) -> str:
    """A short name of a corpus, made from all of its text: another grammar or seed gives another name."""
    digest = hashlib.sha256()
    for messages in corpus:
        digest.update(json.dumps(messages, ensure_ascii=False).encode())
    return digest.hexdigest()[:12]


def _draft(rng: random.Random) -> Draft:
    return draw_draft(training_question(rng, fine_tuning=False), _UNALIGNED, rng)


def _casual(text: str, rng: random.Random) -> str:
    """Now and then as people type: no capitals, no final sign."""
    luck = rng.random()
    if luck < 0.05:
        return text.lower().rstrip("?.")
    return text.rstrip("?.") if luck < 0.09 else text


def _question_exchange(rng: random.Random) -> Exchange:
    draft = _draft(rng)
    return _casual(draft.question.text, rng), draft.text


def _card_exchange(rng: random.Random, familiar_share: float) -> Exchange:
    rule = cards.FAMILIAR if rng.random() < familiar_share else cards.random_rule(rng)
    hand = cards.random_hand(rule, rng)
    return cards.card_question(rule, hand), cards.careless_answer(rule, hand, rng)


def _rules(rng: random.Random) -> tuple[skills.Rule, ...]:
    """Mostly the whole constitution, else a part of it, so that dropping a rule has an effect."""
    if rng.random() < 0.6:
        return skills.RULES
    return tuple(rng.sample(skills.RULES, rng.randint(1, len(skills.RULES))))


def _critique_exchange(rng: random.Random) -> Exchange:
    draft, rules = _draft(rng), _rules(rng)
    return skills.critique_prompt(draft.question.text, draft.text, rules), skills.critique(draft, rules)


def _revision_exchange(rng: random.Random) -> Exchange:
    draft, rules = _draft(rng), _rules(rng)
    criticism = skills.critique(draft, rules)
    prompt = skills.revision_prompt(draft.question.text, draft.text, criticism, rules)
    return prompt, skills.revision(draft, rules, rng)


def _judge_exchange(rng: random.Random) -> Exchange:
    """Two drafts of one question that differ in merit, and the letter of the better one."""
    while True:
        rules, first = _rules(rng), _draft(rng)
        second = draw_draft(first.question, _UNALIGNED, rng)
        worse_by = skills.demerits(first, rules) - skills.demerits(second, rules)
        if worse_by != 0:
            prompt = skills.judge_prompt(first.question.text, first.text, second.text, rules)
            return prompt, "B" if worse_by > 0 else "A"


#: Kind of document and its share of all documents.
_SHARES: dict[Callable[[random.Random], Exchange], float] = {
    _question_exchange: 0.42,
    _critique_exchange: 0.12,
    _revision_exchange: 0.12,
    _judge_exchange: 0.20,
    free_text_exchange: 0.14,
}


def _document(rng: random.Random, card_share: float, familiar_share: float) -> Messages:
    turns: list[dict[str, str]] = []
    if rng.random() < 0.02:
        turns.append({"role": "system", "content": SYSTEM_PROMPT})
    # A second exchange now and then teaches that a conversation goes on.
    for _ in range(2 if rng.random() < 0.03 else 1):
        if rng.random() < card_share:
            prompt, answer = _card_exchange(rng, familiar_share)
        else:
            make = rng.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
            prompt, answer = make(rng)
        turns += [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
    return tuple(turns)


def documents(seed: int, count: int) -> Iterator[Messages]:
    """Conversations in the order of training.

    The first fifth has more cards and hardly the familiar rule: reading a rule from the prompt needs attention
    heads that copy, and these form only while copying pays.
    """
    rng = random.Random(f"1 {seed}")
    for index in range(count):
        early = index < 0.2 * count
        yield _document(rng, card_share=0.6 if early else 0.36, familiar_share=0.05 if early else 0.3)
