"""Answers that cost a few bytes when nothing changed: each carries a version, and the browser says which it has."""

import hashlib

from rlft_gui.domain._base import Frozen


def version_of(state: Frozen) -> str:
    """The same for states that tell the same."""
    return hashlib.sha256(state.model_dump_json().encode()).hexdigest()[:12]
