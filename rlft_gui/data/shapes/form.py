"""One shape of rows: the columns that rows of it have, and how such a row becomes messages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rlft_gui.data.shapes.answering import CHANGES
from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.data.shapes.messages import begins_with_answer, has_reasoning, users_follow_each_other
from rlft_gui.data.shapes.telling import check_columns, is_empty
from rlft_gui.data.shapes.tools import with_tools
from rlft_gui.domain.dataset import DataType

Row = dict[str, Any]

JOINED = "turns of the user that follow each other are joined"
CUT_BEFORE = "turns of the assistant before the first question are cut"
THOUGHT = "reasoning that stands apart is written before the answer, as <think>…</think>"
_CHANGES_OF_TURNS = (
    (JOINED, users_follow_each_other),
    (CUT_BEFORE, begins_with_answer),
    (THOUGHT, has_reasoning),
)


@dataclass(frozen=True)
class Format:
    """One shape of rows."""

    name: str
    columns: tuple[str, ...]  #: those that every row must have
    type: DataType
    normalised: Callable[[Row], Row]  #: raises RowFault
    also_read: tuple[str, ...] = ()  #: further columns that are read where they are there
    not_beside: tuple[str, ...] = ()  #: columns with which rows have another shape
    only_if: Callable[[Row], bool] = lambda row: True  #: of a row with these columns

    def fits(self, row: Row) -> bool:
        has_all = all(name in row for name in self.columns)
        return has_all and not any(name in row for name in self.not_beside) and self.only_if(row)

    @cached_property
    def reads(self) -> frozenset[str]:
        return frozenset((*self.columns, *self.also_read))

    def read(self, row: Row) -> Row:
        """The row as messages.

        Raises:
            RowFault: it cannot be used, or has a column that changes its meaning and is not read.
        """
        asks_only = self.columns == ("prompt",) and is_empty(row.get("answer"))
        check_columns(row, self.reads, asks_only=asks_only)
        found = self.normalised(row)
        if "tools" in self.reads and not is_empty(row.get("tools")):
            found["prompt"] = with_tools(found["prompt"], row["tools"])
        written = [value for name, value in row.items() if type(value) is list and name in self.reads]
        changed = [what for what, is_so in _CHANGES_OF_TURNS if any(is_so(one) for one in written)]
        if changed:
            found[CHANGES] = [*found.get(CHANGES, ()), *changed]
        return found


@dataclass(frozen=True)
class Rewritten(Format):
    """A shape that is another one under other names; `normalised` gives a row of that one."""

    then: tuple[Format, ...] = ()  #: the first that fits is read
    told: str = ""  #: what was taken, where that is not plain

    def read(self, row: Row) -> Row:
        if missing := [name for name in self.columns if is_empty(row.get(name))]:
            raise RowFault(f'field "{missing[0]}" is missing or empty')
        if not self.only_if(row):
            raise RowFault(f"the row is not written as the others, which are {self.name}")
        plain = self.normalised(row)
        form = next((one for one in self.then if all(name in plain for name in one.columns)), self.then[-1])
        found = form.read(plain)
        return found | {CHANGES: [*([self.told] if self.told else ()), *found.get(CHANGES, ())]}
