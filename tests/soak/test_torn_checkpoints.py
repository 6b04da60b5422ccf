"""A real training run is killed in the middle of saving, twenty times: it goes on each time, and ends as if never killed."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.launchers import LocalLauncher, WorkerStatus
from rlft_gui.stages import stage
from rlft_gui.training.models import checkpoints
from tests.fakes.pipelines import wait_until
from tests.soak.figures import Figures
from tests.stages.attempts import difference, recipe
from tests.worker.case import kill_all_of

KILLS = 20
STEPS = 120
WAIT = 240.0  #: s; torch may take a minute to import beside other work


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path)
    kill_all_of(Home(tmp_path))


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_kill_while_saving_never_leaves_a_checkpoint_that_is_used(home: Home, figures: Figures) -> None:
    launcher = LocalLauncher(is_warm=True)
    whole, broken = _prepared(home, "whole"), _prepared(home, "broken")
    launcher.submit(whole, 1, "cpu")
    attempt = torn = resumed = 0
    while torn < KILLS:
        attempt += 1
        launcher.submit(broken, attempt, "cpu")
        torn += _killed_while_saving(broken)
        wait_until(lambda attempt=attempt: _is_over(launcher, broken, attempt), WAIT)  # type: ignore[misc]
        last = checkpoints.last_complete(broken)
        resumed += attempt == 1 or _resumed_from(broken, attempt) is not None
        assert last is None or checkpoints.sound(broken, last)
    launcher.submit(broken, attempt + 1, "cpu")
    for folder, ends in ((broken, attempt + 1), (whole, 1)):
        wait_until(lambda folder=folder, ends=ends: _ended_well(folder, ends), WAIT)  # type: ignore[misc]
    resumed += _resumed_from(broken, attempt + 1) is not None
    figures.add("R4", "kills that left a torn checkpoint", torn, "", f"≥ {KILLS}")
    figures.add("R4", "attempts behind a kill that went on from a whole one", resumed - 1, "", f"= {attempt}")
    apart = difference(home, "whole", "broken")
    figures.add(
        "R4",
        "largest difference of the last weights from those of a run that was never killed",
        apart,
        "",
        "= 0",
    )
    assert (resumed - 1, apart) == (attempt, 0.0)


def _prepared(home: Home, run_id: str) -> RunFolder:
    folder = home.run(run_id)
    folder.path.mkdir(parents=True)
    asked = recipe(
        stage("sft"),
        run_id,
        "lantern:demonstrations",
        max_steps=STEPS,
        checkpoint_every=1,
        probe_every=STEPS,
        keep_checkpoints=2,
    )
    folder.recipe.write_text(asked.model_dump_json())
    return folder


def _killed_while_saving(folder: RunFolder) -> bool:
    """Kill the trainer once a checkpoint is begun, some instants later; whether that one stayed without its marker."""
    before = set(folder.checkpoints.glob("step-*"))
    deadline = time.monotonic() + WAIT
    while not (begun := [path for path in folder.checkpoints.glob("step-*") if path not in before]):
        assert time.monotonic() < deadline, folder.log.read_text()[-2000:]
        time.sleep(0.0005)
    time.sleep(random.uniform(0, 0.02))
    os.kill(json.loads(folder.session.read_bytes())["pid"], signal.SIGKILL)
    newest = max(begun + list(folder.checkpoints.glob("step-*")), key=lambda path: int(path.name[5:]))
    return not (newest / checkpoints.MARKER).exists()


def _is_over(launcher: LocalLauncher, folder: RunFolder, attempt: int) -> bool:
    return launcher.status(folder, attempt) is WorkerStatus.GONE


def _resumed_from(folder: RunFolder, attempt: int) -> int | None:
    told = (json.loads(line) for line in folder.events.read_text().splitlines() if line.endswith("}"))
    return next(
        (event["from_step"] for event in told if event["kind"] == "resumed" and event["attempt"] == attempt),
        None,
    )


def _ended_well(folder: RunFolder, attempt: int) -> bool:
    if not folder.exit.exists() or json.loads(folder.exit.read_bytes())["attempt"] != attempt:
        return False
    assert json.loads(folder.exit.read_bytes())["code"] == 0, folder.log.read_text()[-2000:]
    return True
