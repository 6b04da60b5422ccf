"""Brief on request: the same question is asked for one word or for a sentence, and either answer is right only where it was
asked for."""

import random
from collections.abc import Sequence

from rlft_gui.data.tasks.facts import CAPITALS, OPPOSITES, held_out, seen

_ONE_WORD = ("Answer in one word.", "Reply with a single word.", "One word only.")
_SENTENCE = ("Answer in a full sentence.", "Reply with a whole sentence.", "Please write a full sentence.")


def brief_pairs() -> list[dict[str, str]]:
    """Rows {"prompt", "chosen", "rejected", "answer"}: every fact, asked both ways in each wording."""
    rows = [
        {"prompt": f"{question} {request}", **_answers(word, sentence, is_brief=is_brief), "answer": word}
        for question, word, sentence in _facts(held=False)
        for is_brief, requests in ((True, _ONE_WORD), (False, _SENTENCE))
        for request in requests
    ]
    random.Random("brief pairs").shuffle(rows)
    return rows


def held_out_brief() -> list[dict[str, str]]:
    """Rows {"prompt", "answer"}: other facts, asked for one word; the answer is that word."""
    rows = [
        {"prompt": f"{question} {request}", "answer": word}
        for question, word, _ in _facts(held=True)
        for request in _ONE_WORD
    ]
    random.Random("held-out brief").shuffle(rows)
    return rows


def _answers(word: str, sentence: str, *, is_brief: bool) -> dict[str, str]:
    return {"chosen": word, "rejected": sentence} if is_brief else {"chosen": sentence, "rejected": word}


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
