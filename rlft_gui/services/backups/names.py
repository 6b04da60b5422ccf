"""Which files of a home are in a backup: those below three folders, and the database. What is not named here is not read
from a home and not written into one: locks, sockets, tokens, logs of services, drafts, whatever else lies there."""

import re

from rlft_gui.services.backups.manifest import DATABASE, MANIFEST

FOLDERS = ("datasets", "models", "runs")
LONGEST = 400
MOST_PARTS = 12
#: No separator, no control sign, no leading dot: neither `..` nor a draft nor a hidden file.
_PART = re.compile(r"[A-Za-z0-9_@=+,()\[\]~ -][A-Za-z0-9._@=+,()\[\]~ -]{0,200}")
#: Only of a process that lives: worker.lock, session.json; and what was not finished.
_PASSING = re.compile(r".*(\.lock|\.draft|\.sock|\.tmp)|session\.json")


def is_member(name: str) -> bool:
    """Whether a path below a home may stand in a backup."""
    if name in (DATABASE, MANIFEST):
        return True
    parts = name.split("/")
    return (
        len(name) <= LONGEST
        and 2 <= len(parts) <= MOST_PARTS
        and parts[0] in FOLDERS
        and all(_PART.fullmatch(part) for part in parts)
        and not _PASSING.fullmatch(parts[-1])
    )
