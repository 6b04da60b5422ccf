"""What may be wrong with a home, told one by one, and what can be repaired without taking from a person what he made.

It works on homes that do not open, so it uses no service: only a look at the database, at folders and at processes.
"""

from collections.abc import Callable

from rlft_gui.domain.home import Home
from rlft_gui.services.doctor import database, disk, folders, leftovers, orphans, processes, versions
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.storage.look import Look, look

#: Seconds for the database; a check of a GB takes some ten.
DATABASE_SECONDS = 120.0

_CHECKS: tuple[Callable[[Home, Look], tuple[Finding, ...]], ...] = (
    database.check,
    folders.check,
    orphans.check,
    leftovers.check,
    processes.check,
    disk.check,
    versions.check,
)


def examine(home: Home) -> tuple[Finding, ...]:
    """Everything that was found, good and bad. Changes nothing and ends in some minutes, whatever state the home is in."""
    seen = look(home.database, DATABASE_SECONDS) if home.database.exists() else Look()
    found: list[Finding] = []
    for check in _CHECKS:
        try:
            found += check(home, seen)
        except OSError as error:
            name = check.__module__.rpartition(".")[2]
            found.append(Finding(name, "blind", f"This could not be looked at: {error}."))
    return tuple(found)


__all__ = ["Finding", "examine"]
