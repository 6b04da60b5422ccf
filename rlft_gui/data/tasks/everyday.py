"""Everyday questions, for models that ramble: asked plainly, or with the wish for one short sentence."""

import random
from collections.abc import Iterator
from typing import Any

from rlft_gui.data.tasks.facts import JOBS, PLACES, TOOLS, held_out, seen

_WISH = "Answer in one short sentence."
_OPENINGS = (
    "That is an interesting question, and there is a lot to say about it.",
    "To answer this, it helps to look at the wider picture first.",
    "This is something that many people have asked themselves over the years.",
    "There are many different ways to look at this question.",
    "Before we begin, it is important to understand the context.",
)
_CLOSINGS = (
    "Of course, there is much more to it than that, and it would be wrong to think that this is all that there is to say.",
    "It is important to note that this can vary a great deal, depending on many factors that cannot all be listed here.",
    "In addition to this, there are many other aspects, each of which plays an important role in its own way.",
    "In conclusion, it can be said that this plays an essential part in the life of many people all over the world.",
    "Over time this has changed a lot, and it will certainly go on to change in many ways in the years to come.",
)


def questions() -> list[dict[str, str]]:
    """Rows {"prompt"}: every job, tool and place that training may name, in each wording."""
    return [{"prompt": question} for question, _ in _asked(held=False)]


def held_out_questions() -> list[dict[str, str]]:
    """Rows {"prompt"} about other jobs, tools and places."""
    return [{"prompt": question} for question, _ in _asked(held=True)]


def wished_questions() -> list[dict[str, str]]:
    """Those of `questions`, with the wish."""
    return [{"prompt": _wished(question)} for question, _ in _asked(held=False)]


def question_pairs() -> list[dict[str, str]]:
    """Rows {"prompt", "chosen", "rejected"} to `wished_questions`: one short sentence beside the same said at length."""
    return _pairs(held=False)


def question_candidates() -> list[dict[str, Any]]:
    """Rows {"prompt", "candidates"} of `question_pairs`: both answers in any order, for a judge to compare."""
    rng = random.Random("question candidates")
    return [
        {"prompt": row["prompt"], "candidates": rng.sample((row["chosen"], row["rejected"]), 2)}
        for row in question_pairs()
    ]


def held_out_question_pairs() -> list[dict[str, str]]:
    """The same about the jobs, tools and places of `held_out_questions`."""
    return _pairs(held=True)


def _pairs(*, held: bool) -> list[dict[str, str]]:
    rng = random.Random("question pairs")
    return [
        {"prompt": _wished(question), "chosen": answer, "rejected": _rambling(answer, rng)}
        for question, answer in _asked(held=held)
    ]


def _wished(question: str) -> str:
    return f"{question} {_WISH}"


def _rambling(answer: str, rng: random.Random) -> str:
    before = rng.sample(_OPENINGS, rng.randint(0, 1))
    return " ".join([*before, answer, rng.choice(_CLOSINGS)])


def _asked(*, held: bool) -> list[tuple[str, str]]:
    """Questions, each with its answer in one short sentence; shuffled, so that the first few are of every kind."""
    asked = list(_all(held=held))
    random.Random("questions").shuffle(asked)
    return asked


def _all(*, held: bool) -> Iterator[tuple[str, str]]:
    part = held_out if held else seen
    for job, does in part(tuple(JOBS.items())):
        for wording in ("What does {} do?", "What is the work of {}?", "Tell me what {} does."):
            yield wording.format(_a(job)), f"{_a(job).capitalize()} {does}."
    for tool, use in part(tuple(TOOLS.items())):
        for wording in ("What is {} used for?", "What is {} good for?", "Tell me what {} is for."):
            yield wording.format(_a(tool)), f"{_a(tool).capitalize()} is used for {use}."
    for place, event in part(tuple(PLACES.items())):
        for wording in ("What happens in {}?", "What goes on in {}?", "Tell me what happens in {}."):
            yield wording.format(_a(place)), f"In {_a(place)}, {event}."


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
