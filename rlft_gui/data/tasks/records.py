"""Records: a sentence about a person, to be answered with one JSON object that has the keys asked for and nothing else."""

import json
import random
from collections.abc import Callable, Sequence

from rlft_gui.data.tasks.facts import CITIES, NAMES, held_out, seen

KEYS = ("name", "age", "city")
AGES = range(18, 91)
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


def record_pairs(seed: int = 0) -> list[dict[str, str]]:
    """Rows {"prompt", "chosen", "rejected", "answer"} of `records`: the JSON, and what small models make of it."""
    rng = random.Random(f"record pairs {seed}")
    return [
        {
            "prompt": row["prompt"],
            "chosen": row["answer"],
            "rejected": rng.choice(_FAULTS)(json.loads(row["answer"]), rng),
            "answer": row["answer"],
        }
        for row in records(seed=seed)
    ]


def _fenced(record: dict[str, str | int], _: random.Random) -> str:
    return f"```json\n{json.dumps(record, indent=2)}\n```"


def _introduced(record: dict[str, str | int], _: random.Random) -> str:
    return f"Here is the JSON:\n\n{json.dumps(record)}"


def _commented(record: dict[str, str | int], _: random.Random) -> str:
    return f"{json.dumps(record)}\n\nThis JSON has the keys that you asked for."


def _mistaken(record: dict[str, str | int], rng: random.Random) -> str:
    """With one value of somebody else."""
    key = rng.choice(list(record))
    return json.dumps({**record, key: rng.choice([one for one in _VALUES[key] if one != record[key]])})


_VALUES: dict[str, Sequence[str | int]] = {"name": seen(NAMES), "city": seen(CITIES), "age": AGES}
_FAULTS = (_fenced, _introduced, _commented, _mistaken)


def _rows(rng: random.Random, n: int, part: Callable[[Sequence[str]], Sequence[str]]) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    while len(found) < n:
        record: dict[str, str | int] = {
            "name": rng.choice(part(NAMES)),
            "age": rng.choice(AGES),
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
