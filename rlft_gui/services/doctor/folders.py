"""Is the home closed to others, and is there something in it that nothing here made?"""

import re
import stat

from rlft_gui.domain.home import Home
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.storage.look import Look

_NAME = "folders"
_KNOWN = re.compile(
    r"rlft\.(db(-wal|-shm|\.before-\d+)?|lock)|runs|datasets|models|trials|speeds|uploads|staging|inference|warm|"
    r"keeper\.(lock|log)|[a-z-]*token[a-z-]*|audit.*"
)


def check(home: Home, _seen: Look) -> tuple[Finding, ...]:
    mode = home.path.stat().st_mode
    found = []
    if others := stat.S_IMODE(mode) & 0o077:
        told = f"Others can enter {home.path} (mode {stat.S_IMODE(mode):o}). It becomes {stat.S_IMODE(mode) & ~others:o}."
        found.append(Finding(_NAME, "repair", told, lambda: home.path.chmod(stat.S_IMODE(mode) & ~0o077)))
    foreign = sorted(one.name for one in home.path.iterdir() if not _KNOWN.fullmatch(one.name))
    if foreign:
        told = f"{', '.join(foreign[:10])} in {home.path} is not of this version; it is left alone and in no backup."
        found.append(Finding(_NAME, "told", told))
    return tuple(found) or (Finding(_NAME, "good", f"{home.path} is its owner's alone."),)
