"""The document of one soak: what was promised, what was measured, on which machine."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

import rlft_gui
from tests.soak.figures import Figure
from tests.soak.requirements import NOBODY_IN, NOTHING_LOST, REQUIREMENTS, Requirement

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
PACKAGES = ("torch", "transformers", "trl", "gradio", "uvicorn", "sqlalchemy")

MET, MISSED, UNTRIED = "met", "**missed**", "not tried"


@dataclass(frozen=True)
class Tried:
    """What a soak found: outcomes of tests by their node id without parameters, and figures."""

    outcomes: Mapping[str, str]
    seconds: float
    figures: Sequence[Figure]
    load: float  #: other processes that wanted a core when the soak began

    def of(self, requirement: Requirement) -> list[Figure]:
        return [figure for figure in self.figures if figure.requirement == requirement.name]

    def verdict(self, requirement: Requirement) -> str:
        """Met if every test that shows it was run and passed, and every figure keeps its limit."""
        outcomes = {self.outcomes.get(test, UNTRIED) for test in requirement.tests}
        if "failed" in outcomes or not all(figure.kept for figure in self.of(requirement)):
            return MISSED
        return MET if outcomes == {"passed"} else UNTRIED


def versions() -> str:
    told = [f"rlft_gui {rlft_gui.__version__}", f"Python {platform.python_version()}", f"SQLite {_sqlite()}"]
    return ", ".join([*told, *(f"{name} {_version(name)}" for name in PACKAGES)])


def _sqlite() -> str:
    """The SQLite that the product stores with."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3.sqlite_version
    return str(dbapi2.sqlite_version)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> str:
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{cores()} cores of {platform.machine()}, {memory:.0f} GB of memory, "
        f"{platform.system()} {platform.release()}, {_file_system(Path.cwd())}"
    )


def _file_system(path: Path) -> str:
    """The type of the file system that holds a path, by the longest mount point above it."""
    mounts = [part for part in psutil.disk_partitions(all=True) if path.is_relative_to(part.mountpoint)]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else "an unknown file system"


def document(tried: Tried, now: datetime | None = None) -> str:
    """The whole of docs/reliability.md."""
    parts = [_head(tried, now or datetime.now(UTC)), _overview(tried)]
    for title, requirements in (("Nothing lost", NOTHING_LOST), ("Nobody in", NOBODY_IN)):
        parts += [f"## {title}\n", *(_section(requirement, tried) for requirement in requirements)]
    return "\n".join(parts).rstrip() + "\n"


def _head(tried: Tried, now: datetime) -> str:
    busy = tried.load > cores() / 2
    note = f" The machine was busy with other work (load {tried.load:.1f}), so times are worse than they need be."
    return (
        "# Reliability\n\n"
        "What is promised about losing nothing and letting nobody in, and what was measured. `make soak` tries all of it\n"
        "and writes this page.\n\n"
        f"Measured on {now:%Y-%m-%d} in {tried.seconds / 60:.0f} minutes: {versions()}; {machine()}.{note if busy else ''}\n"
    )


def _overview(tried: Tried) -> str:
    rows = (f"| {one.name} | {one.promise} | {tried.verdict(one)} |" for one in REQUIREMENTS)
    return "\n".join(["| | promise | |", "|---|---|---|", *rows, ""])


def _section(requirement: Requirement, tried: Tried) -> str:
    lines = [f"### {requirement.name}. {requirement.promise}", ""]
    if figures := tried.of(requirement):
        lines += ["| figure | measured | limit | |", "|---|---|---|---|", *map(_row, figures), ""]
    if requirement.peers:
        lines += [f"Peers: {requirement.peers}", ""]
    if requirement.tests:
        lines += [f"{tried.verdict(requirement).strip('*').capitalize()}: {_told(requirement.tests)}.", ""]
    return "\n".join(lines)


def _row(figure: Figure) -> str:
    value = f"{figure.value:.4g} {figure.unit}".rstrip()
    return f"| {figure.what} | {value} | {figure.limit} | {MET if figure.kept else MISSED} |"


def _told(tests: Iterable[str]) -> str:
    return ", ".join(f"`{file}`" for file in dict.fromkeys(test.split("::")[0] for test in tests))


def table(tried: Tried) -> str:
    """What `make soak` prints at the end."""
    width = max(len(figure.what) for figure in tried.figures) if tried.figures else 0
    lines = []
    for requirement in REQUIREMENTS:
        lines.append(
            f"{requirement.name:>4}  {tried.verdict(requirement).strip('*'):<9} {requirement.promise}"
        )
        lines += [
            f"      {'' if figure.kept else 'MISSED '}{figure.what:<{width}}  {figure.value:.4g} {figure.unit} {figure.limit}"
            for figure in tried.of(requirement)
        ]
    return "\n".join(lines)
