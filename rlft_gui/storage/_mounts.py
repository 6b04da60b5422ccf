"""What a folder lies on: a database needs a disk of this machine, or memory."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rlft_gui.domain.errors import InvalidInput

MOUNTS = Path("/proc/self/mountinfo")  #: Linux alone; elsewhere nothing is known and nothing refused

#: Locks and shared memory do not reach other machines there, or are slow to, and SQLite's log needs both
#: (https://sqlite.org/wal.html, "All processes using a database must be on the same host").
_OF_NETWORKS = frozenset(
    [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    ]
)
#: They hold what the system says of itself, and no files of ours.
_OF_THE_SYSTEM = frozenset(
    [
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "devtmpfs",
        "efivarfs",
        "fusectl",
        "hugetlbfs",
        "mqueue",
        "nsfs",
        "proc",
        "pstore",
        "securityfs",
        "sysfs",
        "tracefs",
    ]
)


class Mount(NamedTuple):
    at: str
    kind: str


def refuse_unfit(path: Path) -> None:
    """Raises: InvalidInput, if the folder is or would be on a file system that can keep no database."""
    try:
        mounts = mounts_of(MOUNTS.read_text(errors="surrogateescape").splitlines())
    except OSError:
        return
    refuse_on(path, mounts)


def mounts_of(lines: Iterable[str]) -> tuple[Mount, ...]:
    """From proc_pid_mountinfo(5): the fifth field is where, and the first behind the dash what."""
    found = []
    for line in lines:
        before, dash, after = line.partition(" - ")
        if dash:
            at = before.split()[4].encode("utf-8", "surrogateescape").decode("unicode_escape")
            found.append(Mount(at, after.split()[0]))
    return tuple(found)


def refuse_on(path: Path, mounts: Iterable[Mount]) -> None:
    kind = _kind(path, mounts)
    if kind in _OF_NETWORKS:
        raise InvalidInput(
            f"{path} is on a network file system ({kind}), where the database could be damaged. "
            "Choose a folder on a disk of this machine with --home; copies may lie anywhere."
        )
    if kind in _OF_THE_SYSTEM or _is_devices(path):
        raise InvalidInput(
            f"{path} belongs to the system and keeps no files. Choose another folder with --home."
        )


def _is_devices(path: Path) -> bool:
    """/dev is plain memory in containers; /dev/shm is for everybody's files."""
    return path.parts[:2] == ("/", "dev") and path.parts[:3] != ("/", "dev", "shm")


def _kind(path: Path, mounts: Iterable[Mount]) -> str | None:
    """Of the innermost mount; where several are at one place, the last hides the others."""
    above = [one for one in mounts if path.is_relative_to(one.at)]
    return max(reversed(above), key=lambda one: len(one.at)).kind if above else None
