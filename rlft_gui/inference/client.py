"""Ask a home's inference process, starting it where none lives. No torch: app and command line import this.

What a person must know is raised as NotPossibleNow: that the process did not start, with the last words of its log, or
that it ended in the middle of an answer. The next request starts a fresh one.
"""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference import protocol
from rlft_gui.inference.address import Address
from rlft_gui.inference.predecessor import MODULE, end_predecessor
from rlft_gui.inference.protocol import MAX_LINE_BYTES, Cancel, GenerationRequest, Hello, Reply
from rlft_gui.inference.scoring import JudgingRequest, ScoringRequest
from rlft_gui.processes import python_module

IDLE_SECONDS = 600
START_SECONDS = 60  #: for an interpreter without torch on a busy machine; models are loaded later, on request
LOG_BYTES = 2**20

Asked = GenerationRequest | ScoringRequest | JudgingRequest


class Conversation:
    """One request and its replies. Safe to cancel from another thread; closing it cancels too."""

    def __init__(self, connection: socket.socket, home: Home, request: Asked) -> None:
        self._connection = connection
        self._lines = connection.makefile("rb")
        self._home = home
        self._request = request

    def replies(self) -> Iterator[Reply]:
        """Every reply, "done" or "failed" last.

        Raises:
            NotPossibleNow: the process ended before its last reply.
        """
        while True:
            reply = self._next()
            if reply is None:
                raise _gone(self._home)
            yield reply
            if reply.is_last:
                return

    def _next(self) -> Reply | None:
        try:
            return _parse(self._lines.readline(MAX_LINE_BYTES))
        except ConnectionError:  # killed with our last words unread
            return None

    def cancel(self) -> None:
        """Ask to stop; the replies then come to their end by themselves."""
        try:
            _send(self._connection, Cancel(id=self._request.id))
        except OSError:
            return  # it has ended; whoever reads the replies learns why

    def close(self) -> None:
        self._lines.close()
        self._connection.close()


def ask(home: Home, request: Asked, *, idle_seconds: float = IDLE_SECONDS) -> Conversation:
    """Hand a request to the home's inference process; it queues behind earlier requests."""
    connection = ensure_running(home, idle_seconds=idle_seconds)
    try:
        _send(connection, request)
    except OSError:
        connection.close()
        raise _gone(home) from None
    return Conversation(connection, home, request)


def ensure_running(home: Home, *, idle_seconds: float = IDLE_SECONDS) -> socket.socket:
    """A welcomed connection to the home's inference process, started if none answers.

    Raises:
        NotPossibleNow: it cannot be started; the sentence holds the end of its log.
    """
    addresses.make_folder(home)
    deadline = time.monotonic() + START_SECONDS
    child: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        connection = _connect(home)
        if connection is not None:
            return connection
        if child is None:
            child = _spawn(home, idle_seconds)
        elif child.poll() is not None:
            # It leaves with 0 where another one holds the lock.
            if child.returncode != 0:
                raise NotPossibleNow(f"The inference process could not start.{_last_words(home)}")
            child = None  # another one held the lock, perhaps on its way out
        time.sleep(0.05)
    raise NotPossibleNow(
        f"The inference process did not answer within {START_SECONDS} s.{_last_words(home)} Try again when the "
        "machine is less busy."
    )


def _connect(home: Home) -> socket.socket | None:
    """A welcomed connection, or None if nobody answers at the published address.

    Raises:
        NotPossibleNow: a newer program's process answers there.
    """
    address = addresses.read(home)
    if address is None:
        return None
    try:
        connection = socket.create_connection((addresses.HOST, address.port), timeout=5)
    except OSError:
        return None
    with suppress(OSError):
        reply = _greet(connection, address)
        if reply is not None and reply.event == "welcome":
            connection.settimeout(None)
            return connection
        if reply is not None:
            connection.close()
            raise NotPossibleNow(reply.message)
        end_predecessor(home, address)
    connection.close()
    return None


def _greet(connection: socket.socket, address: Address) -> Reply | None:
    """What it says to our token and version; None if it hangs up.

    Raises:
        OSError: it says nothing in time.
    """
    try:
        _send(connection, Hello(token=address.token, version=protocol.VERSION))
        # Unbuffered: what a buffer had read beyond this line would be lost to the next reader.
        with connection.makefile("rb", buffering=0) as lines:
            return _parse(lines.readline(MAX_LINE_BYTES))
    except ConnectionError:
        return None


def _spawn(home: Home, idle_seconds: float) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, so that it outlives whoever asked first."""
    log = addresses.log_path(home)
    _shorten(log)
    command = [*python_module(MODULE), str(home.path)]
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*command, "--idle-seconds", str(idle_seconds)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=_environment(),
        )
    # It ends when it likes, perhaps long after this call: somebody must take note, or it stays as a zombie.
    threading.Thread(target=child.wait, name="inference-reaper", daemon=True).start()
    return child


def _environment() -> dict[str, str]:
    """This process's, made quiet and local, and able to import this very package."""
    package_parent = str(Path(__file__).resolve().parents[2])
    paths = [package_parent, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "HF_HUB_OFFLINE": "1",  # a compared base was trained on, so it is here already
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.write_bytes(b"")


def _gone(home: Home) -> NotPossibleNow:
    return NotPossibleNow(
        "The inference process ended in the middle of an answer: it was killed, or memory ran out. Ask again, a new "
        f"one starts by itself. Its log is {addresses.log_path(home)}."
    )


def _last_words(home: Home) -> str:
    """The last line of the log as a clause for an error's sentence; empty if it said nothing."""
    try:
        lines = addresses.log_path(home).read_text(errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    return f' Its log ends with: "{lines[-1].strip()[:300]}" ({addresses.log_path(home)}).' if lines else ""


def _send(connection: socket.socket, message: Frozen) -> None:
    connection.sendall(message.model_dump_json().encode() + b"\n")


def _parse(line: bytes) -> Reply | None:
    """The reply, or None for the end of the connection, which a line broken off in the middle means too."""
    try:
        return Reply.model_validate_json(line)
    except ValidationError:
        return None
