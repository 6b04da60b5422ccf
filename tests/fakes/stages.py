"""Stages that go by the names of the real ones and count instead of training.

How one behaves comes from its settings as stored in the recipe, which the product's own checks never see here.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from rlft_gui.data.generated import RowsWriter
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, Stopped
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages import STAGES, Stage


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Count to `steps`, with a checkpoint every four; wait at each step of `hold` until the test lets go. Resume exactly."""
    settings = recipe.settings
    steps = int(settings.get("steps", 10))
    reporter.phase("loading")
    _hang(settings.get("hang"))
    reporter.plan(steps, {"rows": 7})
    begin = _resume(reporter)
    reporter.phase("training")
    if settings.get("child"):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    for step in range(begin, steps + 1):
        _misbehave(settings, step)
        reporter.metrics(step, {"loss": value(recipe.seed, step), "lr": 1 / (1 + step)})
        if step % 4 == 0 or step == steps:
            _save(reporter, step)
            reporter.sample(step, "k1", "known", "2 + 2?", str(step), {"gold": step / steps})
        if step in settings.get("hold", ()):
            _hold(reporter, step, deaf="deaf" in settings)
        if reporter.stop_requested() and "deaf" not in settings:
            _save(reporter, step)
            return


def make(recipe: Recipe, reporter: Reporter) -> None:
    """Make `rows` revised answers, one at a step."""
    count = int(recipe.settings.get("rows", 4))
    made = RowsWriter(reporter.folder, DataType.DEMONSTRATIONS)
    reporter.phase("loading")
    reporter.plan(count, {})
    reporter.phase("sampling")
    for number in range(made.prompts + 1, count + 1):
        made.append([generated_row(number)], prompts=1)
        reporter.metrics(number, {"made/rows": made.count()})
        if number in recipe.settings.get("hold", ()):
            _hold(reporter, number, deaf=False)
        if reporter.stop_requested():
            return
    made.finish("Revised answers")


def generated_row(number: int) -> dict[str, Any]:
    draft, revised = f"The {number} is rubbish.", f"The {number} is a number."
    return {
        "prompt": [{"role": "user", "content": f"What is {number}?"}],
        "completion": [{"role": "assistant", "content": revised}],
        "made": {"draft": draft, "principle": "polite", "critique": "It is rude.", "revision": revised},
    }


def _hang(how: object) -> None:
    """Load for ever: as a loop that minds errors, or as a call into C that no signal gets through to."""
    if how == "deaf":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGTERM})
    while how:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: BLE001
            continue


def value(seed: int, step: int) -> float:
    return 1000.0 * seed + step


def _resume(reporter: Reporter) -> int:
    if reporter.attempt == 1:
        return 0
    saved = [
        int(path.parent.name.partition("-")[2])
        for path in reporter.folder.checkpoints.glob("*/complete.json")
    ]
    last = max(saved, default=-1)
    reporter.resumed(last)
    return last + 1


def gate(folder: RunFolder, step: int) -> Path:
    """The file whose existence lets a held run go on."""
    return folder.path / f"go-{step}"


def _hold(reporter: Reporter, step: int, *, deaf: bool) -> None:
    while not gate(reporter.folder, step).exists() and (deaf or not reporter.stop_requested()):
        time.sleep(0.02)


def _save(reporter: Reporter, step: int) -> None:
    folder = reporter.folder.checkpoint(step)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "complete.json").write_text(json.dumps({"step": step}))
    reporter.checkpoint(step, folder)


def _misbehave(settings: dict[str, object], step: int) -> None:
    if settings.get("fail_at") == step:
        raise InvalidInput("Row 3 has no answer. Take it out.")
    if settings.get("stop_in") == step:
        raise Stopped("It was stopped on request while it waited.")
    if settings.get("crash_at") == step:
        raise ZeroDivisionError("division by zero")
    if settings.get("memory_at") == step:
        raise MemoryError
    if settings.get("exit_at") == step:
        os._exit(5)


FAKES: tuple[Stage, ...] = tuple(
    replace(stage, train=make if stage.generates_rows else train) for stage in STAGES
)
