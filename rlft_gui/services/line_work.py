"""Work of a process that answers in lines, each taken in as it comes: what is there when it ends early is not lost.

For what takes minutes or hours, such as a judge that is asked about many pairs. The process ends with this one, and with
whoever stops reading its lines.
"""

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from typing import IO, Any

from rlft_gui.answering import ASKED_BY, OUT_OF_MEMORY
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.processes import QUIET, python_module
from rlft_gui.services.short_work import kill, last_line

_AT_ONCE = threading.BoundedSemaphore(1)  #: processes; each may hold a model
_LONGEST_LINE = 2**20  #: bytes
_LOOK_SECONDS = 0.2  #: between two looks at whether it is to stop


def lines_of(
    module: str,
    request: dict[str, Any],
    *,
    silent_seconds: float,
    what: str,
    stop: threading.Event | None = None,
) -> Generator[dict[str, Any], None, None]:
    """What `python -m module` answers to a request, object by object; see rlft_gui.answering for its side.

    One runs at a time. Closing the generator ends the process.

    Args:
        silent_seconds: how long it may say nothing before it is ended.
        what: begins the sentence of what went wrong, e.g. "The judge lantern".
        stop: once it is set there are no more objects, and the process is ended, also while it is silent or waits for
            its turn.

    Raises:
        NotPossibleNow: it died, was silent for too long, said what is no object, or told a problem.
    """
    stop = stop or threading.Event()
    while not _AT_ONCE.acquire(timeout=_LOOK_SECONDS):
        if stop.is_set():
            return
    try:
        yield from _lines_of(module, request, silent_seconds, what, stop)
    finally:
        _AT_ONCE.release()


def _lines_of(
    module: str, request: dict[str, Any], silent_seconds: float, what: str, stop: threading.Event
) -> Generator[dict[str, Any], None, None]:
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as words:
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        environment = {**os.environ, **QUIET, ASKED_BY: str(os.getpid())}
        process = subprocess.Popen(
            python_module(module),
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=words,
            start_new_session=True,
            env=environment,
        )
        yield from _read(process, silent_seconds, what, stop)
        if (code := process.wait()) and not stop.is_set():
            raise NotPossibleNow(_ended(code, words, what))


def _read(
    process: "subprocess.Popen[bytes]", silent_seconds: float, what: str, stop: threading.Event
) -> Generator[dict[str, Any], None, None]:
    """Until it has closed its side, and ended by itself; or until it is to stop."""
    assert process.stdout is not None
    found: queue.Queue[bytes] = queue.Queue()
    reader = threading.Thread(target=_gather, args=(process.stdout, found), daemon=True)
    reader.start()
    try:
        yield from _taken(found, silent_seconds, what, stop)
        if not stop.is_set():
            process.wait(timeout=silent_seconds)
    except subprocess.TimeoutExpired:
        raise NotPossibleNow(f"{what} did not end within {silent_seconds:g} s and was ended.") from None
    finally:
        kill(process)  # which ends the reader too
        reader.join()
        process.stdout.close()


def _taken(
    found: "queue.Queue[bytes]", silent_seconds: float, what: str, stop: threading.Event
) -> Generator[dict[str, Any], None, None]:
    while line := _next(found, silent_seconds, what, stop):
        told = _object(line, what)
        if "problem" in told:
            raise NotPossibleNow(str(told["problem"]))
        yield told


def _next(found: "queue.Queue[bytes]", silent_seconds: float, what: str, stop: threading.Event) -> bytes:
    """A line; an empty one at the end, or where there is to be none."""
    until = time.monotonic() + silent_seconds
    while not stop.is_set():
        with suppress(queue.Empty):
            return found.get(timeout=min(_LOOK_SECONDS, silent_seconds))
        if time.monotonic() > until:
            raise NotPossibleNow(f"{what} said nothing for {silent_seconds:g} s and was ended.")
    return b""


def _gather(stream: IO[bytes], found: "queue.Queue[bytes]") -> None:
    """Lines as they come, and an empty one at the end; a thread of its own, since pipes know no time limit."""
    while line := stream.readline(_LONGEST_LINE):
        found.put(line)
    found.put(b"")


def _object(line: bytes, what: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise NotPossibleNow(f"{what} gave an answer that cannot be read, and was ended.")
    return told


def _ended(code: int, words: IO[bytes], what: str) -> str:
    last = last_line(words)
    if last.startswith((OUT_OF_MEMORY, "MemoryError")):
        return f"{what} ran out of memory. Free some, or choose a smaller one."
    end = f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
    return f"{what} broke off: its process {end}{f' ({last})' if last else ''}."
