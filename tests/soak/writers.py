"""Processes that report as trainers do, and one that takes in as the keeper does. Each is run as a module and killed.

python -m tests.soak.writers write HOME RUN ATTEMPT STEP    reports steps from STEP on; prints each that was taken
python -m tests.soak.writers steady HOME RUN RATE SECONDS   reports that many steps a second, the time in "clock"
python -m tests.soak.writers take HOME RUN…                 takes in what they report, all the time
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.keeper.loop import PERIOD
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import open_storage
from rlft_gui.training.run.reporter import EventReporter


def value(step: int) -> float:
    """What is reported at a step, so that a reader knows a point that was changed."""
    return 1.0 / (1 + step)


def start(*arguments: str | int | Path) -> "subprocess.Popen[bytes]":
    """One of these processes; what it prints is to be read."""
    command = [sys.executable, "-m", "tests.soak.writers", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)


def write(home: Home, run_id: str, attempt: int, step: int) -> None:
    reporter = EventReporter(home.run(run_id), attempt)
    reporter.state("running")
    if attempt > 1:
        reporter.resumed(step - 1)
    while True:
        reporter.metrics(step, {"loss": value(step)})
        os.write(1, b"%d\n" % step)  # it was taken: from here on it must not be lost
        step += 1


def steady(home: Home, run_id: str, rate: int, seconds: float) -> None:
    reporter, began, step = EventReporter(home.run(run_id), 1), time.time(), 0
    reporter.state("running")
    while (passed := time.time() - began) < seconds:
        while step < passed * rate:
            reporter.metrics(step, {"clock": time.time()})
            step += 1
        time.sleep(0.005)


def take(home: Home, run_ids: list[str]) -> None:
    ingester = Ingester(home, open_storage(home))
    os.write(1, b"ready\n")
    while True:
        for run_id in run_ids:
            ingester.ingest(run_id)
        time.sleep(PERIOD)


def read(home: Home, seconds: float, run_ids: list[str]) -> None:
    runs, cursors = Runs(home, open_storage(home)), dict.fromkeys(run_ids, "")
    until, took = time.monotonic() + seconds, []
    while time.monotonic() < until:
        for run_id in run_ids:
            began = time.perf_counter()
            (update,) = runs.curves([(run_id, cursors[run_id])])
            took.append(time.perf_counter() - began)
            cursors[run_id] = update.cursor
        time.sleep(0.1)
    os.write(1, json.dumps(took).encode())


def main(act: str, home: Home, *rest: str) -> None:
    if act == "write":
        write(home, rest[0], int(rest[1]), int(rest[2]))
    elif act == "steady":
        steady(home, rest[0], int(rest[1]), float(rest[2]))
    elif act == "read":
        read(home, float(rest[0]), list(rest[1:]))
    else:
        take(home, list(rest))


if __name__ == "__main__":
    main(sys.argv[1], Home(Path(sys.argv[2])), *sys.argv[3:])
