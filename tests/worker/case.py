"""One run whose supervisor and trainer are real processes, of either kind: executed, or forked from a warm worker."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import psutil

from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.run import ExitRecord
from rlft_gui.launchers import LocalLauncher
from rlft_gui.launchers.warm import WarmLauncher
from tests.fakes.pipelines import pipeline, wait_until

WORKER = (sys.executable, "-m", "tests.fakes.worker")


class Supervisor(Protocol):
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...


class Forked:
    """The supervisor that a warm worker forked, as far as one who is not its parent can tell."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._ended = threading.Event()
        self.trouble: str | None = None

    def has_ended(self, trouble: str | None) -> None:
        self.trouble = trouble
        self._ended.set()

    def wait(self, timeout: float | None = 60) -> int:
        assert self._ended.wait(timeout)
        return 0 if self.trouble is None else 1

    def process(self) -> psutil.Process:
        wait_until(self._folder.sign.exists)
        return psutil.Process(json.loads(self._folder.sign.read_bytes())["pid"])

    def kill(self) -> None:
        self.process().kill()

    def terminate(self) -> None:
        self.process().terminate()


class Case:
    def __init__(self, path: Path, *, is_warm: bool, run_id: str = "sft-1") -> None:
        self.home = Home(path)
        self.folder: RunFolder = self.home.run(run_id)
        self.folder.path.mkdir(parents=True)
        self._is_warm = is_warm
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, attempt: int = 1, grace: float = 30, **settings: Any) -> Supervisor:
        (run,) = pipeline("sft", settings=settings).runs
        self.folder.recipe.write_text(run.recipe.model_dump_json())
        if self._is_warm:
            return self.fork(attempt, grace)
        command = [*WORKER, str(self.folder.path), "--attempt", str(attempt), "--grace", str(grace)]
        supervisor = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._started.append(supervisor)
        return supervisor

    def fork(
        self, attempt: int = 1, grace: float = 30, environment: Mapping[str, str] = os.environ
    ) -> Forked:
        forked = Forked(self.folder)
        self.warm(environment).mind(self.folder, attempt, grace, forked.has_ended)
        return forked

    def warm(self, environment: Mapping[str, str] = os.environ) -> WarmLauncher:
        return WarmLauncher(self.home.warm("cpu"), WORKER, environment)

    def warm_workers(self) -> list[psutil.Process]:
        """Those that listen, not their copies."""
        words = str(self.home.warm("cpu"))
        found = [p for p in psutil.process_iter() if words in cmdline(p)]
        return [p for p in found if not any(parent in found for parent in p.parents())]

    def events(self) -> list[dict[str, Any]]:
        if not self.folder.events.exists():
            return []
        return [json.loads(line) for line in self.folder.events.read_text().splitlines()]

    def wait_step(self, step: int) -> None:
        wait_until(lambda: any(event.get("step", -1) >= step for event in self.events()))

    def trainer(self) -> psutil.Process:
        (pid,) = (pid for pid in LocalLauncher().find(self.folder) if os.getsid(pid) == pid)
        return psutil.Process(pid)

    def record(self) -> ExitRecord:
        return ExitRecord.model_validate_json(self.folder.exit.read_bytes())

    def clean(self) -> None:
        for supervisor in self._started:
            supervisor.kill()
            supervisor.communicate()
        kill_all_of(self.home)
        LocalLauncher().end(self.folder)


def kill_all_of(home: Home) -> None:
    for process in psutil.process_iter():
        if str(home.path) in cmdline(process):
            process.kill()


def cmdline(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
