"""One attempt of one run, in this process or a fresh one, and what came of it. For the contract suite.

As a module it trains and writes the outcome as JSON: `python -m tests.stages.attempts RECIPE HOME OUTCOME`.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import Stopped
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import ParentRef, Recipe
from rlft_gui.stages import Stage, stage
from rlft_gui.training.models import checkpoints
from rlft_gui.training.testing import RecordingReporter

#: Rows of the small datasets. With 4 rows a batch and none held out, an epoch has 6 steps.
SMALL = 24

#: Settings that keep an attempt small and fast, for the stages that have them.
TINY: dict[str, Any] = {"batch_size": 4, "probe_prompts": 8, "learning_rate": 1e-3}


def small_dataset(home: Home, data: DataType) -> str:
    """Store the first rows of a built-in dataset of this type; returns the id."""
    from rlft_gui.data.rows import load_rows
    from rlft_gui.data.store import store

    rows = load_rows(home, f"lantern:{data.value}")[:SMALL]
    detection = Detection(
        name=f"small {data.value}", type=data, format="test", rows_read=SMALL, rows=KeptRows(rows), dropped=0
    )
    return store(home, detection, owner="local").id


def recipe(
    tested: Stage,
    run_id: str,
    data: str,
    *,
    base: str = "lantern",
    parent: str | None = None,
    **settings: Any,
) -> Recipe:
    """A recipe with full settings for this stage, as launching writes it; small and fast unless told otherwise."""
    tiny = {name: value for name, value in TINY.items() if name in tested.settings.model_fields}
    chosen = {"data": data, **tiny, **settings}
    return Recipe(
        run_id=run_id,
        pipeline_id="p",
        method=tested.name,
        stage=tested.name,
        base=base,
        parent=ParentRef(run_id=parent) if parent else None,
        settings=tested.settings.model_validate(chosen).model_dump(),
        seed=7,
    )


def attempt(
    home: Home, recipe: Recipe, *, number: int = 1, stop_after: int | None = None
) -> RecordingReporter:
    """Train in this process."""
    reporter = RecordingReporter(_folder(home, recipe), attempt=number, stop_after=stop_after)
    stage(recipe.stage).train(recipe, reporter)
    return reporter


def broken_off(home: Home, recipe: Recipe, phase: str, step: int) -> tuple[RecordingReporter, str | None]:
    """Train in this process until a stop breaks off what goes on in that phase after that step.

    Returns what was said, and why it stopped where the stage did not just return.
    """
    reporter = RecordingReporter(_folder(home, recipe), stop_in=(phase, step))
    try:
        stage(recipe.stage).train(recipe, reporter)
    except Stopped as stopped:
        return reporter, str(stopped)
    return reporter, None


def _folder(home: Home, recipe: Recipe) -> RunFolder:
    folder = home.run(recipe.run_id)
    folder.path.mkdir(parents=True, exist_ok=True)
    return folder


def attempt_in_fresh_process(home: Home, recipe: Recipe) -> RecordingReporter:
    """Resume in another process, as a worker would; it must not try to connect to anything."""
    path, outcome = home.path / f"{recipe.run_id}.json", home.path / f"{recipe.run_id}.outcome.json"
    path.write_text(recipe.model_dump_json())
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.stages.attempts",
        *map(str, (path, home.path, outcome)),
    ]
    # Without the variable that would keep the libraries offline by itself.
    environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, env=environment)
    said = json.loads(outcome.read_text())
    assert said["connections"] == []
    reporter = RecordingReporter(home.run(recipe.run_id), attempt=2)
    reporter.said, reporter.resumed_from = said["said"], said["resumed_from"]
    reporter.curves = {
        name: {int(step): value for step, value in curve.items()} for name, curve in said["curves"].items()
    }
    return reporter


def weights(home: Home, run_id: str, step: int | None = None) -> dict[str, Any]:
    """All tensors of a checkpoint: an adapter's or a whole model's, and what else was trained beside it."""
    from safetensors.torch import load_file

    files = sorted(checkpoints.resolve(home.run(run_id), step).glob("*.safetensors"))
    return {f"{file.name} {name}": tensor for file in files for name, tensor in load_file(file).items()}


def difference(home: Home, one: str, other: str) -> float:
    """The largest difference between two runs' last weights."""
    mine, yours = weights(home, one), weights(home, other)
    assert mine.keys() == yours.keys()
    return max(float((mine[name] - yours[name]).abs().max()) for name in mine)


def comparable(reporter: RecordingReporter) -> dict[str, dict[int, float]]:
    """The curves without what differs between any two runs: how long things took."""
    return {name: curve for name, curve in reporter.curves.items() if name != "probe/seconds"}


def joined(first: RecordingReporter, then: RecordingReporter) -> dict[str, dict[int, float]]:
    """The one curve that two attempts make: what the second says replaces what the first said later than its start."""
    kept = {
        name: {step: value for step, value in curve.items() if step <= (then.resumed_from or 0)}
        for name, curve in comparable(first).items()
    }
    return {name: curve | comparable(then).get(name, {}) for name, curve in kept.items()}


def _main() -> None:
    path, home, outcome = map(Path, sys.argv[1:])
    connections: list[str] = []

    def refuse(_: socket.socket, address: object) -> None:
        connections.append(str(address))
        raise ConnectionRefusedError

    socket.socket.connect = refuse  # type: ignore[assignment, method-assign]
    told = attempt(Home(home), Recipe.model_validate_json(path.read_text()), number=2)
    said = {"said": told.said, "curves": told.curves, "resumed_from": told.resumed_from}
    outcome.write_text(json.dumps({**said, "connections": connections}))


if __name__ == "__main__":
    _main()
