"""A forked trainer computes what an executed one does: the same numbers, also where it goes on from a checkpoint."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.launchers import LocalLauncher
from rlft_gui.stages import stage
from tests.fakes.pipelines import wait_until
from tests.stages.attempts import recipe
from tests.worker.case import kill_all_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere workers are always executed."),
]

DATA = {"sft": "demonstrations", "ppo": "prompts"}
SETTINGS: dict[str, dict[str, Any]] = {
    "sft": {"max_steps": 6, "checkpoint_every": 2},
    "ppo": {"steps": 4, "checkpoint_every": 1, "rewards": {"length:1-8": 1.0}, "rollouts": 16},
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path)
    kill_all_of(Home(tmp_path))


def _train(
    home: Home, name: str, run_id: str, launcher: LocalLauncher, *, stop_at: int | None = None
) -> dict[int, dict[str, Any]]:
    """Train, stopping and resuming once if asked to. Returns what each step reported."""
    folder = home.run(run_id)
    folder.path.mkdir(parents=True)
    asked = recipe(stage(name), run_id, f"lantern:{DATA[name]}", **SETTINGS[name])
    folder.recipe.write_text(asked.model_dump_json())
    launcher.submit(folder, 1, "cpu")
    if stop_at is not None:
        wait_until(lambda: stop_at in _steps(home, run_id), seconds=120)
        folder.stop.touch()
        wait_until(folder.exit.exists, seconds=60)
        folder.stop.unlink()
        folder.exit.unlink()
        launcher.submit(folder, 2, "cpu")
    wait_until(folder.exit.exists, seconds=120)
    assert json.loads(folder.exit.read_bytes())["code"] == 0, folder.log.read_text()
    return _steps(home, run_id)


def _steps(home: Home, run_id: str) -> dict[int, dict[str, Any]]:
    events = home.run(run_id).events
    told = [json.loads(line) for line in events.read_text().splitlines()] if events.exists() else []
    found: dict[int, dict[str, Any]] = {}
    for event in told:
        if event["kind"] == "metrics":
            found.setdefault(event["step"], {}).update(
                {
                    name: value
                    for name, value in event["values"].items()
                    if "seconds" not in name and "/s" not in name
                }
            )
    return found


@pytest.mark.parametrize("name", ["sft", "ppo"])
def test_the_same_numbers_come_from_a_fork_from_an_exec_and_from_one_after_the_other(
    home: Home, name: str
) -> None:
    cold = _train(home, name, f"{name}-cold", LocalLauncher())
    forked = LocalLauncher(is_warm=True)
    assert _train(home, name, f"{name}-warm", forked) == cold
    assert _train(home, name, f"{name}-resumed", forked, stop_at=2) == cold
