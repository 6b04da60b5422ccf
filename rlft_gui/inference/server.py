"""The inference process: `python -m rlft_gui.inference.server HOME`. One per home, gone after ten idle minutes.

This file listens, checks the token, queues what is asked and hands it, one at a time, to the engine, which alone
knows torch. It leaves out everything about rows and screens: whoever asks reads the replies.

Threads: the main one accepts and watches the clock, one per connection reads, one answers.
"""

import argparse
import hmac
import logging
import os
import queue
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from rlft_gui import logs
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference.address import Address
from rlft_gui.inference.protocol import MAX_LINE_BYTES, VERSION, Cancel, GenerationRequest, Hello, Reply
from rlft_gui.inference.scoring import JudgingRequest, ScoringRequest
from rlft_gui.inference.trouble import unforeseen
from rlft_gui.unneeded import without_scipy

logger = logging.getLogger(__name__)

LOCK_SECONDS = 5.0  #: how long to wait for a predecessor that is on its way out
HELLO_SECONDS = 5.0
SEND_SECONDS = 30  #: a client that reads nothing for so long is gone

_OLDER = (
    "A newer version of rlft_gui is answering for this home. Start this program again with that version, or wait until "
    "nobody has compared anything for ten minutes."
)

Asked = GenerationRequest | ScoringRequest | JudgingRequest

#: Answers one request: (request, tell, is_cancelled). Raises RlftError with a sentence. Some know one kind of request.
Answerer = Callable[[Any, Callable[[Reply], None], Callable[[], bool]], None]

_REQUEST: TypeAdapter[Asked | Cancel] = TypeAdapter(Asked | Cancel)


class Job:
    """One request on its way, and the connection that waits for its replies."""

    def __init__(self, request: Asked, client: "Client") -> None:
        self.request = request
        self.client = client
        self.cancelled = threading.Event()

    def tell(self, reply: Reply) -> None:
        if not self.client.send(reply.model_copy(update={"id": self.request.id})):
            self.cancelled.set()


class Client:
    """One connection. Replies come from the answering thread, so sending takes a lock."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._lines = connection.makefile("rb")
        # settimeout would count for reading too, and clients may be silent for as long as they like.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))

    def is_welcome(self, token: str) -> bool:
        """Whether the first line shows this process's token, soon, and speaks as this process does.

        A client that is older is told so. One that is newer is not: it takes silence for an older process, which
        was all that version 0.2.0 had to say, and replaces this one.
        """
        self._connection.settimeout(HELLO_SECONDS)
        try:
            hello = Hello.model_validate_json(self._lines.readline(MAX_LINE_BYTES))
        except (OSError, ValidationError):
            return False
        self._connection.settimeout(None)
        # Compared in constant time, so that a token cannot be guessed letter by letter.
        if not hmac.compare_digest(hello.token.encode(), token.encode()):
            return False
        if hello.version < VERSION:
            self.send(Reply(event="failed", message=_OLDER))
        return hello.version == VERSION

    def requests(self) -> Iterator[Asked | Cancel]:
        """What it asks, until it leaves or says something that is no request."""
        while True:
            try:
                # The end of the connection is an empty line, which is no request either.
                yield _REQUEST.validate_json(self._lines.readline(MAX_LINE_BYTES))
            except (OSError, ValidationError):
                return

    def send(self, reply: Reply) -> bool:
        """Whether the client is still there."""
        with self._lock:
            try:
                self._connection.sendall(reply.line())
            except OSError:
                return False
        return True

    def close(self) -> None:
        self._lines.close()
        self._connection.close()


class Server:
    """Listens for one home until nobody has asked anything for `idle_seconds`."""

    def __init__(
        self, home: Home, answerer: Answerer, idle_seconds: float, prepare: Callable[[], None] = lambda: None
    ) -> None:
        """`prepare` is called once, by the thread that answers, before it is asked anything."""
        self._home = home
        self._answerer = answerer
        self._prepare = prepare
        self._idle_seconds = idle_seconds
        self._token = secrets.token_urlsafe(32)
        self._jobs: queue.Queue[Job] = queue.Queue()
        self._unanswered = 0  # queued or being answered
        self._last_active = time.monotonic()
        self._state = threading.Lock()

    def serve(self) -> None:
        """Publish the address, answer, and return once idle."""
        threading.Thread(target=self._answer_forever, name="answers", daemon=True).start()
        with socket.create_server((addresses.HOST, 0)) as listener:
            port = listener.getsockname()[1]
            # Only after it listens: whoever reads the address may connect at once.
            addresses.write(self._home, Address(port=port, token=self._token, pid=os.getpid()))
            # Idleness is looked at between two connections, so waiting for one must end.
            listener.settimeout(min(1.0, self._idle_seconds))
            while not self._is_idle():
                self._accept(listener)
            addresses.remove(self._home)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return
        # Whether an accepted socket takes over the mode of a listener with a timeout differs between systems.
        connection.setblocking(True)
        self._touch()
        threading.Thread(target=self._listen, args=(Client(connection),), daemon=True).start()

    def _listen(self, client: Client) -> None:
        """Serve one connection. Its leaving cancels what it asked."""
        jobs: dict[str, Job] = {}
        if client.is_welcome(self._token):
            client.send(Reply(event="welcome"))
            for request in client.requests():
                if not isinstance(request, Cancel):
                    jobs[request.id] = self._enqueue(Job(request, client))
                elif request.id in jobs:
                    jobs[request.id].cancelled.set()
        for job in jobs.values():
            job.cancelled.set()
        client.close()

    def _enqueue(self, job: Job) -> Job:
        self._touch(unanswered=1)
        self._jobs.put(job)
        return job

    def _answer_forever(self) -> None:
        self._prepare()
        while True:
            job = self._jobs.get()
            self._answer(job)
            self._touch(unanswered=-1)

    def _answer(self, job: Job) -> None:
        try:
            self._answerer(job.request, job.tell, job.cancelled.is_set)
        except RlftError as error:
            job.tell(Reply(event="failed", message=str(error)))
        # The thread answers for everybody: one broken request must not end it.
        except Exception as error:
            logger.exception("Request %s failed", job.request.id)
            job.tell(Reply(event="failed", message=unforeseen(error)))
        else:
            job.tell(Reply(event="done"))

    def _touch(self, unanswered: int = 0) -> None:
        with self._state:
            self._unanswered += unanswered
            self._last_active = time.monotonic()

    def _is_idle(self) -> bool:
        with self._state:
            return not self._unanswered and time.monotonic() - self._last_active > self._idle_seconds


class LazyEngine:
    """The engine, imported by whoever needs it first: torch and transformers take seconds to load."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._answer: Answerer | None = None

    def prepare(self) -> None:
        """Import what an answer will need, and load no model."""
        from rlft_gui.inference.preparing import prepare

        try:
            prepare()
        except Exception:
            logger.exception("Not prepared: whoever asks first will be told why")

    def answer(self, request: Asked, tell: Callable[[Reply], None], is_cancelled: Callable[[], bool]) -> None:
        if self._answer is None:
            from rlft_gui.inference.engine import Engine

            self._answer = Engine(self._home).answer
        self._answer(request, tell, is_cancelled)


def main() -> None:
    parser = argparse.ArgumentParser(description="Answers for one home, until it is idle.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--idle-seconds", type=float, required=True)
    arguments = parser.parse_args()
    logs.set_up()
    home = Home(arguments.home)
    addresses.make_folder(home)
    lock = FileLock(addresses.lock_path(home))
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        return  # this home has its inference process; who asked for another finds that one
    engine = LazyEngine(home)
    Server(home, engine.answer, arguments.idle_seconds, engine.prepare).serve()
    logger.info("Idle for %g s: leaving", arguments.idle_seconds)
    lock.release()
    os._exit(0)  # torch's own threads may take their time, and nothing is left to save


if __name__ == "__main__":
    without_scipy()
    main()
