"""Renders chat templates in a process of its own, which may take only so long and so much memory.

One process serves a whole worker. It is started ahead of need (`warm_up`), because it takes a second to be ready, and
anew after it had to be ended.
"""

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.turns import said
from rlft_gui.processes import python_module

Message = Mapping[str, Any]

SECONDS = 10.0  #: for one portion, which takes milliseconds with a template that is none of a kind
START_SECONDS = 120.0  #: importing on a busy machine
_PORTION = 256  #: conversations in a request
_PORTION_CHARACTERS = 2_000_000
_LOOK = 0.2


class TemplateTrouble(InvalidInput):
    """A chat template that cannot be used at all; its sentence begins with "Its chat template"."""

    failure = FailureKind.BAD_MODEL


class Renderer:
    """Safe to share between threads; one request at a time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False

    def warm_up(self) -> None:
        """Start the process without waiting for it."""
        with self._lock:
            self._started()

    def render(
        self,
        template: str,
        variables: Mapping[str, str],
        conversations: Sequence[Sequence[Message]],
        *,
        asks: bool,
    ) -> list[tuple[bool, str]]:
        """For each conversation (True, text), or (False, why the template refuses it).

        Args:
            variables: what the template may read beside the messages, such as `bos_token`.
            asks: end with the beginning of the assistant's turn.

        Raises:
            TemplateTrouble: it took too long, or its process died of it.
        """
        found: list[tuple[bool, str]] = []
        with self._lock:
            for portion in _portions(conversations):
                request = {
                    "template": template,
                    "variables": dict(variables),
                    "conversations": portion,
                    "asks": asks,
                }
                found += [(kind == "text", told) for kind, told in self._asked(request)]
        return found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _asked(self, request: Mapping[str, Any]) -> list[list[str]]:
        process = self._started()
        assert process.stdin is not None
        try:
            if not self._is_ready:
                self._line(process, START_SECONDS)
                self._is_ready = True
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            answer: list[list[str]] = json.loads(self._line(process, self._seconds))
            return answer
        except TimeoutError:
            raise TemplateTrouble(
                f"Its chat template was not done with {len(request['conversations'])} conversations after "
                f"{self._seconds:g} seconds, so it may loop for ever. Choose another model, or mend its template."
            ) from None
        except (BrokenPipeError, EOFError):
            raise TemplateTrouble(
                "Its chat template ended the process that renders it, as a template does that takes all memory. "
                "Choose another model, or mend its template."
            ) from None
        finally:
            # Whatever was interrupted, a stop request among it, must not leave half an answer in the pipe.
            if sys.exc_info()[0] is not None:
                self._end()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._is_ready = False
            # Unbuffered, so that what the selector sees is all there is. Threads of a matrix library would only
            # take address space.
            self._process = subprocess.Popen(
                python_module("rlft_gui.training.chat.process"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._process

    def _line(self, process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
        """The next line; raises TimeoutError, or EOFError if the process ended."""
        assert process.stdout is not None
        deadline, pieces = time.monotonic() + seconds, []
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if not ready.select(timeout=_LOOK):
                    continue
                if not (piece := _some(process.stdout)):
                    raise EOFError
                pieces.append(piece)
                # One line is all there can be: the next request is written only after this answer was read.
                if piece.endswith(b"\n"):
                    return b"".join(pieces)
        raise TimeoutError

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None


def _some(pipe: IO[bytes]) -> bytes:
    return os.read(pipe.fileno(), 1 << 20)


def _portions(conversations: Sequence[Sequence[Message]]) -> Iterator[list[list[Message]]]:
    portion: list[list[Message]] = []
    characters = 0
    for conversation in conversations:
        length = sum(len(said(message)) for message in conversation)
        # Both count: the time allowed is for one portion, and so is the memory.
        if portion and (len(portion) == _PORTION or characters + length > _PORTION_CHARACTERS):
            yield portion
            portion, characters = [], 0
        portion.append(list(conversation))
        characters += length
    if portion:
        yield portion


RENDERER = Renderer()
atexit.register(RENDERER.close)
