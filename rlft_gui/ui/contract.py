"""What the browser may ask of Python: a name, what goes in and what comes out, each a frozen model.

A page declares its server functions in its `payloads.py`. `make types` writes the same models as TypeScript into
payloads.d.ts, where the modules' JSDoc finds them, and a test fails when that file is stale.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rlft_gui.domain._base import Frozen

Asked = TypeVar("Asked", bound=Frozen)
Answered = TypeVar("Answered", bound=Frozen)

#: Of gzip. Half the time of the usual 6 for a tenth more bytes.
_LEVEL = 4


class Nothing(Frozen):
    """What a server function is asked that takes no argument, and what one answers that only acts."""


@dataclass(frozen=True)
class ServerFunction(Generic[Asked, Answered]):
    """A function that a part's module may call as `call(server.name, {…})`.

    Attributes:
        name: as the module knows it; not the name of a Gradio event.
        asked: what the browser's object must fit.
        answered: what the browser gets, as JSON.
    """

    name: str
    asked: type[Asked]
    answered: type[Answered]


@dataclass(frozen=True)
class Written:
    """An answer as it goes over the wire, written and compressed once for all who ask the same."""

    body: bytes
    packed: bytes  #: by gzip

    @staticmethod
    def of(answered: bytes) -> "Written":
        """From the JSON of what a server function answers."""
        body = wrapped(answered)
        return Written(body, gzip.compress(body, _LEVEL, mtime=0))


def wrapped(answered: bytes) -> bytes:
    """As the browser's `call` takes it."""
    return b'{"ok":%b}' % answered


@dataclass(frozen=True)
class Served:
    """A server function with the one who answers it."""

    function: ServerFunction[Any, Any]
    answer: Callable[[Any, str], Frozen | Written]


def serve(
    function: ServerFunction[Asked, Answered], answer: Callable[[Asked, str], Answered | Written]
) -> Served:
    """`answer` gets the question and the caller's name. An RlftError that it raises reaches the module as a sentence."""
    return Served(function, answer)
