"""Is the database whole, of this version, and used through an SQLite that is safe?"""

from rlft_gui.domain.home import Home
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.storage import SCHEMA
from rlft_gui.storage.look import Look, sqlite_version

_NAME = "database"
_HELP = "Restore a backup (`rlft restore FILE --replace`), or move {file} away: run folders keep every run's results"


def check(home: Home, seen: Look) -> tuple[Finding, ...]:
    if not home.database.exists():
        return (
            Finding(_NAME, "blind", f"{home.database} is not there. Is this the right --home?"),
            _sqlite(),
        )
    return (*_state(home, seen), _sqlite())


def _state(home: Home, seen: Look) -> tuple[Finding, ...]:
    found = []
    if seen.trouble:
        told = f"{home.database} cannot be read: {seen.trouble}. {_help(home)}."
        found.append(Finding(_NAME, "blind", told))
    found += [
        Finding(_NAME, "person", f"{home.database} is damaged: {one}. {_help(home)}.")
        for one in seen.problems
    ]
    if seen.schema is not None and seen.schema > SCHEMA:
        told = f"It was written by a newer version (schema {seen.schema}; this one knows {SCHEMA}). Install that one."
        found.append(Finding(_NAME, "person", told))
    elif seen.schema is not None and seen.schema < SCHEMA:
        told = (
            f"It is of schema {seen.schema} and becomes {SCHEMA} when it is next opened; a copy is kept then."
        )
        found.append(Finding(_NAME, "told", told))
    if not found:
        found.append(
            Finding(_NAME, "good", f"It is whole, of schema {seen.schema}, with {len(seen.runs)} runs.")
        )
    return tuple(found)


def _help(home: Home) -> str:
    copies = sorted(home.path.glob(f"{home.database.name}.before-*"))
    older = f"; {copies[-1].name} is a copy from before the last upgrade" if copies else ""
    return _HELP.format(file=home.database) + older


def _sqlite() -> Finding:
    version, is_safe = sqlite_version()
    if is_safe:
        return Finding(_NAME, "good", f"SQLite {version} is used.")
    told = f"SQLite {version} can, rarely, corrupt a database that several processes write. pip install pysqlite3"
    return Finding(_NAME, "person", f"{told}.")
