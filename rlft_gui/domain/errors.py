"""The errors a user can meet. Each message is a sentence: what was wrong, what was found, what to do."""

from dataclasses import dataclass


class RlftError(Exception):
    """Base of every error that is meant for the user's eyes."""


class InvalidInput(RlftError, ValueError):
    """Something the user gave cannot be used."""


class NotFound(RlftError, LookupError):
    """A run, dataset, model or preset that does not exist was named."""


class NotPossibleNow(RlftError, RuntimeError):
    """The request is valid, but not in the present state (resuming a running run, say)."""


class StorageTrouble(NotPossibleNow):
    """The home folder or its database cannot be read or written: locked, full, read-only or damaged."""


class DatabaseReplaced(StorageTrouble):
    """A file of the database is not the one any more that this process opened: it must not go on with another."""


class Stopped(BaseException):
    """A stop was asked for in the middle of something that can be made again; the run goes on from what it saved.

    No error, and raised where any library may be at work: like KeyboardInterrupt, it passes whoever handles errors.
    """


class NotAllowed(RlftError, PermissionError):
    """The caller may not do this."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a pipeline, told beside its field.

    Attributes:
        field: dotted path as in the YAML, e.g. "stages.dpo.learning_rate" or "base".
        message: a whole sentence.
    """

    field: str
    message: str


class InvalidPipeline(InvalidInput):
    """A pipeline was refused before anything was stored; `problems` holds one sentence per field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["InvalidPipeline"], tuple[tuple[Problem, ...]]]:
        return (InvalidPipeline, (self.problems,))
