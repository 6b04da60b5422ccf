"""What trackio does with the same points. Run by the Python of its own environment (benchmarks/trackio_env.py), in whose
variable TRACKIO_DIR a fresh folder stands.

    trackio_peer.py fill RUNS METRICS STEPS      prints figures of taking in and reading as JSON
    trackio_peer.py serve PORT                   its dashboard
    trackio_peer.py write SECONDS METRICS STEPS_A_SECOND
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trackio
from trackio.sqlite_storage import SQLiteStorage

PROJECT = "peer"
ROUNDS = 5
BATCH_SECONDS = 0.3  #: as often as our keeper takes points in


def fill(runs: int, metrics: int, steps: int) -> None:
    rows = [{f"m{metric}": 1 / (1 + step) for metric in range(metrics)} for step in range(steps)]
    began = time.perf_counter()
    for run in range(runs):
        SQLiteStorage.bulk_log(PROJECT, f"r{run}", rows, steps=list(range(steps)))
    points, seconds = runs * metrics * steps, time.perf_counter() - began
    stored = sum(file.stat().st_size for file in Path(os.environ["TRACKIO_DIR"]).rglob("*") if file.is_file())
    figures = {
        "points_a_second": points / seconds,
        "bytes_a_point": stored / points,
        "series_ms": _median(lambda: SQLiteStorage.get_metric_values(PROJECT, "r0", "m0")),
        "all_series_ms": _median(
            lambda: [SQLiteStorage.get_metric_values(PROJECT, f"r{run}", "m0") for run in range(runs)]
        ),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _median(read: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def serve(port: int) -> None:
    trackio.show(PROJECT, open_browser=False, block_thread=True, server_port=port)


def write(seconds: float, metrics: int, steps_a_second: int) -> None:
    """At a steady rate, in batches; the metric "clock" tells when each step was made."""
    numbers, began, step = random.Random(0), time.time(), 0
    while (passed := time.time() - began) < seconds:
        due = range(step, int(passed * steps_a_second))
        rows = [
            {
                "clock": began + one / steps_a_second,
                **{f"m{metric}": numbers.random() for metric in range(metrics - 1)},
            }
            for one in due
        ]
        if rows:
            SQLiteStorage.bulk_log(PROJECT, "r0", rows, steps=list(due))
            step = due.stop
        time.sleep(BATCH_SECONDS)


if __name__ == "__main__":
    work, *arguments = sys.argv[1:]
    works: dict[str, Callable[..., None]] = {"fill": fill, "serve": serve, "write": write}
    works[work](*(int(argument) for argument in arguments))
