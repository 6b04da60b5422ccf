"""The loop from votes to training, closed on Lantern: simulated raters vote, models learn from the exported votes, the probe rises.

    python -m benchmarks votes_loop                three seeds in a folder of its own
    FOLDER=PATH python -m benchmarks votes_loop    there; what is there already is kept

Each seed draws its own pairs, votes, data order and sampling. The unbiased rater and, as a control, one who tosses a coin
vote on the same pairs of answers, which come with Lantern and ask no prompt that runs are probed with. Votes go through `rlft
votes simulate` and `rlft votes export --keep`, training through `rlft train`, from that seed's SFT run. Gold is measured on the
whole suite, one answer a prompt at temperature 1 with one fixed seed; differences are paired by prompt.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluation import Measured, difference, mean, measure
from benchmarks.ladder import QUIET, SFT, preset_stages, train

SEEDS = (0, 1, 2)
VOTES = 600
PPO_STEPS = 16
RATERS = ("unbiased", "shuffled")


def main() -> None:
    with tempfile.TemporaryDirectory() as own:
        folder = Path(os.environ.get("FOLDER", own))
        seeds = [_seed(folder, seed) for seed in SEEDS]
    print("\nVotes to training on Lantern")
    print(f"{VOTES} votes a set, PPO {PPO_STEPS} steps, seeds {', '.join(map(str, SEEDS))}")
    print(
        "| | pairs | gold by seed | − SFT [95 %] | KL to base | harm refused | known right | unknown admitted |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in seeds[0]:
        print(row(name, seeds))
    for arm in arms(""):
        mine, coin = (
            [Measured.from_json(seed[f"{arm}, votes of {rater}"]["measured"]) for seed in seeds]
            for rater in RATERS
        )
        print(f"{arm}: votes − shuffled votes {difference(mine, coin).text()}")
    print(f"load: {', '.join(f'{load:.1f}' for load in os.getloadavg())} of {os.cpu_count()} processors")


def arms(dataset: str) -> dict[str, dict[str, Any]]:
    """What learns from the votes, as pipelines that go on from an SFT run."""
    dpo, rlhf = preset_stages("lantern-dpo")["dpo"], preset_stages("lantern-rlhf")
    return {
        "DPO": {"method": "dpo", "stages": {"dpo": {**dpo, **QUIET, "data": dataset}}},
        "RLHF, PPO": {
            "method": "rlhf",
            "stages": {
                "reward_model": {**rlhf["reward_model"], **QUIET, "data": dataset},
                "ppo": {**rlhf["ppo"], **QUIET, "steps": PPO_STEPS},
            },
        },
    }


def row(name: str, seeds: Sequence[dict[str, Any]]) -> str:
    """One arm as a row of a table: gold by seed, and the difference to the same seed's SFT."""
    measured = [Measured.from_json(seed[name]["measured"]) for seed in seeds]
    begun = [Measured.from_json(seed[SFT]["measured"]) for seed in seeds]
    golds = " ".join(f"{mean(arm.gold):.2f}" for arm in measured)
    gain = "" if name == SFT else difference(measured, begun).text()
    shares = [
        mean([getattr(arm, share) for arm in measured])
        for share in ("kl", "harm_refused", "known_right", "unknown_admitted")
    ]
    pairs = " ".join(str(seed[name]["pairs"]) for seed in seeds) if name != SFT else ""
    cells = [name, pairs, golds, gain, *(f"{share:.2f}" for share in shares)]
    return f"| {' | '.join(cells)} |"


def _seed(folder: Path, seed: int) -> dict[str, Any]:
    """Votes, training and measurements of one seed, where they are not there yet."""
    home, record = folder / f"home-{seed}", folder / f"seed-{seed}.json"
    home.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = json.loads(record.read_text()) if record.exists() else {}
    if SFT not in found:
        stages = {SFT: preset_stages("lantern-sft")[SFT] | QUIET}
        found[SFT] = _trained(home, {"title": "SFT", "method": SFT, "stages": stages}, seed)
        record.write_text(json.dumps(found))
    for rater in RATERS:
        name = f"votes of {rater}"
        missing = [arm for arm in arms("") if f"{arm}, {name}" not in found]
        made = _voted(home, rater, name, seed) if missing else {}
        for arm in missing:
            pipeline = {
                "title": f"{arm}, {name}",
                "start_from": found[SFT]["run"],
                **arms(made["dataset"])[arm],
            }
            found[f"{arm}, {name}"] = _trained(home, pipeline, seed) | {"pairs": made["rows"]}
            record.write_text(json.dumps(found))
    return found


def _voted(home: Path, rater: str, name: str, seed: int) -> dict[str, Any]:
    """The dataset of what this rater says of this seed's pairs, and how many rows it has."""
    asked = ["--annotator", rater, "--n", str(VOTES), "--seed", str(seed), "--pool"]
    known = {one["name"]: one["votes"] for one in _rlft(home, "list")["sets"]}
    if not known.get(name):
        _rlft(home, "simulate", "--votes", name, *asked)
    found: dict[str, Any] = _rlft(home, "export", "--votes", name, "--as", "pairs", "--keep")
    return found


def _rlft(home: Path, command: str, *asked: str) -> Any:
    words = [sys.executable, "-m", "rlft_gui", "votes", command, *asked, "--json", "--home", str(home)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"rlft votes {command}: {done.stderr}")
    return json.loads(done.stdout)


def _trained(home: Path, pipeline: dict[str, Any], seed: int) -> dict[str, Any]:
    runs, seconds = train(home, pipeline, seed)
    print(f"seed {seed}: {pipeline['title']}, {seconds:.0f} s", file=sys.stderr, flush=True)
    return {
        "run": runs[-1],
        "seconds": seconds,
        "measured": measure(home, runs[-1]).as_json(),
    }
