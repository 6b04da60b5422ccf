"""What runs in a run's own processes: the supervisor, without torch, and the trainer that it starts, watches and ends.

    python -m rlft_gui.worker RUN_DIR --attempt N            the supervisor
    python -m rlft_gui.worker RUN_DIR --attempt N --train    the trainer, started by the supervisor

Neither touches the database. Everything they have to say goes into the run folder.
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
    """Run as supervisor or as trainer. The supervisor starts `python -m module … --train`.

    `stages` is called by the trainer alone, so that the supervisor stays light.
    """
    asked = _parser().parse_args(arguments)
    folder = RunFolder(asked.run_dir.resolve())
    if asked.train:
        from rlft_gui.worker.trainer import train

        return train(folder, asked.attempt, stages())

    from rlft_gui.worker.supervisor import Supervisor

    command = [*python_module(module), str(folder.path), "--attempt", str(asked.attempt), "--train"]
    return Supervisor(folder, asked.attempt, command, asked.grace).mind()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rlft_gui.worker")
    parser.add_argument("run_dir", type=Path)
    parser.add_argument("--attempt", type=int, required=True)
    parser.add_argument("--grace", type=float, default=GRACE)
    parser.add_argument("--train", action="store_true")
    return parser
