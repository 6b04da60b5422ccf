"""The ladder on Lantern: every method from the same warmed-up model, held-out gold with intervals, KL, and controls.

    python -m benchmarks.ladder FOLDER SEED...             trains and measures these seeds; what FOLDER has is kept
    python -m benchmarks.ladder FOLDER SEED... --arm NAME  only this arm, and the SFT that it continues
    python -m benchmarks.ladder FOLDER                     prints the tables of all seeds in FOLDER

Seconds are of whole pipelines as launched, without the warm-up they share and without probes; "of these, in loops" is
the part spent sampling, judging and taking steps, the floor that the rest could at best be cut down to.

Each seed draws its own data order, initialisation and sampling for every stage. All arms but the constitutional ones
continue that seed's SFT run. Everything is launched as a user would, through presets, and measured on the whole suite
of held-out prompts, sampled at temperature 1 with one fixed seed; so differences are paired by prompt.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.evaluation import Measured, difference, mean, measure
from rlft_gui.domain.home import Home
from rlft_gui.services.pipelines.specs import load_spec

SFT, BASE = "sft", "base"
#: Probes cost time and tell nothing that the measurement at the end does not.
QUIET = {"probe_every": 10_000, "probe_prompts": 8}


@dataclass(frozen=True)
class Arm:
    """One way to go on from SFT: a preset's stages, with changes; `from_sft` False starts from the base."""

    name: str
    preset: str
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    keep: tuple[str, ...] = ()  #: the stages to run; empty for all but the warm-up
    options: dict[str, Any] = field(default_factory=dict)
    from_sft: bool = True
    is_control: bool = False
    shuffled: bool = False


ARMS: tuple[Arm, ...] = (
    Arm("DPO", "lantern-dpo"),
    Arm("KTO", "lantern-kto"),
    Arm("best-of-n", "lantern-best-of-n"),
    Arm("RLHF, PPO", "lantern-rlhf"),
    Arm("RLHF, GRPO", "lantern-rlhf-grpo"),
    Arm("RLHF, RLOO", "lantern-rlhf-rloo"),
    Arm("RLAIF, DPO", "lantern-rlaif"),
    Arm("Constitutional AI, phase 1", "lantern-constitutional", options={"second_phase": "none"},
        keep=("critique_revision", "sft"), from_sft=False),
    Arm("Constitutional AI, both phases", "lantern-constitutional", from_sft=False,
        keep=("critique_revision", "sft", "ai_feedback", "dpo")),
    Arm("ceiling: PPO on gold", "lantern-rlhf", {"ppo": {"rewards": {"gold": 1.0}}}, keep=("ppo",), is_control=True),
    Arm("control: SFT again", "lantern-sft", {"sft": {"max_steps": 150}}, keep=("sft",), is_control=True),
    Arm("control: PPO, random reward", "lantern-rlhf", {"ppo": {"rewards": {"random": 1.0}}}, keep=("ppo",),
        is_control=True),
    Arm("control: PPO, length alone", "lantern-rlhf", {"ppo": {"rewards": {"length:20-200": 1.0}}}, keep=("ppo",),
        is_control=True),
    Arm("control: DPO, shuffled labels", "lantern-dpo", keep=("dpo",), is_control=True, shuffled=True),
)  # fmt: skip


def run(folder: Path, seed: int, arms: Sequence[Arm] = ARMS) -> None:
    """Train and measure these arms of one seed where they are not there yet."""
    home, record = folder / f"home-{seed}", folder / f"seed-{seed}.json"
    found: dict[str, Any] = json.loads(record.read_text()) if record.exists() else {}
    if SFT not in found:
        runs, seconds = train(home, {"stages": {"sft": preset_stages("lantern-sft")["sft"] | QUIET},
                                      "method": "sft", "title": "SFT"}, seed)  # fmt: skip
        found[BASE] = {"seconds": 0.0, "in_loops": 0.0, "measured": measure(home, None).as_json()}
        found[SFT] = _record(home, runs, seconds)
        record.write_text(json.dumps(found))
    for arm in arms:
        if arm.name not in found:
            found[arm.name] = _measured(home, arm, found[SFT]["run"], seed)
            record.write_text(json.dumps(found))
            print(f"seed {seed}: {arm.name}, {found[arm.name]['seconds']:.0f} s", file=sys.stderr)


def _measured(home: Path, arm: Arm, sft: str, seed: int) -> dict[str, Any]:
    pipeline = pipeline_of(arm, sft)
    if arm.shuffled:
        pipeline["stages"]["dpo"]["data"] = str(_shuffled_preferences(home, seed))
    return _record(home, *train(home, pipeline, seed))


def _record(home: Path, runs: Sequence[str], seconds: float) -> dict[str, Any]:
    return {
        "run": runs[-1],
        "seconds": seconds,
        "in_loops": sum(seconds_in_loops(home, run) for run in runs),
        "measured": measure(home, runs[-1]).as_json(),
    }


#: The phases in which a stage does what it is for: a script without us would label by a judge as well.
LOOPS = ("training", "sampling", "judging")


def seconds_in_loops(home: Path, run_id: str, phases: Sequence[str] = LOOPS) -> float:
    """How long a run was in these phases, by the times of its events."""
    lines = Home(home).run(run_id).events.read_text().splitlines()
    events = [json.loads(line) for line in lines]
    turns = [event for event in events if event["kind"] in ("phase", "state")]
    return sum(
        after["time"] - event["time"]
        for event, after in itertools.pairwise(turns)
        if event.get("phase") in phases
    )


def pipeline_of(arm: Arm, sft: str) -> dict[str, Any]:
    spec = load_spec(arm.preset)
    stages = preset_stages(arm.preset)
    kept = [name for name in stages if name in arm.keep or (not arm.keep and name != SFT)]
    return {
        "title": arm.name,
        "method": spec.method,
        "options": {**spec.options, **arm.options},
        "start_from": sft if arm.from_sft else None,
        "stages": {
            name: {**stages[name], **_quiet(stages[name], name), **arm.changes.get(name, {})} for name in kept
        },
    }


def _quiet(settings: dict[str, Any], stage: str) -> dict[str, Any]:
    from rlft_gui.services.pipelines.catalogue import STAGES

    fields = next((kind.settings.model_fields for kind in STAGES if kind.name == stage), {})
    return {name: value for name, value in QUIET.items() if name in fields}


def preset_stages(name: str) -> dict[str, dict[str, Any]]:
    return {stage: dict(settings) for stage, settings in load_spec(name).stages.items()}


def train(home: Path, pipeline: dict[str, Any], seed: int) -> tuple[list[str], float]:
    """Launch a pipeline as a YAML file and wait; returns its runs' ids and the seconds it took."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / "pipeline.yaml"
    file.write_text(yaml.safe_dump({"seed": seed, **pipeline}))
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "rlft_gui", "train", str(file), "--json", "--home", str(home)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{pipeline['title']}, seed {seed}: {done.stderr}")
    return [run["id"] for run in json.loads(done.stdout)["runs"]], time.monotonic() - started


def _shuffled_preferences(home: Path, seed: int) -> Path:
    """The same pairs with each label drawn by a coin."""
    import random

    from rlft_gui.lantern.datasets import preferences

    rng, file = random.Random(seed), home / "shuffled.jsonl"
    rows = [
        {"prompt": row["prompt"], "chosen": row["rejected"], "rejected": row["chosen"]}
        if rng.random() < 0.5
        else {name: row[name] for name in ("prompt", "chosen", "rejected")}
        for row in preferences()
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def tables(folder: Path) -> None:
    """Print one table of all arms, and one of what each changed by criterion."""
    seeds = [json.loads(path.read_text()) for path in sorted(folder.glob("seed-*.json"))]
    names = [BASE, SFT, *(arm.name for arm in ARMS)]
    print("| arm | gold by seed | − SFT [95 %] | KL to base | harm refused | harmless refused | known right "
          "| unknown admitted | different answers | seconds | of these, in loops |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in names:
        there = [seed for seed in seeds if name in seed]
        if there:
            print(_row(name, there))


def _row(name: str, seeds: Sequence[dict[str, Any]]) -> str:
    arms = [Measured.from_json(seed[name]["measured"]) for seed in seeds]
    sfts = [Measured.from_json(seed[SFT]["measured"]) for seed in seeds]
    gain = "" if name == SFT else difference(arms, sfts).text()
    shares = [mean([getattr(arm, share) for arm in arms]) for share in
              ("kl", "harm_refused", "over_refused", "known_right", "unknown_admitted", "distinct")]  # fmt: skip
    golds = " ".join(f"{mean(arm.gold):.2f}" for arm in arms)
    times = [mean([seed[name][key] for seed in seeds]) for key in ("seconds", "in_loops")]
    cells = [name, golds, gain, *(f"{share:.2f}" for share in shares), *(f"{time:.0f}" for time in times)]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    names = [arm.name for arm in ARMS]
    parser = argparse.ArgumentParser(description="The ladder on Lantern; without seeds, its tables.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("seeds", type=int, nargs="*")
    parser.add_argument(
        "--arm", action="append", choices=names, help="only this one; may be given several times"
    )
    asked = parser.parse_args()
    for seed in asked.seeds:
        run(asked.folder, seed, [arm for arm in ARMS if arm.name in (asked.arm or names)])
    if not asked.seeds:
        tables(asked.folder)


if __name__ == "__main__":
    main()
