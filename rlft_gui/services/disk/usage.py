"""What takes space in a home: runs with their checkpoints, datasets, models, the database. Sizes are bytes of files."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home
from rlft_gui.storage import Storage
from rlft_gui.training.models.checkpoints import complete_steps


class RunUse(Frozen):
    """What one run takes. `steps` are its complete checkpoints; `rest` is its record, log and rows that it made."""

    run: str
    title: str
    stage: str
    status: str
    steps: tuple[int, ...]
    checkpoints: int
    rest: int


class Usage(Frozen):
    """`runs` come largest first; `rest` is whatever else lies in the home, such as logs and files that wait."""

    runs: tuple[RunUse, ...]
    datasets: int
    models: int
    database: int
    rest: int

    @property
    def used(self) -> int:
        of_runs = sum(run.checkpoints + run.rest for run in self.runs)
        return of_runs + self.datasets + self.models + self.database + self.rest


def usage(home: Home, storage: Storage) -> Usage:
    """Looks at every file of the home once."""
    known = {run.id: run for run in storage.runs.list()}
    runs = []
    for run_id, run in known.items():
        folder = home.run(run_id)
        checkpoints = size_of(folder.checkpoints)
        runs.append(
            RunUse(
                run=run_id,
                title=run.title,
                stage=run.stage,
                status=str(run.status),
                steps=tuple(complete_steps(folder)),
                checkpoints=checkpoints,
                rest=size_of(folder.path) - checkpoints,
            )
        )
    runs.sort(key=lambda one: -(one.checkpoints + one.rest))
    found = Usage(
        runs=tuple(runs),
        datasets=size_of(home.datasets),
        models=size_of(home.models),
        database=sum(_size(path) for path in home.path.glob(f"{home.database.name}*")),
        rest=0,
    )
    return found.model_copy(update={"rest": max(0, size_of(home.path) - found.used)})


def free(home: Home) -> int:
    """Bytes that the disk of the home has left."""
    return shutil.disk_usage(home.path).free


def size_of(folder: Path) -> int:
    """Bytes of all files below it; 0 where there is none. What is removed meanwhile does not count."""
    return sum(_sizes(folder))


def _sizes(folder: str | Path) -> Iterator[int]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(entry.path)
            else:
                with suppress(FileNotFoundError):
                    yield entry.stat(follow_symlinks=False).st_size


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0
