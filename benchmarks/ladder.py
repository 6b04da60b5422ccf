"""The ladder on Lantern: held-out gold of the base, after SFT, and after DPO, several seeds of the whole pipeline.

    python -m benchmarks.ladder [SEEDS]

Each seed draws its own data order, initialisation and dropout; the probe's prompts and sampling are the same for all,
so differences are paired by prompt set. With three seeds look at the rows, not only at the mean.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

SEEDS = 3
PRESET = "lantern-dpo"


def train(home: Path, seed: int) -> tuple[list[dict[str, Any]], float]:
    """Run the preset; returns its runs' last metrics, in order, and the seconds it took."""
    started = time.monotonic()
    words = ["train", PRESET, "--set", f"seed={seed}", "--json", "--home", str(home)]
    done = subprocess.run(
        [sys.executable, "-m", "rlft_gui", *words], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)["runs"], time.monotonic() - started


def first_gold(home: Path, run_id: str) -> float:
    """Gold at step 0 of a run: the model it started from."""
    words = ["metrics", run_id, "--json", "--home", str(home)]
    done = subprocess.run(
        [sys.executable, "-m", "rlft_gui", *words], capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout)["probe/gold"][0][1])


def _cell(metrics: dict[str, float]) -> str:
    gold, low, high = (metrics[name] for name in ("probe/gold", "probe/gold/low", "probe/gold/high"))
    return f"{gold:.2f} [{low:.2f}, {high:.2f}], KL {metrics['probe/kl/seq']:.2f}"


def main(seeds: int = SEEDS) -> None:
    print("| seed | base | SFT [95 % over prompts], KL to base | DPO | SFT − base | DPO − SFT | seconds |")
    print("|---|---|---|---|---|---|---|")
    gains: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(seeds):
            (sft, dpo), seconds = train(Path(folder), seed)
            base = first_gold(Path(folder), sft["id"])
            gold = sft["metrics"]["probe/gold"], dpo["metrics"]["probe/gold"]
            gains.append((gold[0] - base, gold[1] - gold[0]))
            print(
                f"| {seed} | {base:.2f} | {_cell(sft['metrics'])} | {_cell(dpo['metrics'])} "
                f"| {gains[-1][0]:+.2f} | {gains[-1][1]:+.2f} | {seconds:.0f} |"
            )
    for name, values in zip(("SFT − base", "DPO − SFT"), zip(*gains, strict=True), strict=True):
        spread = f" ± {stdev(values):.2f} (sd over {seeds} seeds)" if seeds > 1 else ""
        print(f"\n{name}: {fmean(values):+.2f}{spread}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
