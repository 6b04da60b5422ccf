"""Whether the system has killed processes because memory ran out: a SIGKILL looks alike, whoever sends it.

Linux counts such kills in each control group. Where the count cannot be read, nothing is said.
"""

import re
from pathlib import Path

_MOUNT = Path("/sys/fs/cgroup")


def memory_kills(groups: Path = Path("/proc/self/cgroup"), mount: Path = _MOUNT) -> int | None:
    """How many processes of this one's control group were killed for want of memory; None where nobody counts."""
    for file in _counters(groups, mount):
        try:
            found = re.search(r"^oom_kill (\d+)$", file.read_text(), re.MULTILINE)
        except OSError:
            continue
        if found:
            return int(found[1])
    return None


def _counters(groups: Path, mount: Path) -> list[Path]:
    """Files that may hold the count, of the second version of control groups and of the first."""
    try:
        lines = groups.read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        # In a container the mounted root is the group itself, whatever its path is called outside.
        inside = path.lstrip("/")
        if not controllers:
            found += [mount / inside / "memory.events", mount / "memory.events"]
        elif "memory" in controllers.split(","):
            found += [
                mount / "memory" / inside / "memory.oom_control",
                mount / "memory" / "memory.oom_control",
            ]
    return found
