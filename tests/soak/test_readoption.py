"""App and keeper are killed; how soon the next keeper takes in what a run reports, which trains on meanwhile."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from tests.fakes.apps import kill, listening, running, start_app
from tests.fakes.pipelines import World, wait_until, world
from tests.fakes.stages import value
from tests.soak.figures import Figures

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

MOST_SECONDS = 5.0
ROUNDS = 5
RUNS = 20
STEPS = 6
HELD = 3


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "home") as made:
        yield made


def kill_keepers(here: World) -> None:
    for pid in here.pids("keeper"):
        if "keeper" in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(pid, signal.SIGKILL)


def seen_after(here: World, run: Run, step: int) -> float:
    """Seconds until rows hold more than this step, which the run is let go from. Nothing here starts a keeper."""
    begun = time.monotonic()
    here.let_go(run, step)
    while here.runs.get(run.id).step <= step:
        time.sleep(0.02)
        assert time.monotonic() - begun < 60
    return time.monotonic() - begun


def test_a_new_app_takes_up_a_run_whose_app_and_keeper_were_killed(here: World, figures: Figures) -> None:
    run = here.add_run(steps=100, hold=list(range(1, 100)))
    with running(here.home) as apps:
        listening(apps[0])
        wait_until(lambda: here.runs.get(run.id).step == 1)
        waits = []
        for step in range(1, 1 + ROUNDS):
            kill(apps[0])
            kill_keepers(here)
            apps[0] = start_app(here.home)
            waits.append(seen_after(here, run, step))
        figures.add("R1", "app and keeper killed, until new points are rows", max(waits), "s", "≤ 5")

        listening(apps[0])
        time.sleep(3)  # it has seen that this keeper lives
        alone = []
        for step in range(1 + ROUNDS, 1 + 2 * ROUNDS):
            kill_keepers(here)
            alone.append(seen_after(here, run, step))
            time.sleep(random.random())
        figures.add("R1", "keeper alone killed, until new points are rows", max(alone), "s", "≤ 5")
        here.runs.stop(run.id, user="local")
        wait_until(lambda: here.status(run).is_ended)
    assert max(waits + alone) <= MOST_SECONDS


def test_two_apps_are_killed_over_twenty_runs_and_each_run_starts_once(here: World, figures: Figures) -> None:
    runs = [here.add_run(steps=STEPS, hold=[HELD]) for _ in range(RUNS)]
    waits = []
    with running(here.home, count=2) as apps:
        for run in runs:
            wait_until(lambda run=run: here.runs.get(run.id).step == HELD)  # type: ignore[misc]
            time.sleep(2 * random.random())  # so that some are killed while they start
            kill(*apps)
            kill_keepers(here)
            apps[:] = [start_app(here.home), start_app(here.home)]
            waits.append(seen_after(here, run, HELD))
        wait_until(lambda: all(here.status(run).is_ended for run in runs))
    figures.add(
        "R1", "two apps and the keeper killed 20 times, until new points are rows", max(waits), "s", "≤ 5"
    )
    _tell(figures, here, runs)
    assert max(waits) <= MOST_SECONDS


def _tell(figures: Figures, here: World, runs: list[Run]) -> None:
    doubled = sum(_starts(here, run) - 1 for run in runs)
    lost = sum(_lost(here, run) for run in runs)
    unfinished = sum(here.status(run) is not RunStatus.SUCCEEDED for run in runs)
    figures.add("R1", "runs that started twice", doubled, "", "= 0")
    figures.add("R1", "rows that were lost or doubled", lost, "", "= 0")
    figures.add("R1", "runs that did not succeed", unfinished, "", "= 0")
    assert (doubled, lost, unfinished) == (0, 0, 0)


def _starts(here: World, run: Run) -> int:
    return here.home.run(run.id).events.read_text().count('"state":"running"')


def _lost(here: World, run: Run) -> int:
    points = [(point.step, point.value) for point in here.runs.metrics(run.id)["loss"]]
    expected = [(step, value(run.recipe.seed, step)) for step in range(STEPS + 1)]
    return len(set(expected) ^ set(points)) + len(points) - len(set(points))
