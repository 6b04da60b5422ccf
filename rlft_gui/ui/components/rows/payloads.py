"""What pages tell the browser about rows of data."""

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import RowProblem
from rlft_gui.ui.contract import ServerFunction


class Message(Frozen):
    role: str
    content: str


class ExampleRow(Frozen):
    """A row as it is learnt from; what it does not have is None."""

    prompt: tuple[Message, ...] | None = None
    completion: tuple[Message, ...] | None = None
    chosen: tuple[Message, ...] | None = None
    rejected: tuple[Message, ...] | None = None
    candidates: tuple[tuple[Message, ...], ...] | None = None
    label: bool | None = None
    scores: dict[str, float] | None = None
    text: str | None = None


class RowAccountShown(Frozen):
    """What became of the rows of a file, and some of those that are learnt from."""

    rows: int
    rows_read: int
    dropped: int
    reasons: dict[str, int]
    problems: tuple[RowProblem, ...]
    changes: dict[str, int]
    not_read: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[ExampleRow, ...]


class ConversionWay(Frozen):
    """How rows of another type become what the stage learns from."""

    name: str
    title: str
    about: str


class ConversionAsked(Frozen):
    """Of a dataset, or of a kept file, which is stored first."""

    way: str
    dataset: str = ""
    upload: str = ""


class StoredData(Frozen):
    dataset: str


CONVERT = ServerFunction("convert", ConversionAsked, StoredData)
