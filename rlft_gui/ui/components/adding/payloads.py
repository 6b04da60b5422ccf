"""What a page that adds files asks and is told: what a file turned out to be, and which column of it is what."""

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import Checked, DataType, LengthReport
from rlft_gui.ui.components.rows.payloads import ConversionWay, RowAccountShown, StoredData
from rlft_gui.ui.contract import ServerFunction


class RefusedFile(Frozen):
    """A file that was not stored, why, what is used without it, and what may be made of it as it is kept."""

    file: str
    problem: str
    used: str
    upload: str = ""
    ways: tuple[ConversionWay, ...] = ()


class ColumnChoice(Frozen):
    """A column of a file, or what lies in one, and the first value there."""

    path: str
    sample: str


class WantedColumn(Frozen):
    """What a column may be taken for, and the column that suggests itself, "" for none."""

    name: str
    title: str
    about: str
    needed: bool
    column: str


class RowKind(Frozen):
    """A type of data that the stage learns from, and what its rows have."""

    type: DataType
    title: str
    about: str
    wanted: tuple[WantedColumn, ...]


class FileColumns(Frozen):
    """A kept file whose columns a person may name.

    Attributes:
        encodings: (words, name) of what its text may be written in; `encoding` is what was said, "" to find out.
    """

    upload: str
    file: str
    columns: tuple[ColumnChoice, ...]
    kinds: tuple[RowKind, ...]
    encodings: tuple[tuple[str, str], ...]
    encoding: str


class ColumnsAsked(Frozen):
    """Target → column of a kept file, for a stage that learns from rows of these types."""

    upload: str
    mapping: dict[str, str]
    encoding: str = ""
    types: tuple[DataType, ...] = ()


class TriedRows(RowAccountShown):
    """The first rows of a file under columns that were named; `is_wanted`: the stage learns from such rows."""

    type: str
    is_wanted: bool


class ColumnsTried(Frozen):
    """`refused` says why rows cannot be used so; "" where they can."""

    refused: str = ""
    rows: TriedRows | None = None


class ShownDataset(RowAccountShown):
    """`lacks` says what the settings need of the rows and do not find; `address` leads to all its rows."""

    name: str
    format: str
    checks: Checked
    lacks: str | None
    lengths: LengthReport | None
    address: str


class DataPreview(Frozen):
    """What the chosen dataset holds, or why it cannot be used; above it a file that was refused.

    Attributes:
        id: of the chosen dataset.
        ways: how the chosen dataset, which is of another type, becomes what the stage learns from.
        columns: of the file that was just added, which may be named otherwise.
        types: that the stage learns from.
    """

    id: str = ""
    refused: RefusedFile | None = None
    problem: str | None = None
    ways: tuple[ConversionWay, ...] = ()
    dataset: ShownDataset | None = None
    columns: FileColumns | None = None
    types: tuple[DataType, ...] = ()


class DataOnItsWay(Frozen):
    """What a place's part says while something is being added there: the name of it."""

    on_its_way: str


TRY_COLUMNS = ServerFunction("try_columns", ColumnsAsked, ColumnsTried)
USE_COLUMNS = ServerFunction("use_columns", ColumnsAsked, StoredData)
