"""What the page of datasets asks and is told."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import Checked
from rlft_gui.ui.components.rows.payloads import ConversionWay, ExampleRow, RowAccountShown
from rlft_gui.ui.contract import Nothing, ServerFunction


class DatasetRow(Frozen):
    """`made`: "built in", "added", or the run that made its rows; `used`: how many runs learn from it or are judged by it;
    `held_out`: marked as held-out prompts."""

    id: str
    name: str
    type: str
    rows: int
    made: str
    licence: str
    used: int
    held_out: bool
    created_at: float


class DatasetList(Frozen):
    datasets: tuple[DatasetRow, ...]
    now: float


class Listed(Frozen):
    """`newest`: the dataset that was just added, so the list is asked for again."""

    newest: str = ""


class DatasetAsked(Frozen):
    id: str = Field(max_length=200)


class UsingRun(Frozen):
    title: str
    address: str


class DatasetFacts(RowAccountShown):
    """All that is known of one dataset.

    Attributes:
        called: its name, and which one of several of that name it is.
        mapping: target and column, where a person named columns; `encoding` likewise.
        is_own: it was added, so people may name, mark and delete it.
        held_out: marked as held-out prompts: nothing is trained on it.
        asks: it has prompts, so it may be marked.
        ways: what other rows can be made of it.
    """

    id: str
    name: str
    called: str
    type: str
    format: str
    licence: str
    origin: str
    sha256: str
    bytes: int
    created_at: float
    mapping: tuple[tuple[str, str], ...]
    encoding: str
    is_own: bool
    held_out: bool
    asks: bool
    checks: Checked
    used_by: tuple[UsingRun, ...]
    ways: tuple[ConversionWay, ...]


class DatasetRowsAsked(Frozen):
    """Rows from a place on, of those that hold the words."""

    id: str = Field(max_length=200)
    start: int = Field(0, ge=0)
    search: str = Field("", max_length=200)


class NumberedExample(Frozen):
    """`number` is the row's in the file that it came from."""

    number: int
    row: ExampleRow


class DatasetRows(Frozen):
    rows: tuple[NumberedExample, ...]
    found: int
    size: int  #: rows of a page


class Described(Frozen):
    id: str = Field(max_length=200)
    name: str = Field(max_length=300)
    licence: str = Field("", max_length=300)
    origin: str = Field("", max_length=300)


class Marked(Frozen):
    """Kept as held-out prompts from now on, or not any more."""

    id: str = Field(max_length=200)
    held_out: bool


class SplitAsked(Frozen):
    """How many prompts are split off, in percent of them or as a number; None where nothing was typed."""

    id: str = Field(max_length=200)
    amount: float | None
    unit: Literal["percent", "prompts"]
    seed: int | None


class SplitSide(Frozen):
    name: str
    rows: int
    address: str


class SplitDone(Frozen):
    rest: SplitSide
    held_out: SplitSide


DATASETS = ServerFunction("datasets", Nothing, DatasetList)
DATASET = ServerFunction("dataset", DatasetAsked, DatasetFacts)
DATASET_ROWS = ServerFunction("dataset_rows", DatasetRowsAsked, DatasetRows)
DESCRIBE = ServerFunction("describe", Described, Nothing)
MARK_DATASET = ServerFunction("mark_dataset", Marked, Nothing)
SPLIT_OFF = ServerFunction("split_off", SplitAsked, SplitDone)
DELETE_DATASET = ServerFunction("delete_dataset", DatasetAsked, Nothing)
