"""The errors a user can meet. Each message is a sentence: what was wrong, what was found, what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rlft_gui.domain.failure import FailureKind


class RlftError(Exception):
    """Base of every error that is meant for the user's eyes.

    Attributes:
        failure: what kind of failure a run has that this error ends.
    """

    failure: FailureKind = FailureKind.UNKNOWN


class InvalidInput(RlftError, ValueError):
    """Something the user gave cannot be used."""

    failure = FailureKind.BAD_RECIPE


class NotFound(RlftError, LookupError):
    """A run, dataset, model or preset that does not exist was named."""

    failure = FailureKind.BAD_RECIPE


class NotPossibleNow(RlftError, RuntimeError):
    """The request is valid, but not in the present state (resuming a running run, say)."""


class StorageTrouble(NotPossibleNow):
    """The home folder or its database cannot be read or written: locked, full, read-only or damaged."""


class Diverged(RlftError, ArithmeticError):
    """The loss, its gradient or the weights are not numbers any more, or far from where they began; going on would be in
    vain.

    Attributes:
        good_step: the newest checkpoint from before that.
    """

    failure = FailureKind.DIVERGED

    def __init__(self, message: str, good_step: int | None = None) -> None:
        super().__init__(message)
        self.good_step = good_step

    def __reduce__(self) -> tuple[type["Diverged"], tuple[str, int | None]]:
        return (Diverged, (str(self), self.good_step))


class Stopped(BaseException):
    """A stop was asked for in the middle of something that can be made again; the run goes on from what it saved.

    No error, and raised where any library may be at work: like KeyboardInterrupt, it passes whoever handles errors.
    """


class NotAllowed(RlftError, PermissionError):
    """The caller may not do this."""


@contextmanager
def blaming(kind: FailureKind) -> Iterator[None]:
    """Within, what cannot be used or found is to blame on that kind: on the data while it is read, say."""
    try:
        yield
    except (InvalidInput, NotFound) as error:
        # One that is blamed on something already was raised by who knows better.
        if error.failure is FailureKind.BAD_RECIPE:
            error.failure = kind
        raise


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
