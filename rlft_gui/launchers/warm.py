"""The launcher's side of a warm worker: found where one listens, started where none does, given up where it cannot start."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from rlft_gui.domain.home import RunFolder
from rlft_gui.launchers.likeness import likeness
from rlft_gui.launchers.order import WARM_MARK, Answer, Order, Task, receive, send, short_address
from rlft_gui.processes import QUIET

#: Seconds that imports may take on a busy machine; then the run starts without.
START_SECONDS = 40.0
#: Seconds to wait for another process that is starting the same worker.
LOCK_SECONDS = 5.0
#: Orders that may wait while it imports.
_BACKLOG = 16
LOG_BYTES = 2**20

Ended = Callable[[str | None], None]


class WarmLauncher:
    """The warm worker of one folder.

    Args:
        folder: its own, in the home; closed to other users, for whoever reaches the socket can run programs.
        command: starts a worker; the folder and its options are added to it.
        environment: of the worker and of all that it starts.
    """

    def __init__(self, folder: Path, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._command = command
        self._environment = dict(environment)

    def prepare(self) -> str | None:
        """Have it import what it needs, ahead of the first task, and wait until it has; a sentence if it cannot."""
        try:
            answer, connection = self._ask(None)
        except (OSError, ValueError) as error:  # ValueError: the environment holds what is no text
            return f"The warm worker could not be started ({_why(error)}).{self._last_words()}"
        connection.close()
        return answer.refused

    def mind(self, folder: RunFolder, attempt: int, grace: float | None, ended: Ended) -> None:
        """Have an attempt minded; returns at once.

        Args:
            ended: told once, from another thread: None when its supervisor has ended, or why none was started.
        """
        task = Task(
            run_dir=folder.path,
            attempt=attempt,
            grace=grace,
            directory=Path.cwd(),
            environment=self._environment,
        )
        threading.Thread(
            target=lambda: ended(self._follow(task)), name=f"warm-{folder.run_id}", daemon=True
        ).start()

    def _follow(self, task: Task) -> str | None:
        """Returns when the task's supervisor has ended, or at once with a sentence why there is none."""
        try:
            answer, connection = self._ask(task)
        except (OSError, ValueError) as error:  # ValueError: the environment holds what is no text
            return f"The warm worker could not be started ({_why(error)}).{self._last_words()}"
        with connection:
            if answer.refused is None:
                _wait_for_end(connection)
        return answer.refused

    def _ask(self, task: Task | None) -> tuple[Answer, socket.socket]:
        """Its answer, and the connection that this came by.

        A worker that just leaves, or is of another likeness, makes room for a new one.

        Raises:
            OSError: no worker could be started or reached; TimeoutError: it took too long to be ready.
        """
        order = Order(likeness=likeness(self._environment), task=task)
        for is_new in (False, True):
            connection = self._connect(order.likeness, is_new=is_new)
            answer = None
            try:
                answer = _answered(connection, order)
                if answer is not None and not answer.is_unlike:
                    return answer, connection
            finally:
                if answer is None or answer.is_unlike:
                    connection.close()
        raise OSError("it ended before it was ready")

    def _connect(self, likeness: str, *, is_new: bool) -> socket.socket:
        """A connection to the worker, which may still be importing: to the one that listens, or to a new one."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._folder / "lock", timeout=LOCK_SECONDS), short_address(self._folder) as address:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(START_SECONDS)
            if not is_new:
                with suppress(FileNotFoundError, ConnectionRefusedError):
                    connection.connect(address)
                    return connection
            self._start(address, likeness)
            connection.connect(address)
            return connection

    def _start(self, address: str, likeness: str) -> None:
        """Listen first: who connects then waits until the worker is ready, and is cut off if it dies."""
        Path(address).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, self._log().open("ab") as log:
            listener.bind(address)
            listener.listen(_BACKLOG)
            worker = subprocess.Popen(
                [*self._command, str(self._folder), "--warm", likeness],
                stdin=listener.fileno(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**self._environment, **QUIET, WARM_MARK: str(self._folder)},
            )
        # Somebody must take note of its end, or it stays a zombie for as long as this process lives.
        threading.Thread(target=worker.wait, name="reap-warm-worker", daemon=True).start()

    def _log(self) -> Path:
        log = self._folder / "log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.write_bytes(b"")
        return log

    def _last_words(self) -> str:
        try:
            lines = (self._folder / "log").read_text(errors="replace").split("\n")
        except OSError:
            return ""
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f' Its log ends with: "{last[:300]}" ({self._folder / "log"}).' if last else ""


def _why(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error)


def can_fork() -> bool:
    """Whether this system lets a process that has loaded its libraries go on after a fork."""
    return sys.platform == "linux" and hasattr(os, "fork")


def _answered(connection: socket.socket, order: Order) -> Answer | None:
    """None if the worker left without a word.

    Raises:
        TimeoutError: it says nothing for too long.
    """
    try:
        send(connection, order)
        return receive(connection, Answer)
    except ConnectionError:
        return None


def _wait_for_end(connection: socket.socket) -> None:
    connection.settimeout(None)
    with suppress(OSError):
        connection.recv(1)
