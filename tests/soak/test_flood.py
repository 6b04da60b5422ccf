"""Four runs report a thousand rows a second each while fifty people look on: nobody who reads waits."""

import asyncio
import json
import statistics
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from rlft_gui.domain.home import Home
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import open_storage
from tests.fakes.homes import fresh_home
from tests.soak import writers
from tests.soak.figures import Figures
from tests.soak.live_runs import claimed
from tests.soak.viewing import App, look

RUNS, ROWS_A_SECOND, SECONDS, VIEWERS = 4, 1000, 60, 50
LONGEST_MS, LOG_MB = 100, 64


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_flood_of_metrics_slows_nobody_who_reads(tmp_path: Path, figures: Figures) -> None:
    home = fresh_home(tmp_path)
    storage = open_storage(home)
    run_ids = [run.id for run in claimed(home, storage, RUNS)]
    with FileLock(home.keeper_lock), App(home.path) as (address, _):
        taker = writers.start("take", home.path, *run_ids)
        assert taker.stdout is not None
        assert taker.stdout.readline() == b"ready\n"
        busy = [writers.start("steady", home.path, run_id, ROWS_A_SECOND, SECONDS + 5) for run_id in run_ids]
        reader = writers.start("read", home.path, SECONDS, *run_ids)
        log = Watched(home)
        seen = asyncio.run(look(address, run_ids, VIEWERS, SECONDS))
        took = json.loads(reader.communicate()[0])
        for writer in busy:
            writer.communicate()
        time.sleep(3)  # the taker's last round
        largest = log.end()
        taker.kill()
        taker.communicate()
    runs = Runs(home, storage)
    rows = sum(len(runs.metrics(run_id)["clock"]) for run_id in run_ids)
    storage.close()
    figures.add("R11", "rows taken in", rows, "", f"≥ {RUNS * ROWS_A_SECOND * SECONDS}")
    figures.add("R11", "reads of curves, p99", 1000 * _p99(took), "ms", f"< {LONGEST_MS}")
    figures.add("R11", "reads of curves, p50", 1000 * statistics.median(took), "ms", "")
    figures.add("R11", "write-ahead log at its largest", largest / 1e6, "MB", f"< {LOG_MB}")
    figures.add("R11", f"curves over HTTP with {VIEWERS} viewers, p99", _p99(seen.took["curves"]), "s", "")
    figures.add(
        "R11", "age of the newest point that a viewer has, p50", statistics.median(seen.late), "s", ""
    )
    figures.add("R11", "questions of viewers without an answer", seen.failed, "", "= 0")
    assert seen.failed + seen.refused == 0
    assert rows >= RUNS * ROWS_A_SECOND * SECONDS


class Watched:
    """The size of the write-ahead log, looked at all the time."""

    def __init__(self, home: Home) -> None:
        self._file = home.database.with_name(home.database.name + "-wal")
        self._over = threading.Event()
        self._largest = 0
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self._largest = max(self._largest, self._file.stat().st_size if self._file.exists() else 0)

    def end(self) -> int:
        """Bytes at its largest."""
        self._over.set()
        self._thread.join()
        return self._largest


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]
