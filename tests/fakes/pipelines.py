"""Queued pipelines and the services around them, with workers that only count."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from rlft_gui.data.generated import RowsWriter
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import GENERATED_BY, ParentRef, PipelineSpec, Recipe
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.runs.reviewing import Reviewing
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home
from tests.fakes.stages import gate, generated_row

KEEPER = (sys.executable, "-m", "tests.fakes.keeper")
WARM_KEEPER = (*KEEPER, "--warm")

#: Far more than anything here takes, so that a hang becomes a failure with a stack and not a slow machine.
PATIENCE = 60.0

_numbers = itertools.count(1)


@dataclass(frozen=True)
class World:
    """A home of one's own with its services."""

    home: Home
    storage: Storage
    keeper: KeeperStarter
    runs: Runs

    @property
    def reviewing(self) -> Reviewing:
        return Reviewing(self.home, self.storage, self.runs)

    def add(self, *stages: str, **settings: Any) -> Pipeline:
        """Queue a pipeline whose stages continue one another; `settings` are for tests/fakes/stages.py."""
        made = pipeline(*(stages or ("sft",)), settings=settings)
        assert self.storage.transitions.add(made, launch_id=made.id)
        return made

    def add_generating(self, *, review: bool = True, **settings: Any) -> Pipeline:
        """Queue a pipeline of a run that makes rows and one that learns from them."""
        queued = generating(review=review, settings=settings)
        assert self.storage.transitions.add(queued, launch_id=queued.id)
        return queued

    def add_generated(self, rows: int = 3) -> tuple[Run, Run]:
        """A run that has made its rows, without a process, and the queued one that takes them."""
        maker, taker = self.add_generating(review=False).runs
        self.storage.transitions.claim_next(("cpu",), "local")
        made = RowsWriter(self.home.run(maker.id), DataType.DEMONSTRATIONS)
        made.append([generated_row(number) for number in range(1, rows + 1)], prompts=rows)
        made.finish("Revised answers")
        self.storage.transitions.settle(self.runs.get(maker.id), RunStatus.SUCCEEDED, None, "")
        return maker, taker

    def add_run(self, **settings: Any) -> Run:
        return self.add("sft", **settings).runs[0]

    def status(self, run: Run) -> RunStatus:
        return self.runs.get(run.id).status

    def wait_ended(self, run: Run) -> Run:
        """The run once it has ended. Like any screen that is open, this keeps a keeper alive."""
        wait_until(lambda: self.runs.pill() and self.status(run).is_ended)
        return self.runs.get(run.id)

    def wait_step(self, run: Run, step: int) -> Run:
        wait_until(lambda: self.runs.pill() and self.runs.get(run.id).step >= step)
        return self.runs.get(run.id)

    def let_go(self, run: Run, step: int) -> None:
        """Let a run that holds at this step go on."""
        gate(self.home.run(run.id), step).touch()

    def pids(self, kind: str, run: Run | None = None) -> list[int]:
        """Processes of this home: "keeper", or a run's "supervisor" or "trainer"."""
        return [process.pid for process in _processes(self.home, kind, run)]


@contextmanager
def world(path: Path, *, is_warm: bool = False) -> Iterator[World]:
    """Everything that was started in it is gone at the end, and leaving anything behind fails the test."""
    home = fresh_home(path)
    storage = open_storage(home)
    keeper = KeeperStarter(home, WARM_KEEPER if is_warm else KEEPER)
    made = World(home, storage, keeper, Runs(home, storage, keeper))
    try:
        yield made
        wait_until(lambda: not [*made.pids("supervisor"), *made.pids("trainer")])
    finally:
        storage.close()
        left = _processes(home, "any", None)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=PATIENCE)


def pipeline(*stages: str, settings: dict[str, Any] | None = None, linked: bool = True) -> Pipeline:
    """Queued runs, each of which continues the one before if they are `linked`."""
    number = next(_numbers)
    pipeline_id = f"p-{number}"
    runs: list[Run] = []
    for position, stage in enumerate(stages):
        parent = ParentRef(run_id=runs[-1].id) if runs and linked else None
        recipe = Recipe(
            run_id=f"{stage}-{number}-{position}",
            pipeline_id=pipeline_id,
            method="dpo",
            stage=stage,
            base="lantern",
            parent=parent,
            settings=settings or {},
            seed=number,
        )
        run = Run(
            id=recipe.run_id,
            pipeline_id=pipeline_id,
            position=position,
            stage=stage,
            method="dpo",
            title=f"Tour {number}",
            base="lantern",
            status=RunStatus.QUEUED,
            reason="Starts next.",
            created_at=1.0,
            parent_run_id=parent.run_id if parent else None,
            recipe=recipe,
        )
        runs.append(run)
    return Pipeline(
        id=pipeline_id,
        title=f"Tour {number}",
        method="dpo",
        base="lantern",
        spec=PipelineSpec(method="dpo"),
        created_at=1.0,
        owner="local",
        runs=tuple(runs),
    )


def generating(*, review: bool, settings: dict[str, Any]) -> Pipeline:
    """Two queued runs: critique_revision makes rows, sft takes them."""
    made = pipeline("critique_revision", "sft", settings=settings, linked=False)
    maker, taker = made.runs
    recipe = taker.recipe.model_copy(update={"settings": {**settings, "data": f"{GENERATED_BY}{maker.id}"}})
    runs = (maker, taker.model_copy(update={"recipe": recipe}))
    spec = made.spec.model_copy(update={"review": review})
    return made.model_copy(update={"runs": runs, "spec": spec})


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} seconds in vain"
        time.sleep(0.1)


def _processes(home: Home, kind: str, run: Run | None) -> list[psutil.Process]:
    """Known by their command lines, which name the home or the run folder, or as forks by what the run folder says."""
    found = []
    for process in psutil.process_iter():
        try:
            command = process.cmdline()
            alive = process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid()
        except psutil.Error:
            continue
        if alive and any(part == str(home.path) or part.startswith(f"{home.path}/") for part in command):
            its_kind, folder = _kind(home, process.pid, command)
            if kind in (its_kind, "any") and (run is None or folder == home.run(run.id)):
                found.append(process)
    return found


def _kind(home: Home, pid: int, command: list[str]) -> tuple[str, RunFolder | None]:
    """What a process of the home is, and of which run."""
    if "--attempt" in command:
        (path,) = (Path(part) for part in command if part.startswith(f"{home.runs}/"))
        return ("trainer" if "--train" in command else "supervisor"), RunFolder(path)
    if "--warm" not in command or str(home.path) in command:
        return "keeper", None
    for folder in map(RunFolder, home.runs.glob("*")):
        for file, kind in ((folder.sign, "supervisor"), (folder.session, "trainer")):
            if file.exists() and json.loads(file.read_bytes())["pid"] == pid:
                return kind, folder
    return "warm worker", None


def start_keeper(home: Home) -> "subprocess.Popen[bytes]":
    """A keeper that this process waits for."""
    return subprocess.Popen([*KEEPER, str(home.path)], stdin=subprocess.DEVNULL, start_new_session=True)
