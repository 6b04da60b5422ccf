"""Writers and takers are killed again and again: whatever a writer was told is taken stands in the rows, once."""

import random
import time
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home
from tests.soak import writers
from tests.soak.figures import Figures
from tests.soak.live_runs import claimed

KILLS = 25


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_killed_writers_and_takers_lose_nothing(tmp_path: Path, figures: Figures) -> None:
    home = fresh_home(tmp_path)
    storage = open_storage(home)
    (run,) = claimed(home, storage, 1)
    acknowledged = -1
    shown: dict[int, float | None] = {}
    for attempt in range(1, KILLS + 1):
        taker = writers.start("take", home.path, run.id)
        acknowledged = _write_until_killed(home, run, attempt, acknowledged + 1)
        time.sleep(random.random())
        taker.kill()
        taker.communicate()
        now = _points(home, storage, run)
        assert shown.items() <= now.items(), "what was shown once is still there"
        shown = {step: value for step, value in now.items() if step <= acknowledged}
    Ingester(home, storage).ingest(run.id)
    found = _points(home, storage, run)
    storage.close()
    lost = [step for step in range(acknowledged + 1) if found.get(step) != writers.value(step)]
    figures.add("R6", "writers and takers killed", 2 * KILLS, "", f"≥ {2 * KILLS}")
    figures.add("R6", "numbers acknowledged", acknowledged + 1, "", "")
    figures.add("R6", "acknowledged numbers lost or changed", len(lost), "", "= 0")
    assert lost == []
    assert acknowledged > KILLS * 10


def _write_until_killed(home: Home, run: Run, attempt: int, step: int) -> int:
    """The last step that the writer was told is taken, itself printed whole before the kill."""
    writer = writers.start("write", home.path, run.id, attempt, step)
    assert writer.stdout is not None
    writer.stdout.readline()  # it is at work
    time.sleep(random.uniform(0.01, 0.5))
    writer.kill()
    told = writer.communicate()[0].decode().rpartition("\n")[0].split("\n")
    return int(told[-1]) if told != [""] else step


def _points(home: Home, storage: Storage, run: Run) -> dict[int, float | None]:
    points = Runs(home, storage).metrics(run.id).get("loss", [])
    return {point.step: point.value for point in points}
