"""Curves of twenty runs of thirty metrics and 5,000 steps each, 3 million points: taking them in, and reading them.

Beside each reading stands the one of version 0.2.0 on the same points, by its index and one object a point. The events of
every run are the same bytes, so that taking them in costs what it does, and writing them costs nothing here. Then trackio.
"""

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from benchmarks import trackio_env
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Point
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.services import Services, open_services
from tests.fakes.pipelines import pipeline

RUNS, METRICS, STEPS = 20, 30, 5_000
ROUNDS = 5
OLD_INDEX = "CREATE INDEX metric_at ON metric (run_number, at)"
OLD_SERIES = """
    SELECT step, value, nonfinite FROM metric
    WHERE run_number = ? AND at <= ? AND name_id = (SELECT id FROM metric_name WHERE name = ?)
    ORDER BY step
"""
TARGETS = {"a series": 1.5, "loss of 20 runs": 60.0}  #: ms


def main() -> None:
    """Print points a second, bytes a point, and both readings with their ratio."""
    folder = Path(tempfile.mkdtemp())
    try:
        services = open_services(folder)
        runs = stopped_runs(services, RUNS)
        seconds = taken_in(services, runs, [f"m{metric}" for metric in range(METRICS)])
        size = services.home.database.stat().st_size / (RUNS * METRICS * STEPS)
        print(f"{RUNS * METRICS * STEPS:,} points of {RUNS} runs, load {os.getloadavg()[0]:.1f}")
        print(f"  taken in         {RUNS * METRICS * STEPS / seconds:9,.0f} a second   target 200,000")
        print(f"  bytes a point    {size:9.1f}            target ≤ 30")
        _compare(services, runs)
        _print_peer(folder)
        services.storage.close()
    finally:
        shutil.rmtree(folder)


def _compare(services: Services, runs: list[str]) -> None:
    ours: dict[str, Callable[[], object]] = {
        "a series": lambda: services.runs.curves([(runs[0], "")], ["m0"]),
        "loss of 20 runs": lambda: services.runs.curves([(run, "") for run in runs], ["m0"]),
        "all of a run": lambda: services.runs.curves([(runs[0], "")]),
    }
    times = {what: _median(read) for what, read in ours.items()}
    with services.storage.write() as connection:
        connection.execute(sa.text(OLD_INDEX))
    asked = {
        "a series": [(1, "m0")],
        "loss of 20 runs": [(number, "m0") for number in range(1, RUNS + 1)],
        "all of a run": [(1, f"m{metric}") for metric in range(METRICS)],
    }
    for what, series in asked.items():
        before = _median(partial(_read_as_before, services, series))
        target = f"   target ≤ {TARGETS[what]:g} ms" if what in TARGETS else ""
        print(
            f"  {what:16} {times[what]:9.1f} ms   {before:8.1f} ms in 0.2.0   ratio {times[what] / before:.2f}{target}"
        )


def _print_peer(folder: Path) -> None:
    """The same numbers through trackio's writer within the process (no keeper, no events), and its reading of a metric."""
    told, _ = trackio_env.start(folder / "trackio", "fill", RUNS, METRICS, STEPS).communicate()
    peer = json.loads(told.splitlines()[-1])
    print(
        f"  trackio {trackio_env.TRACKIO}: {peer['points_a_second']:,.0f} a second, {peer['bytes_a_point']:.1f} bytes a point, "
        f"a series {peer['series_ms']:.1f} ms, {RUNS} series {peer['all_series_ms']:.0f} ms, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _read_as_before(services: Services, series: list[tuple[int, str]]) -> list[list[Point]]:
    with services.storage.read() as connection:
        return [
            [
                Point.model_construct(step=row.step, value=row.value, nonfinite=row.nonfinite)
                for row in connection.exec_driver_sql(OLD_SERIES, (number, STEPS, name))
            ]
            for number, name in series
        ]


def _median(read: Callable[[], object]) -> float:
    """ms"""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def stopped_runs(services: Services, count: int) -> list[str]:
    """As a keeper leaves them, without one."""
    transitions, found = services.storage.transitions, []
    for number in range(count):
        transitions.add(pipeline("sft"), launch_id=f"launch-{number}")
        claimed = transitions.claim_next(("cpu",), "local")
        assert claimed is not None
        services.home.run(claimed[0].id).path.mkdir(parents=True)
        transitions.settle(claimed[0], RunStatus.STOPPED, None, "")  # frees the device for the next
        found.append(claimed[0].id)
    return found


def taken_in(services: Services, runs: list[str], names: Sequence[str]) -> float:
    """Have each run report these metrics STEPS times, and take it in; returns the seconds of that."""
    lines = (
        {
            "kind": "metrics",
            "attempt": 1,
            "seq": step + 1,
            "time": 0.0,
            "step": step,
            "values": dict.fromkeys(names, 1 / (1 + step)),
        }
        for step in range(STEPS)
    )
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    home: Home = services.home
    for run in runs:
        home.run(run).events.write_text(text)
    ingester = Ingester(home, services.storage)
    began = time.perf_counter()
    for run in runs:
        ingester.ingest(run)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
