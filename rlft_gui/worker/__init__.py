"""What runs in a run's own processes: the supervisor, without torch, and the trainer that it starts, watches and ends.

    python -m rlft_gui.worker RUN_DIR --attempt N            the supervisor
    python -m rlft_gui.worker RUN_DIR --attempt N --train    the trainer, started by the supervisor
    python -m rlft_gui.worker WARM_DIR --warm LIKENESS       the warm worker, which both can be forked from (warm.py)

None of them touches the database. Everything they have to say goes into the run folder.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rlft_gui.domain.home import RunFolder
from rlft_gui.processes import python_module

if TYPE_CHECKING:
    from rlft_gui.stages import Stage

#: Seconds a stage has to save a checkpoint and return once it was asked to stop: a probe in progress and a large
#: checkpoint fit in.
GRACE = 120.0


def main(stages: Callable[[], "Sequence[Stage]"], module: str, arguments: Sequence[str] | None = None) -> int:
    """Run as supervisor, as trainer or as warm worker. The supervisor starts `python -m module … --train`.

    `stages` is not called by the supervisor, so that it stays light.
    """
    asked = _parser().parse_args(arguments)
    if asked.warm:
        from rlft_gui.worker.warm import WarmWorker

        return WarmWorker(asked.folder, asked.warm, stages()).serve()

    folder = RunFolder(asked.folder.resolve())
    if asked.train:
        from rlft_gui.worker.starting import leave
        from rlft_gui.worker.trainer import train

        leave(train(folder, asked.attempt, stages()))

    from rlft_gui.worker.starting import Executed
    from rlft_gui.worker.supervisor import Supervisor

    command = [*python_module(module), str(folder.path), "--attempt", str(asked.attempt), "--train"]
    return Supervisor(folder, asked.attempt, Executed(command, folder), asked.grace).mind()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rlft_gui.worker")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--attempt", type=int, default=1)
    parser.add_argument("--grace", type=float, default=GRACE)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--warm")
    return parser
