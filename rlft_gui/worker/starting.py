"""Two ways in which a supervisor gets its trainer: executed from nothing, or forked from a process that has imported all.

Either leads a session of its own, so that the trainer and whatever it starts can be signalled and found together.
"""

import atexit
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol

from rlft_gui.domain.home import RUN_MARK, RunFolder
from rlft_gui.durable import write_whole
from rlft_gui.launchers.leftovers import Session, born
from rlft_gui.processes import QUIET

_GO = b"go"


class Trainer(Protocol):
    """A process that trains. `start` and `wait` are called once each, in this order, or neither."""

    def start(self) -> int:
        """Its process number, which is its group's and its session's too."""

    def wait(self) -> int:
        """Take note of its end: its exit status, or a signal's number below zero."""


class Executed:
    """A new interpreter running `command`."""

    def __init__(self, command: list[str], folder: RunFolder) -> None:
        self._command = command
        self._folder = folder

    def start(self) -> int:
        with self._folder.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment(self._folder, os.environ),
            )
        return self._process.pid

    def wait(self) -> int:
        return self._process.wait()


class Forked:
    """A copy of this process that waits for `start` and then calls `train`.

    It is forked as this object is made, before the supervisor takes its lock: a copy of that lock's file would hold it
    for as long as the trainer lives, and could give it back under the supervisor's feet.
    """

    def __init__(self, train: Callable[[], int], folder: RunFolder) -> None:
        self._folder = folder
        waiting, self._gate = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._gate)
            _train_when_told(waiting, train, folder)
        os.close(waiting)

    def start(self) -> int:
        os.write(self._gate, _GO)
        return self._pid

    def wait(self) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        self._folder.session.unlink(missing_ok=True)
        return code


def leave(status: int) -> NoReturn:
    """End this process after its exit handlers, without taking the interpreter apart: with torch that takes a second."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


def environment(folder: RunFolder, given: Mapping[str, str]) -> dict[str, str]:
    """What a trainer finds in its environment beside what was given."""
    return {**given, **QUIET, RUN_MARK: str(folder.path)}


def _train_when_told(waiting: int, train: Callable[[], int], folder: RunFolder) -> NoReturn:
    # Nothing may get out of here: above lies the supervisor's work, and above that the warm worker's.
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        if os.read(waiting, len(_GO)) != _GO:
            os._exit(0)  # the supervisor left without it
        # Before anything else: whatever happens now, what is left of it can be found.
        own = Session(pid=os.getpid(), born=str(born(os.getpid())))
        write_whole(folder.session, own.model_dump_json())
        os.environ.update(environment(folder, {}))
        status = train()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    leave(status)
