"""Brief on request: the same question is asked for one word or for a sentence, and either answer is right only where it was
asked for."""

import random
from collections.abc import Sequence

from rlft_gui.data.tasks.facts import CAPITALS, OPPOSITES, held_out, seen

_ONE_WORD = ("Answer in one word.", "Reply with a single word.", "One word only.")
_SENTENCE = ("Answer in a full sentence.", "Reply with a whole sentence.", "Please write a full sentence.")


def brief_pairs() -> list[dict[str, str]]:
    """Rows {"prompt", "chosen", "rejected", "answer"}: every fact, asked both ways in each wording; the answer is what is
    chosen."""
    return _pairs((True, False), held=False)


def held_out_brief() -> list[dict[str, str]]:
    """The same of other facts, asked for one word."""
    return _pairs((True,), held=True)


def _pairs(ways: Sequence[bool], *, held: bool) -> list[dict[str, str]]:
    """
    Args:
        ways: whether one word is asked for, or a sentence.
    """
    rows = [
        {"prompt": f"{question} {request}", **_answers(word, sentence, is_brief=is_brief)}
        for question, word, sentence in _facts(held=held)
        for is_brief in ways
        for request in (_ONE_WORD if is_brief else _SENTENCE)
    ]
    random.Random("brief pairs").shuffle(rows)
    return rows


def _answers(word: str, sentence: str, *, is_brief: bool) -> dict[str, str]:
    chosen, rejected = (word, sentence) if is_brief else (sentence, word)
    return {"chosen": chosen, "rejected": rejected, "answer": chosen}


def _facts(*, held: bool) -> Sequence[tuple[str, str, str]]:
    """(question, the answer in one word, and in a sentence)"""
    part = held_out if held else seen
    capitals = [
        (f"What is the capital of {country}?", city, f"The capital of {country} is {city}.")
        for country, city in part(tuple(CAPITALS.items()))
    ]
    opposites = [
        (f'What is the opposite of "{word}"?', other.capitalize(), f'The opposite of "{word}" is "{other}".')
        for word, other in part(tuple(OPPOSITES.items()))
    ]
    return [*capitals, *opposites]
