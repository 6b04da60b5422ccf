"""What a launcher and a warm worker say to each other: one line each way, over a socket in a folder of the home."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen

#: Environment variable that names the warm worker's folder in it and in all that is forked from it.
WARM_MARK = "RLFT_WARM_WORKER"
MOST_BYTES = 2**20  #: of a line; an environment may be large
_SOCKET = "socket"

_T = TypeVar("_T", bound=Frozen)


class Task(Frozen):
    """One attempt to be minded."""

    run_dir: Path
    attempt: int
    grace: float | None
    directory: Path  #: to work in
    environment: dict[str, str]


class Order(Frozen):
    """`likeness` is what the worker must have been started with (launchers/likeness.py). Without a task it is only asked
    whether it is ready."""

    likeness: str
    task: Task | None


class Answer(Frozen):
    """`refused` says why nothing was started. `is_unlike`: the worker leaves, for another one is needed."""

    refused: str | None = None
    is_unlike: bool = False


@contextmanager
def short_address(folder: Path) -> Iterator[str]:
    """The socket's address through an open folder: a socket's path may hold only some 100 characters. Linux alone."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{_SOCKET}"
    finally:
        os.close(opened)


def send(connection: socket.socket, message: Frozen) -> None:
    connection.sendall(message.model_dump_json().encode() + b"\n")


def receive(connection: socket.socket, kind: type[_T]) -> _T | None:
    """The message; None if the other side left in the middle of it.

    Raises:
        OSError: it took longer than the connection's timeout, or the connection broke.
    """
    with connection.makefile("rb") as lines:
        line = lines.readline(MOST_BYTES)
    try:
        return kind.model_validate_json(line)
    except ValidationError:
        return None
