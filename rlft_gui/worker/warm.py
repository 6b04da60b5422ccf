"""The warm worker: one small process per home and device that has imported everything and holds no model.

    python -m rlft_gui.worker WARM_DIR --warm LIKENESS       listens on its standard input, a socket

A stage spends seconds on imports before it does anything. Here they are done once; each order is minded by a fork of this
process, which forks the trainer in turn, so that a supervisor stays the parent of what it minds and a crash reaches
nobody else. Nothing here touches CUDA, which does not survive a fork. It may be killed at any time: what was forked goes
on, and the next order finds no listener and starts another. Linux only, for elsewhere system libraries forbid forking.
"""

import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from rlft_gui.domain.home import RunFolder
from rlft_gui.garbage import not_collecting
from rlft_gui.launchers.order import Answer, Order, Task, receive, send
from rlft_gui.stages import Stage
from rlft_gui.worker import GRACE
from rlft_gui.worker.minded import Minded
from rlft_gui.worker.starting import Forked, leave
from rlft_gui.worker.supervisor import Supervisor

logger = logging.getLogger(__name__)

#: Seconds without an order after which it leaves.
IDLE = 600.0
#: Seconds between two looks at whether its home is still there.
PERIOD = 5.0
#: Seconds in which whoever connected has to say what it wants.
PATIENCE = 5.0

#: torch is among what they import. Most models are Llama's kin, and what its module needs, others need too.
NEEDED: tuple[str, ...] = (
    "datasets",
    "peft",
    "rlft_gui.training.run.trainers",
    "safetensors.torch",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
    "transformers.models.llama.modeling_llama",
    "trl.trainer.dpo_trainer",
    "trl.trainer.grpo_trainer",
    "trl.trainer.kto_trainer",
    "trl.trainer.reward_trainer",
    "trl.trainer.rloo_trainer",
    "trl.trainer.sft_trainer",
)


class WarmWorker:
    """Of one folder. `likeness` is what an order must ask for, so that no old code or environment trains."""

    def __init__(self, folder: Path, likeness: str, stages: Sequence[Stage]) -> None:
        self._folder = folder
        self._likeness = likeness
        self._stages = stages
        self._listener = socket.socket(fileno=sys.stdin.fileno())
        self._minded = Minded()

    def serve(self) -> int:
        """Answer orders until none came for long, one asks for another program, or the home is gone."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        # What is there then is never freed: copies share its memory for as long as no collector writes into it.
        with not_collecting():
            for name in NEEDED:
                import_module(name)
            gc.collect()  # once, and not a hundred times on the way
        if why := cannot_fork():
            logger.error("%s", why)
            return 1
        self._minded.begin()
        logger.info("Ready")
        listening, idle_since = self._listener.fileno(), time.monotonic()
        while (self._minded or time.monotonic() - idle_since < IDLE) and self._folder.is_dir():
            ready = select.select([listening, self._minded.bell], [], [], PERIOD)[0]
            if self._minded.bell in ready:
                self._minded.take_note()
            if listening in ready and not self._answer():
                break
            if ready:
                idle_since = time.monotonic()
        self._see_out()
        return 0

    def _see_out(self) -> None:
        """Answer nobody any more, but stay until the last supervisor has ended: its parent alone is told of what."""
        self._listener.close()
        while self._minded and self._folder.is_dir():
            select.select([self._minded.bell], [], [], PERIOD)
            self._minded.take_note()

    def _answer(self) -> bool:
        """Take one order. False if this worker is not the one that is asked for, and must make room for it."""
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(PATIENCE)
            try:
                order = receive(connection, Order)
                if order is None:
                    return True  # somebody only looked whether this process is there
                is_mine = order.likeness == self._likeness
                send(connection, self._start(order.task, connection) if is_mine else _UNLIKE)
            except OSError as error:
                logger.warning("An order was lost: %s", error)
                return True
        return is_mine

    def _start(self, task: Task | None, connection: socket.socket) -> Answer:
        if task is None:
            return Answer()
        try:
            pid = os.fork()
        except OSError as error:
            return Answer(refused=f"The warm worker could not be copied ({error.strerror}).")
        if pid == 0:
            self._mind(task, connection)
        self._minded.add(pid, RunFolder(task.run_dir), task.attempt)
        logger.info("%s, attempt %d: process %d", task.run_dir.name, task.attempt, pid)
        return Answer()

    def _mind(self, task: Task, connection: socket.socket) -> NoReturn:
        """Be the supervisor. The connection stays open until it ends, which whoever ordered can see."""
        status = 1
        try:
            self._listener.detach()  # its number, 0, belongs to standard input from here on
            self._minded.forget()
            folder = _enter(task)
            trainer = Forked(partial(self._train, folder, task.attempt, connection), folder)
            grace = GRACE if task.grace is None else task.grace
            status = Supervisor(folder, task.attempt, trainer, grace).mind()
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        leave(status)

    def _train(self, folder: RunFolder, attempt: int, connection: socket.socket) -> int:
        from rlft_gui.worker.trainer import train

        connection.close()
        return train(folder, attempt, self._stages)


_UNLIKE = Answer(is_unlike=True, refused="The warm worker was started with another program or environment.")


def cannot_fork() -> str | None:
    """Why copies of this process would not work; None if they would."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return "An imported library has touched CUDA, which a copy of this process could not use."
    if threading.active_count() > 1:
        names = ", ".join(sorted(thread.name for thread in threading.enumerate()))
        return f"An imported library has started threads, which a copy of this process would lack: {names}."
    return None


def _enter(task: Task) -> RunFolder:
    """Become what a supervisor is that was executed: its session, output, environment and directory."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = RunFolder(task.run_dir)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for number, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(number, target)
    os.close(nothing)
    os.close(log)
    os.environ.clear()
    os.environ.update(task.environment)
    os.chdir(task.directory)
    return folder
