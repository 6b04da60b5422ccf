"""What fine-tuning on Lantern learns from: prompts, demonstrations, and people's judgements. All of them without torch.

Only names, requests, phrasings and hands that training may see are drawn here; the suite has the others.
"""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern import cards
from rlft_gui.lantern.annotators import Annotator
from rlft_gui.lantern.answers import Manner, draw_draft
from rlft_gui.lantern.free_text import UNKNOWN_REPLIES, random_prompt
from rlft_gui.lantern.items import question_item, training_item
from rlft_gui.lantern.pairs import Pair, Source, pairs
from rlft_gui.lantern.questions import training_question

#: Where the two answers of a preference come from, and in what share. Answers of the warmed-up model alone never
#: show that refusing a safe prompt is bad, so a reward model trained on them makes evasive models.
SOURCE_SHARES: dict[Source, float] = {"sft": 0.5, "base": 0.3, "contrast": 0.2}

#: How the people answer who write demonstrations: well, but not perfectly.
_DEMONSTRATOR = Manner(
    right=0.92,
    false_abstention=0.03,
    agrees_with_wrong_opinion=0.1,
    admits_not_knowing=0.6,
    refuses_harm=0.8,
    refuses_safe=0.03,
    obeys_one_sentence=0.9,
    tones=(0.6, 0.37, 0.03),
    fillers=(0.62, 0.28, 0.1),
)
_CARD_SHARE, _FREE_TEXT_SHARE = 0.08, 0.05


def demonstrations(n: int = 640, seed: int = 0) -> list[dict[str, str]]:
    """Rows {"prompt", "completion"}: one exchange each, written by a careful but imperfect person."""
    rng = random.Random(f"demonstrations {seed}")
    return [{"prompt": item.prompt, "completion": answer} for item, answer in _exchanges(n, rng)]


def rl_prompts(n: int, seed: int = 0) -> tuple[PromptItem, ...]:
    """Prompts to sample answers for while training, of the same mix as the demonstrations."""
    rng = random.Random(f"rl prompts {seed}")
    return tuple(item for item, _ in _exchanges(n, rng))


def prompts(n: int = 1200, seed: int = 0) -> list[dict[str, str]]:
    """Rows {"prompt"} of `rl_prompts`."""
    return [{"prompt": item.prompt} for item in rl_prompts(n, seed)]


def questions(n: int = 1200, seed: int = 0) -> list[dict[str, str]]:
    """Rows {"prompt"}: questions and requests only, which Lantern can criticise and judge answers to.

    It never learned to criticise card sums or to make sense of free text; its revisions of those answer something else.
    """
    rng = random.Random(f"questions {seed}")
    return [{"prompt": training_question(rng, fine_tuning=True).text} for _ in range(n)]


def card_prompts() -> list[dict[str, str]]:
    """Rows {"prompt", "answer"}: every hand that training may show under the familiar rule, and its total.

    Other rules are left out, so that what is learnt here can be tested on them.
    """
    hands: list[cards.Hand] = [*cards.HANDS_TRAIN, *product(range(2, 10), range(2, 10))]
    return [
        {
            "prompt": cards.card_question(cards.FAMILIAR, hand),
            "answer": str(sum(map(cards.FAMILIAR.value, hand))),
        }
        for hand in hands
    ]


def thumbs(n: int = 1200, seed: int = 0, annotator: Annotator | None = None) -> list[dict[str, Any]]:
    """Rows {"prompt", "completion", "label"}: single answers from the mixed pool, approved of or not."""
    rng = random.Random(f"thumbs {seed}")
    annotator = annotator or Annotator()
    return [
        {"prompt": item.prompt, "completion": answer, "label": annotator.approves(item, answer, rng)}
        for item, answer in _answers(n, rng)
    ]


def ratings(n: int = 1200, seed: int = 0, annotator: Annotator | None = None) -> list[dict[str, Any]]:
    """Rows {"prompt", "completion", "scores"}: single answers from the mixed pool, rated by attribute, 1 to 5."""
    rng = random.Random(f"ratings {seed}")
    annotator = annotator or Annotator()
    return [
        {"prompt": item.prompt, "completion": answer, "scores": annotator.rates(item, answer, rng)}
        for item, answer in _answers(n, rng)
    ]


def preferences(n: int = 1200, seed: int = 0, annotator: Annotator | None = None) -> list[dict[str, str]]:
    """Rows {"prompt", "chosen", "rejected", "source"} from the mixed pool, labelled by a simulated annotator.

    The sampled answers lie in the pool that was made together with the base model.

    Raises:
        InvalidInput: the pool does not hold that many different pairs.
    """
    rng = random.Random(f"preferences {seed}")
    annotator = annotator or Annotator()
    rows = []
    for source, (item, first, second) in mixed_pairs(n, rng):
        chosen, rejected = _labelled(annotator, item, first, second, rng)
        rows.append({"prompt": item.prompt, "chosen": chosen, "rejected": rejected, "source": source})
    rng.shuffle(rows)
    return rows


def mixed_pairs(n: int, rng: random.Random) -> Iterator[tuple[Source, Pair]]:
    """Pairs that nobody has judged, from the mixed pool, with the kind of pair that each is.

    Raises:
        InvalidInput: the pool does not hold that many different pairs.
    """
    for source, count in _quotas(n).items():
        candidates = pairs(source, rng)
        if count > len(candidates):
            most = int(min(len(pairs(s, rng)) / share for s, share in SOURCE_SHARES.items()))
            raise InvalidInput(
                f"Lantern's pool cannot give {n} preferences: it has pairs for {most}. Ask for at most that many."
            )
        for pair in rng.sample(candidates, count):
            yield source, pair


def _answers(n: int, rng: random.Random) -> list[tuple[PromptItem, str]]:
    """Different answers, of the same mix as those of the preferences."""
    found = {
        (item.prompt, answer): (item, answer)
        for _, (item, *both) in mixed_pairs(n, rng)
        for answer in (rng.choice(both),)
    }
    answers = list(found.values())
    rng.shuffle(answers)
    return answers


def _labelled(
    annotator: Annotator, item: PromptItem, first: str, second: str, rng: random.Random
) -> tuple[str, str]:
    if rng.random() < 0.5:
        first, second = second, first
    return (first, second) if annotator.prefers_first(item, first, second, rng) else (second, first)


def _quotas(n: int) -> dict[Source, int]:
    base, contrast = round(n * SOURCE_SHARES["base"]), round(n * SOURCE_SHARES["contrast"])
    return {"sft": n - base - contrast, "base": base, "contrast": contrast}


def _exchanges(n: int, rng: random.Random) -> Iterator[tuple[PromptItem, str]]:
    for index in range(n):
        luck = rng.random()
        if luck < _CARD_SHARE:
            yield _card_exchange(index, rng)
        elif luck < _CARD_SHARE + _FREE_TEXT_SHARE:
            yield training_item(index, "out_of_world", random_prompt(rng), ""), rng.choice(UNKNOWN_REPLIES)
        else:
            question = training_question(rng, fine_tuning=True)
            yield question_item(index, question), draw_draft(question, _DEMONSTRATOR, rng).text


def _card_exchange(index: int, rng: random.Random) -> tuple[PromptItem, str]:
    rule = cards.random_rule(rng)
    hand = cards.random_hand(rule, rng)
    total = sum(rule.value(card) for card in hand)
    subject, prompt = f"{hand[0]} {hand[1]}", cards.card_question(rule, hand)
    return training_item(index, "cards_id", prompt, subject, total=total), cards.long_answer(rule, hand)
