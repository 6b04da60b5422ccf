"""Work that this process must not do itself, in a short process with limits.

It is for what a stranger's file decides, such as the loops of a chat template, and for what needs torch. The process ends
with this one, and on Linux the kernel holds it to its limits too, for what cannot look about itself any more. What the process may read and write is not limited here.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import IO, Any

import psutil

from rlft_gui.answering import ASKED_BY, OUT_OF_MEMORY
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.processes import python_module

_AT_ONCE = threading.BoundedSemaphore(2)  #: processes; each may take a core and its whole memory
_LOOK_SECONDS = 0.05
_LARGEST_ANSWER = 16 * 2**20  #: bytes
_LAST_WORDS = 8 * 2**10  #: bytes of stderr that are looked at
#: Neither keys nor a network, no GPU, and one thread: what runs here may be up to no good.
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}
_SECRETS = ("KEY", "TOKEN", "SECRET", "PASSWORD")


def run_short(
    module: str, request: dict[str, Any], *, seconds: float, megabytes: int, what: str
) -> dict[str, Any]:
    """What `python -m module` answers to a request; see rlft_gui.answering for its side.

    At most two run at once; the time of one that waits for its turn does not count.

    Args:
        what: begins the sentence of what went wrong, e.g. "The chat template of this model".

    Raises:
        InvalidInput: it took longer or more memory than allowed, died, or answered with a problem.
    """
    with (
        _AT_ONCE,
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as told,
        tempfile.TemporaryFile() as words,
    ):
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        process = subprocess.Popen(
            python_module(module),
            stdin=asked,
            stdout=told,
            stderr=words,
            start_new_session=True,
            env=_environment(),
        )
        try:
            _watch(process, seconds, megabytes, what)
        finally:
            _kill(process)
        reply = _read(process.wait(), told, words, what, megabytes)
    if "problem" in reply:
        raise InvalidInput(str(reply["problem"]))
    return reply


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not any(word in name.upper() for word in _SECRETS)
    }
    return {**kept, **_ENVIRONMENT, ASKED_BY: str(os.getpid())}


def _watch(process: "subprocess.Popen[bytes]", seconds: float, megabytes: int, what: str) -> None:
    """Return when it has ended by itself."""
    _limit(process.pid, seconds, megabytes)
    deadline = time.monotonic() + seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)
            return
        if time.monotonic() > deadline:
            raise InvalidInput(f"{what} took longer than {seconds:g} s and was ended.")
        if _memory(process.pid) > megabytes * 2**20:
            raise _too_large(what, megabytes)


def _limit(pid: int, seconds: float, megabytes: int) -> None:
    """The kernel's own limits: wider ones, for what the watch is too slow for or no longer there to see.

    Set from outside and at once, so that they hold before anything large is imported. The limit on addresses would be
    of no use: torch maps far more than it uses.
    """
    if sys.platform == "linux":
        import resource

        memory, processor = 2 * megabytes * 2**20, int(2 * seconds) + 10
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))
            resource.prlimit(pid, resource.RLIMIT_CPU, (processor, processor))


def _memory(pid: int) -> int:
    """Bytes that the process and its children hold."""
    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """The whole group, with what it may have left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(code: int, told: IO[bytes], words: IO[bytes], what: str, megabytes: int) -> dict[str, Any]:
    if code:
        last = _last_line(words)
        if last.startswith((OUT_OF_MEMORY, "MemoryError")):
            raise _too_large(what, megabytes)
        end = f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
        raise InvalidInput(f"{what} could not be tried: its process {end}{f' ({last})' if last else ''}.")
    told.seek(0)
    text = told.read(_LARGEST_ANSWER + 1)
    with suppress(ValueError, RecursionError):
        reply = json.loads(text) if len(text) <= _LARGEST_ANSWER else None
        if isinstance(reply, dict):
            return reply
    raise InvalidInput(f"{what} could not be tried: its process gave no answer that can be read.")


def _last_line(words: IO[bytes]) -> str:
    words.seek(0, os.SEEK_END)
    words.seek(max(0, words.tell() - _LAST_WORDS))
    lines = words.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else ""


def _too_large(what: str, megabytes: int) -> InvalidInput:
    return InvalidInput(f"{what} took more than {megabytes:,} MB of memory and was ended.")
