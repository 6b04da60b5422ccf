"""Figures that tests measure, on their way from the test to the report: JSON lines in a file that a variable names."""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from operator import eq, ge, gt, le, lt
from pathlib import Path

VARIABLE = "RLFT_SOAK_FIGURES"  #: the file's path; without it figures are only printed

_RELATIONS = {"=": eq, "≤": le, "<": lt, "≥": ge, ">": gt}


@dataclass(frozen=True)
class Figure:
    """One number of one test; `limit` is a relation and a number ("≤ 5") in the same unit, or empty if it is only told."""

    requirement: str
    what: str
    value: float
    unit: str
    limit: str

    @property
    def kept(self) -> bool:
        """Whether the value keeps its limit.

        Raises:
            ValueError: the limit is neither empty nor a relation and a number.
        """
        if not self.limit:
            return True
        found = re.match(r"([=≤<≥>]) ?(-?[\d.]+)", self.limit)
        if found is None:
            raise ValueError(f"A limit is a relation and a number, such as “≤ 5”, not “{self.limit}”.")
        return bool(_RELATIONS[found[1]](self.value, float(found[2])))

    def __str__(self) -> str:
        told = f"{self.what}: {self.value:.4g} {self.unit}".rstrip()
        return f"{told} ({self.limit})" if self.limit else told


class Figures:
    """Takes figures from a test and appends each to the file, so that a test that fails later has told them."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def add(self, requirement: str, what: str, value: float, unit: str, limit: str) -> None:
        """Tells one figure; a limit is “≤ 5”, “= 0”, “< 100”, or empty.

        Raises:
            ValueError: the limit cannot be read.
        """
        figure = Figure(requirement, what, float(value), unit, limit)
        print(f"{requirement} {figure}{'' if figure.kept else ' – missed'}")  # noqa: T201
        if self._file:
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(figure), ensure_ascii=False) + "\n")


def from_environment() -> Figures:
    path = os.environ.get(VARIABLE)
    return Figures(Path(path) if path else None)


def read(file: Path) -> list[Figure]:
    """All figures of a file, in the order in which they were told; a figure told again replaces the first."""
    lines: Iterable[str] = file.read_text(encoding="utf-8").splitlines() if file.exists() else ()
    figures = (Figure(**json.loads(line)) for line in lines)
    return list({(figure.requirement, figure.what): figure for figure in figures}.values())
