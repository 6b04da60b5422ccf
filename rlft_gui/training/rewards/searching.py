"""Looks for people's patterns in answers, in a process of its own: while one searches, nothing else of its process goes on.

Runs as a short process (`python -m rlft_gui.training.rewards.searching`, see services.short_work), in whose main thread every
search has its limit.
"""

import re
from typing import Any

from rlft_gui.answering import answer
from rlft_gui.training.rewards.patterns import is_found


def search(request: dict[str, Any]) -> dict[str, Any]:
    """For each pattern, which of the texts have a place that fits."""
    patterns = [re.compile(pattern) for pattern in request["patterns"]]
    return {"found": [[is_found(pattern, text) for text in request["texts"]] for pattern in patterns]}


if __name__ == "__main__":
    answer(search)
