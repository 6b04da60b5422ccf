"""What GRPO learns on card sums by a rule alone: the share of right totals at the beginning and at the end of training.

    python -m benchmarks.cards FOLDER SEED...   trains `lantern-grpo` with these seeds and prints the table

A single step has 64 answers to 8 prompts and jumps by a tenth and more, so means over ten steps are compared. The interval
of the mean difference is Student's over seeds: wide with three, and honest about it.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

STEPS = 10  #: that a mean is over
_STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}  #: 97.5 % points, by number of seeds


def right_totals(home: Path, seed: int) -> list[float]:
    """The share of right answers at each step of one run."""
    rlft = [sys.executable, "-m", "rlft_gui"]
    where = ["--json", "--home", str(home)]
    trained = _said([*rlft, "train", "lantern-grpo", "--set", f"seed={seed}", *where])
    run = trained["runs"][-1]["id"]
    return [share for _, share in _said([*rlft, "metrics", run, *where])["reward/mean"]]


def _said(command: Sequence[str]) -> Any:
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    folder, seeds = Path(sys.argv[1]), [int(seed) for seed in sys.argv[2:]]
    print(f"| seed | first {STEPS} steps | last {STEPS} steps | difference |\n|---|---|---|---|")
    gains = []
    for seed in seeds:
        shares = right_totals(folder / f"home-{seed}", seed)
        first, last = fmean(shares[:STEPS]), fmean(shares[-STEPS:])
        gains.append(last - first)
        print(f"| {seed} | {first:.2f} | {last:.2f} | {last - first:+.2f} |", flush=True)
    if len(gains) in _STUDENT:
        half = _STUDENT[len(gains)] * stdev(gains) / sqrt(len(gains))
        middle = fmean(gains)
        print(f"| mean | | | {middle:+.2f} [{middle - half:+.2f}, {middle + half:+.2f}] |")


if __name__ == "__main__":
    main()
