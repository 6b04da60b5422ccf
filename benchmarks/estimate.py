"""What a stage was estimated to need of memory, beside what it took: every stage, LoRA and full, each in a process of its own.

    python -m benchmarks estimate          Lantern; MODEL=FOLDER takes another model, CASES=sft,dpo:full only some

A few steps on rows that all fill the longest row, so that the first steps are as large as any. Whether they fit is judged as
on a machine with exactly as much memory as was measured: what would have failed there must not have been said to fit.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.data.rows import load_rows
from rlft_gui.data.store import store
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.resources import assets_dir
from rlft_gui.services.machine import device_memory, devices
from rlft_gui.services.models.shape import read_shape
from rlft_gui.services.pipelines.estimating import PROCESS, verdict_on
from rlft_gui.stages import STAGES, Stage
from rlft_gui.training.estimate.held import Given, RowLengths
from rlft_gui.training.estimate.memory import Device, needed
from rlft_gui.training.estimate.shape import ModelShape

ROWS, SENTENCES = 48, 20
LENGTH, ANSWER, PROMPT = 96, 32, 48  #: tokens
TARGET = 0.15
SETTINGS: dict[str, Any] = {
    "batch_size": 4,
    "max_steps": 2,
    "steps": 2,
    "rollouts": 8,
    "ppo_epochs": 1,
    "prompts": 2,
    "samples_per_prompt": 2,
    "candidates": 3,
    "least_preference": 0.5,
    "max_length": LENGTH,
    "max_new_tokens": ANSWER,
    "probe_prompts": 8,
    "eval_share": 0.0,
    "learning_rate": 1e-4,
    "rewards": {"length:5-20": 1.0},
}
DATA = {"sft": DataType.DEMONSTRATIONS, "kto": DataType.THUMBS, "dpo": DataType.PREFERENCES}


class Case(NamedTuple):
    kind: Stage
    tuning: str  #: "" where nothing is trained

    @property
    def name(self) -> str:
        return f"{self.kind.name}:{self.tuning}" if self.tuning == "full" else self.kind.name


class Outcome(NamedTuple):
    estimated: float
    measured: float
    phase: str  #: in which the peak was

    @property
    def error(self) -> float:
        return abs(self.estimated / self.measured - 1)


def main() -> None:
    base = os.environ.get("MODEL", LANTERN)
    folder = assets_dir() / LANTERN if base == LANTERN else Path(base)
    shape = read_shape(folder, base)
    assert shape is not None
    print(
        f"Memory of {folder.name}, {shape.parameters / 1e6:.1f} M parameters, {LENGTH} tokens a row, MB",
        flush=True,
    )
    print(f"{'':24}{'estimated':>10}{'measured':>10}{'ratio':>8}  at its peak", flush=True)
    errors = []
    with tempfile.TemporaryDirectory() as work:
        home = Home(Path(work))
        for case in _cases():
            outcome = _outcome(home, case, base, shape)
            errors.append(outcome.error)
            print(_told(case, outcome), flush=True)
    print(f"median error {median(errors):.1%}, largest {max(errors):.1%}   target: median ≤ {TARGET:.0%}")


def _cases() -> list[Case]:
    """Those asked for, in that order."""
    every = {case.name: case for kind in STAGES for case in _of(kind)}
    asked = [name for name in os.environ.get("CASES", "").split(",") if name]
    return [every[name] for name in asked or every]


def _of(kind: Stage) -> list[Case]:
    tunings = ("lora", "full") if "tuning" in kind.settings.model_fields else ("",)
    return [Case(kind, tuning) for tuning in tunings]


def _told(case: Case, outcome: Outcome) -> str:
    device = Device("cpu", 0, int(outcome.measured) - 1, int(outcome.measured) - 1)
    wrong = "  said to fit" if verdict_on(outcome.estimated, device) == "fits" else ""
    sizes = f"{outcome.estimated / 1e6:10.0f}{outcome.measured / 1e6:10.0f}"
    return f"{case.name:24}{sizes}{outcome.estimated / outcome.measured:8.2f}  {outcome.phase}{wrong}"


def _outcome(home: Home, case: Case, base: str, shape: ModelShape) -> Outcome:
    recipe = _recipe(home, case, base)
    file = home.path / f"{recipe.run_id}.json"
    file.write_text(recipe.model_dump_json())
    # Before, for how much of the rollouts PPO keeps depends on what is free when it begins.
    estimated = _estimated(case, recipe, base, shape)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.peak", str(file), str(home.path)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
    peaks = json.loads(told.stdout.splitlines()[-1])
    phase = max(peaks, key=lambda name: peaks[name])
    return Outcome(estimated, peaks[phase], phase)


def _recipe(home: Home, case: Case, base: str) -> Recipe:
    fields = case.kind.settings.model_fields
    settings = {name: value for name, value in SETTINGS.items() if name in fields} | {
        "data": _data(home, case)
    }
    if case.tuning:
        settings["tuning"] = case.tuning
    return Recipe(
        run_id=case.name.replace(":", "-"),
        pipeline_id="benchmark",
        method=case.kind.name,
        stage=case.kind.name,
        base=base,
        settings=case.kind.settings.model_validate(settings).model_dump(mode="json"),
    )


def _estimated(case: Case, recipe: Recipe, base: str, shape: ModelShape) -> float:
    memory = device_memory(devices()[0])
    device = Device("cpu", PROCESS["cpu"], memory.total, memory.free)
    given = Given(
        RowLengths(PROMPT, LENGTH, LENGTH),
        rows=ROWS,
        is_on_lantern=base == LANTERN,
    )
    if devices()[0] != "cpu":
        device, given = replace(device, kind="cuda", process=0), replace(given, is_on_cpu=False)
    return sum(needed(shape, case.kind.holds(recipe.settings, given), device).values())


def _data(home: Home, case: Case) -> str:
    kind = DATA.get(case.kind.name, DataType.PREFERENCES if case.kind.name == "reward_model" else None)
    rows = _rows(home, kind)
    detection = Detection(
        name="filled",
        type=kind or DataType.PROMPTS,
        format="made",
        rows_read=ROWS,
        rows=KeptRows(rows),
        dropped=0,
    )
    return store(home, detection, owner="local").id


def _rows(home: Home, kind: DataType | None) -> list[dict[str, Any]]:
    """Answers of several built-in ones each, which fill a row; None for prompts alone."""
    shown = load_rows(home, "lantern:demonstrations")

    def answer(start: int) -> list[dict[str, str]]:
        some = (shown[(7 * start + k) % len(shown)] for k in range(SENTENCES))
        return [{"role": "assistant", "content": " ".join(row["completion"][0]["content"] for row in some)}]

    def answers(place: int) -> dict[str, Any]:
        match kind:
            case DataType.DEMONSTRATIONS:
                return {"completion": answer(place)}
            case DataType.THUMBS:
                return {"completion": answer(place), "label": place % 2 == 0}
            case DataType.PREFERENCES:
                return {"chosen": answer(place), "rejected": answer(place + 1)}
        return {}

    asked = [[{"role": "user", "content": row["prompt"][-1]["content"]}] for row in shown]
    different = list({json.dumps(prompt): prompt for prompt in asked}.values())[:ROWS]
    return [{"prompt": prompt, **answers(place)} for place, prompt in enumerate(different)]


if __name__ == "__main__":
    main()
