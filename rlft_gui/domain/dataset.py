"""Training data as the product sees it: its types, and an honest account of every row that was read."""

from enum import StrEnum

from pydantic import Field

from rlft_gui.domain._base import Frozen


class DataType(StrEnum):
    """What rows hold. A message is {"role": "system" | "user" | "assistant", "content": str}.

    DEMONSTRATIONS  {"prompt": [message, …], "completion": [assistant message]}
    PREFERENCES     {"prompt": [message, …], "chosen": [assistant message], "rejected": [assistant message]}
    PROMPTS         {"prompt": [message, …]}
    THUMBS          {"prompt": [message, …], "completion": [assistant message], "label": bool}
    RATINGS         {"prompt": [message, …], "completion": [assistant message], "scores": {attribute: number}}
    CANDIDATES      {"prompt": [message, …], "candidates": [[assistant message], …]}
    TEXT            {"text": str}, a document that nobody asked for

    Further columns that a row may have: "answer" (str, what a verifier compares with), "source" (str, where a pair
    comes from), "margin" (number ≥ 0, by how much chosen is better), "preference" (0.5 to 1, how sure it is that chosen
    is better), and in rows that a stage made "made" ({title: text or number}, what is shown of how it came about).
    """

    DEMONSTRATIONS = "demonstrations"
    PREFERENCES = "preferences"
    PROMPTS = "prompts"
    THUMBS = "thumbs"
    RATINGS = "ratings"
    CANDIDATES = "candidates"
    TEXT = "text"


#: Before the digits of an uploaded dataset's id, which say nothing of the file it came from.
UPLOADED = "d-"
#: For stages that only read prompts: every type but plain text has them.
ANY_PROMPTS = tuple(kind for kind in DataType if kind is not DataType.TEXT)


class Reading(Frozen):
    """How a file is to be read, where a person says so: what its text is written in, and which column is what.

    `mapping` is target → column, e.g. {"prompt": "question"}; empty where the columns speak for themselves.
    """

    encoding: str = ""
    mapping: dict[str, str] = Field(default_factory=dict)


class RowProblem(Frozen):
    """Why one row was dropped, and what to do about it; `row` counts from 1 as in the file."""

    row: int
    message: str
    fix: str = ""


class FoundRow(Frozen):
    """A row that a finding names, by its number in the file, and what was found there."""

    row: int
    text: str


class Finding(Frozen):
    """Something that may be wrong with rows that can be used: what, in how many rows, what to do, and some of them.

    `way` names the conversion that mends it, if one does.
    """

    what: str
    rows: int
    fix: str
    shown: tuple[FoundRow, ...] = ()
    way: str = ""


class Bars(Frozen):
    """One picture of the rows: how many fall into each class, in order."""

    title: str
    unit: str  #: what the classes are counted in
    bars: tuple[tuple[str, int], ...]


class Checked(Frozen):
    """What the checks found; `looked_at` is below the number of rows where evenly spaced ones stand for all."""

    findings: tuple[Finding, ...] = ()
    bars: tuple[Bars, ...] = ()
    looked_at: int = 0


class DatasetInfo(Frozen):
    """One stored or built-in dataset. `id` is what recipes name: "lantern:demonstrations" or "d-…"."""

    id: str
    name: str
    type: DataType
    format: str  #: as detected: "alpaca", "sharegpt preferences", "built in"
    rows: int
    rows_read: int
    dropped: int
    drop_reasons: dict[str, int] = Field(default_factory=dict)  #: sentence → how many rows
    problems: tuple[RowProblem, ...] = ()  #: the first few, with their row numbers
    changes: dict[str, int] = Field(
        default_factory=dict
    )  #: what was changed in rows that are kept → how many
    columns: tuple[str, ...] = ()  #: of the file
    columns_not_read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  #: how the file was read, where that is not plain
    reading: Reading = Reading()
    sha256: str
    bytes: int = 0
    created_at: float = 0.0
    owner: str = "local"
    version: int = 1  #: of its name: how many datasets were called so when it came, and itself
    licence: str = ""
    origin: str = ""  #: where it is from, in words or as an address
    held_out: bool = False  #: marked to judge by: nothing is trained on it

    @property
    def called(self) -> str:
        """Its name, and which one of several of that name it is."""
        return self.name if self.version == 1 else f"{self.name}, version {self.version}"


class RowAccount(Frozen):
    """What a worker made of the rows it was given: `given` is the sum of `trained`, `held_out` and `dropped`.

    KTO counts answers, of which a pair has two. Stages that make rows count the prompts they ask as `trained`.
    """

    given: int
    trained: int
    held_out: int = 0
    cut: int = 0  #: of those trained or held out, how many have a shortened answer
    dropped: dict[str, int] = Field(default_factory=dict)  #: reason → how many


class LengthReport(Frozen):
    """How the rows of a dataset fit into a limit, in tokens of one model. An estimate: see data/lengths.py.

    `measured` is below `total` where a large dataset was judged by evenly spaced rows; `over` and `dropped` are then
    scaled up to the whole.
    """

    max_length: int
    longest: int
    median: int
    over: int  #: rows whose answer must be cut
    dropped: int  #: rows whose prompt alone is as long as the limit
    total: int
    measured: int
    split: int = 0  #: documents that become several rows
