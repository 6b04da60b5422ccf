"""Fifty people look at a run that reports 4,000 points a second: how long their questions take, and how old the answers are.

A real app in a process of its own, a writer and a taker of its events in two more, and viewers over HTTP that ask what a
browser on the run's page asks, as often, for all 30 metrics. Version 0.2.0, on two cores: 39 of 50 polls of curves timed
out, memory went from 200 to 1,255 MB, rows were 50 s late. Then the same before trackio's dashboard.
"""

import asyncio
import json
import multiprocessing
import os
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from filelock import FileLock

from benchmarks import live_peer
from rlft_gui.domain.home import Home
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.keeper.loop import PERIOD
from rlft_gui.services import open_services
from rlft_gui.storage import open_storage
from tests.fakes.pipelines import pipeline
from tests.soak.viewing import PATIENCE, App, Seen, look, signed_in

VIEWERS, SECONDS = 50, 60.0
METRICS, STEPS_A_SECOND = 30, 133  #: 3,990 points a second
LONGEST = 0.5  #: s, p99 of curves


def main() -> None:
    """Print p50 and p99 of each question, failures, lateness of points, and the app's memory before and after."""
    folder = Path(tempfile.mkdtemp())
    try:
        run_id = _run(folder)
        # The keeper would end a run that no process makes: its place is taken by `_take_in`, and until then by this.
        with FileLock(Home(folder).keeper_lock), App(folder) as (address, process):
            before = live_peer.memory_of(process)
            helpers = [_start(_write, folder, run_id), _start(_take_in, folder, run_id)]
            seen = asyncio.run(look(address, signed_in(folder), [run_id], VIEWERS, SECONDS))
            after = live_peer.memory_of(process)
            for helper in helpers:
                helper.join()
        _print(seen, before, after)
        peer = live_peer.look(
            folder / "trackio",
            viewers=VIEWERS,
            seconds=SECONDS,
            metrics=METRICS,
            steps_a_second=STEPS_A_SECOND,
            patience=PATIENCE,
        )
        print(live_peer.told(peer))
    finally:
        shutil.rmtree(folder)


def _print(seen: Seen, before: float, after: float) -> None:
    asked = len(seen.all_took)
    print(
        f"{VIEWERS} viewers of {METRICS * STEPS_A_SECOND:,} points a second, {SECONDS:.0f} s, "
        f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors"
    )
    for name, times in seen.took.items():
        target = f"   target ≤ {LONGEST} s" if name == "curves" else ""
        if len(times) > 1:
            print(f"  {name:12} p50 {statistics.median(times):6.3f} s   p99 {_p99(times):6.3f} s{target}")
    print(f"  failed       {seen.failed} of {asked + seen.failed}")
    print(f"  points late  p50 {statistics.median(seen.late):6.2f} s   p99 {_p99(seen.late):6.2f} s")
    print(f"  memory       {before:.0f} MB before, {after:.0f} MB after   read {seen.bytes / 1e6:.0f} MB")


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]


def _run(folder: Path) -> str:
    """A run that a keeper has started, without one."""
    services = open_services(folder)
    services.storage.transitions.add(pipeline("sft"), launch_id="live")
    claimed = services.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    services.home.run(claimed[0].id).path.mkdir(parents=True)
    services.storage.close()
    return claimed[0].id


def _start(work: Any, folder: Path, run_id: str) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("spawn").Process(target=work, args=(folder, run_id))
    process.start()
    return process


def _write(folder: Path, run_id: str) -> None:
    """Steps at a steady rate; the metric "clock" tells when each was made."""
    numbers, began, step = random.Random(0), time.time(), 0
    with Home(folder).run(run_id).events.open("ab", buffering=0) as file:
        file.write(_line(1, kind="state", state="running"))
        while (passed := time.time() - began) < SECONDS + 5:
            while step < passed * STEPS_A_SECOND:
                values = {f"m{metric}": numbers.random() for metric in range(METRICS - 1)}
                file.write(
                    _line(step + 2, kind="metrics", step=step, values={"clock": time.time(), **values})
                )
                step += 1
            time.sleep(0.005)


def _line(seq: int, **event: Any) -> bytes:
    return json.dumps({"attempt": 1, "seq": seq, "time": time.time(), **event}).encode() + b"\n"


def _take_in(folder: Path, run_id: str) -> None:
    """What a keeper does for one live run."""
    home, until = Home(folder), time.time() + SECONDS + 5
    storage = open_storage(home)
    ingester = Ingester(home, storage)
    while time.time() < until:
        ingester.ingest(run_id)
        time.sleep(PERIOD)
    storage.close()


if __name__ == "__main__":
    main()
