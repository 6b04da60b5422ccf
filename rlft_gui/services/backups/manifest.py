"""What a backup says of itself. It is the last member, for sums are known only once all else was written."""

from rlft_gui.domain._base import Frozen

MANIFEST = "manifest.json"
DATABASE = "rlft.db"
#: Of the file's layout; one that is not known is refused.
FORMAT = 1


class Member(Frozen):
    """A file of the home, by its path below it."""

    name: str
    bytes: int
    sha256: str


class Counts(Frozen):
    """What is in it, for people."""

    runs: int
    checkpoints: int
    datasets: int
    models: int


class Manifest(Frozen):
    """`version` is that of the program that wrote it, `schema_version` that of the database; `created_at` in Unix seconds."""

    format: int
    version: str
    schema_version: str
    created_at: float
    counts: Counts
    members: tuple[Member, ...]
