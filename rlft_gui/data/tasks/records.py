"""Records: a sentence about a person, to be answered with one JSON object that has the keys asked for and nothing else."""

import json
import random
from collections.abc import Callable, Sequence

from rlft_gui.data.tasks.facts import CITIES, NAMES, held_out, seen

KEYS = ("name", "age", "city")
_SENTENCES = (
    "{name} is {age} years old and lives in {city}.",
    "My neighbour {name}, who is {age}, was born in {city}.",
    "{name} from {city} turned {age} last week.",
    "In {city} we met {name}, who is {age} years old.",
    "At the age of {age}, {name} moved to {city}.",
    "{name} works in {city} and is {age} years old.",
    "The winner was {name} from {city}, aged {age}.",
    "{name} ({age}) runs a small shop in {city}.",
)


def records(n: int = 320, seed: int = 0) -> list[dict[str, str]]:
    """Rows {"prompt", "completion", "answer"}; completion and answer are the same JSON."""
    return _rows(random.Random(f"records {seed}"), n, seen)


def held_out_records(n: int = 64, seed: int = 0) -> list[dict[str, str]]:
    """The same about other people, cities and sentences."""
    return _rows(random.Random(f"held-out records {seed}"), n, held_out)


def _rows(rng: random.Random, n: int, part: Callable[[Sequence[str]], Sequence[str]]) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    while len(found) < n:
        record: dict[str, str | int] = {
            "name": rng.choice(part(NAMES)),
            "age": rng.randint(18, 90),
            "city": rng.choice(part(CITIES)),
        }
        # Two or three keys in any order, so that what is asked has to be read.
        keys = rng.sample(KEYS, rng.choice((2, 3)))
        prompt = f"{rng.choice(part(_SENTENCES)).format(**record)} Reply with JSON that has the keys {_listed(keys)}, and nothing else."
        answer = json.dumps({key: record[key] for key in keys})
        found[prompt] = {"prompt": prompt, "completion": answer, "answer": answer}
    return list(found.values())


def _listed(keys: Sequence[str]) -> str:
    *others, last = (f'"{key}"' for key in keys)
    return f"{', '.join(others)} and {last}"
