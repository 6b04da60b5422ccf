"""A row as the checks look at it, and the findings that they gather."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain.dataset import Finding, FoundRow
from rlft_gui.domain.turns import said

_SHOWN = 5  #: rows of a finding that are named


@dataclass(frozen=True)
class Looked:
    """One kept row, by its number in the file."""

    number: int
    row: dict[str, Any]

    @cached_property
    def prompt(self) -> str:
        """What is asked: all turns, or a document."""
        if "text" in self.row:
            return str(self.row["text"])
        return "\n".join(said(turn) for turn in self.row["prompt"])

    @cached_property
    def question(self) -> str:
        """The last turn of the prompt."""
        return "" if "text" in self.row else said(self.row["prompt"][-1])

    @cached_property
    def answers(self) -> dict[str, str]:
        """The text of each answer by its column."""
        return {
            name: said(self.row[name][-1])
            for name in ("completion", "chosen", "rejected")
            if name in self.row
        }

    @property
    def imitated(self) -> str:
        """The answer that is made likelier, "" where none is."""
        if self.row.get("label") is False:
            return ""
        return self.answers.get("completion") or self.answers.get("chosen") or ""

    @property
    def turns(self) -> int:
        return 1 if "text" in self.row else len(self.row["prompt"]) + bool(self.answers)


@dataclass
class Gathered:
    """Rows that have one thing in common."""

    what: str
    fix: str
    rows: int = 0
    shown: list[FoundRow] = field(default_factory=list)

    def add(self, looked: Looked, text: str) -> None:
        self.rows += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(FoundRow(row=looked.number, text=shortened(text, 120)))

    def findings(self) -> Sequence[Finding]:
        """One, or none where no row has it."""
        return (
            [Finding(what=self.what, rows=self.rows, fix=self.fix, shown=tuple(self.shown))]
            if self.rows
            else []
        )
