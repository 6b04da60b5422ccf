"""The ladder on Lantern, launched stage by stage as a user would, beside the sum of its bare loops.

SFT, and from it DPO, RLHF by PPO and RLAIF; Constitutional AI from the base; one seed, one pipeline after the other. "In
loops" is the part in which a stage samples, has answers judged and takes steps, by the times of its events: what a bare script of
the same trainers could not save either (`python -m benchmarks training` compares those loops with TRL's own). How much of it is
judging stands beside it, for such a script may count it elsewhere. The rest is starting, loading, probing and ending. Both come from the same run, so a busy machine slows both.

What each method reaches is measured by `python -m benchmarks.ladder`.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ladder import ARMS, LOOPS, QUIET, SFT, pipeline_of, preset_stages, seconds_in_loops, train

NAMES = ("DPO", "RLHF, PPO", "RLAIF, DPO", "Constitutional AI, both phases")
MOST = 1.2  #: largest ratio of the sums that is fine


@dataclass(frozen=True)
class Timed:
    """A pipeline's runs, the seconds they were in loops, and those from its launch to its end."""

    runs: tuple[str, ...]
    in_loops: float
    judging: float  #: of those
    seconds: float


def main() -> None:
    print("\nThe ladder on Lantern, seconds")
    print(f"{'':34}{'in loops':>10}{'judging':>10}{'stages':>10}{'ratio':>8}{'target':>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        warm_up: dict[str, Any] = {
            "stages": {SFT: preset_stages("lantern-sft")[SFT] | QUIET},
            "method": "sft",
            "title": "SFT",
        }
        times = [_timed(home, "SFT", warm_up)]
        (sft,) = times[0].runs
        times += [_timed(home, arm.name, pipeline_of(arm, sft)) for arm in ARMS if arm.name in NAMES]
    bare, whole = sum(each.in_loops for each in times), sum(each.seconds for each in times)
    judging = sum(each.judging for each in times)
    verdict = "" if whole / bare <= MOST else "  above target"
    print(f"{'all':34}{bare:10.1f}{judging:10.1f}{whole:10.1f}{whole / bare:8.2f}{MOST:8.2f}{verdict}")
    print(f"load: {', '.join(f'{load:.1f}' for load in os.getloadavg())} of {os.cpu_count()} processors")


def _timed(home: Path, name: str, pipeline: dict[str, Any]) -> Timed:
    """Train one pipeline."""
    runs, seconds = train(home, pipeline, seed=0)
    in_loops, judging = (
        sum(seconds_in_loops(home, run, phases) for run in runs) for phases in (LOOPS, ("judging",))
    )
    print(f"{name:34}{in_loops:10.1f}{judging:10.1f}{seconds:10.1f}{seconds / in_loops:8.2f}", flush=True)
    return Timed(tuple(runs), in_loops, judging, seconds)


if __name__ == "__main__":
    main()
