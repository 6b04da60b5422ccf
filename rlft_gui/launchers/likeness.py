"""What two processes must have in common for one to be forked in the other's stead: program, libraries, environment."""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from sysconfig import get_path

import rlft_gui

#: What a shell sets anew for each program or window, and no library reads as it is imported.
_OF_A_SHELL = frozenset(
    ("_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "TERM", "TERM_SESSION_ID", "WINDOWID")
)


def likeness(environment: Mapping[str, str]) -> str:
    """A hash of this interpreter, of when something was last installed, of the product's files, and of this environment.

    Files count by size and time of change: somebody may be working on them.
    """
    read = {name: value for name, value in environment.items() if name not in _OF_A_SHELL}
    told = (
        sys.executable,
        sys.version,
        sorted(read.items()),
        _installed(),
        _files(Path(rlft_gui.__file__).parent),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _installed() -> list[int]:
    """When the folders of libraries last changed: every installation adds to them or takes away."""
    folders = dict.fromkeys((get_path("purelib"), get_path("platlib")))
    return [Path(folder).stat().st_mtime_ns for folder in folders]


def _files(package: Path) -> list[tuple[str, int, int]]:
    return [
        (str(file), (told := file.stat()).st_size, told.st_mtime_ns) for file in sorted(package.rglob("*.py"))
    ]
