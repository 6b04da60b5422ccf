"""What an attempt found out and later attempts must keep to: facts of the run's plans."""

import json
from pathlib import Path


def decided(events: Path) -> dict[str, str | int | float]:
    """All facts that a run's attempts have planned with so far, the newest of each name; empty for a new run."""
    found: dict[str, str | int | float] = {}
    try:
        with events.open("rb") as lines:
            for line in lines:
                # Looked for as text: to parse every line of a long run would take seconds.
                if b'"kind":"plan"' in line:
                    found |= json.loads(line)["facts"]
    except FileNotFoundError:
        return {}
    return found
