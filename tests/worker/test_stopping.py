"""A stop is heard within seconds in whatever phase a real run is, and what was trained is kept. Real processes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.generated import generated_rows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import Recipe
from rlft_gui.launchers import LocalLauncher
from rlft_gui.stages import stage
from rlft_gui.training.models import checkpoints
from tests.fakes.pipelines import wait_until
from tests.stages.attempts import recipe, small_dataset

pytestmark = pytest.mark.slow

WORKER = [sys.executable, "-m", "tests.fakes.slow_worker"]
SECONDS = 5.0  #: within which a stop is heard
STARTS_WITHIN = 240.0  #: torch may take a minute to import beside other work

Event = dict[str, Any]


class Attempt:
    """One attempt of a real stage by a real supervisor."""

    def __init__(self, home: Home, asked: Recipe, slow: str) -> None:
        self.folder: RunFolder = home.run(asked.run_id)
        self.folder.path.mkdir(parents=True)
        self.folder.recipe.write_text(asked.model_dump_json())
        command = [*WORKER, str(self.folder.path), "--attempt", "1"]
        self._supervisor = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, env={**os.environ, "SLOW": slow}, stderr=subprocess.DEVNULL
        )

    def events(self) -> list[Event]:
        if not self.folder.events.exists():
            return []
        return [json.loads(line) for line in self.folder.events.read_text().splitlines()]

    def stop_when(self, condition: Callable[[list[Event]], bool]) -> float:
        """Ask for a stop then; returns the seconds until the run says that it has stopped."""
        wait_until(lambda: condition(self.events()), STARTS_WITHIN)
        time.sleep(0.5)  # in the middle of it
        self.folder.stop.touch()
        asked_at = time.time()
        self._supervisor.wait(timeout=150)
        return float(self.events()[-1]["time"]) - asked_at

    def told(self) -> tuple[str, str]:
        """The last state and its reason."""
        last = [event for event in self.events() if event["kind"] == "state"][-1]
        return last["state"], last["reason"]

    def end(self) -> None:
        self._supervisor.kill()
        self._supervisor.wait()
        LocalLauncher().end(self.folder)


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., Attempt]]:
    home, begun = Home(tmp_path), list[Attempt]()

    def begin(name: str, slow: str, **settings: Any) -> Attempt:
        data = small_dataset(home, DataType.DEMONSTRATIONS)
        begun.append(Attempt(home, recipe(stage(name), f"{name}-1", data, **settings), slow))
        return begun[-1]

    yield begin
    for one in begun:
        one.end()


def _in_phase(phase: str, nth: int = 1) -> Callable[[list[Event]], bool]:
    return lambda events: [event.get("phase") for event in events].count(phase) >= nth


def test_while_it_imports_and_loads(begin: Callable[..., Attempt]) -> None:
    run = begin("sft", "loading:60", max_steps=3)
    assert run.stop_when(_in_phase("loading")) < SECONDS
    assert run.told() == ("stopped", "It was stopped on request while loading.")


def test_in_the_first_probe(begin: Callable[..., Attempt]) -> None:
    run = begin("sft", "probe:60", max_steps=3)
    assert run.stop_when(_in_phase("probing")) < SECONDS
    assert run.told() == ("stopped", "It was stopped on request while probing, at step 0.")
    assert checkpoints.complete_steps(run.folder) == []


def test_in_the_last_evaluation_and_all_steps_are_kept(begin: Callable[..., Attempt]) -> None:
    """Batches of two seconds. The run was killed after its grace once, and every step was lost."""
    run = begin("sft", "evaluation:2", max_steps=3, batch_size=1, eval_share=0.5, probe_every=100)
    assert run.stop_when(_in_phase("probing", nth=2)) < SECONDS
    assert checkpoints.complete_steps(run.folder) == [3]
    state, reason = run.told()
    assert state == "stopped"
    assert reason == "It was stopped on request before its last probe was made; all 3 steps are."


def test_in_a_step_that_takes_minutes_and_those_before_it_are_kept(begin: Callable[..., Attempt]) -> None:
    run = begin("sft", "step:300", max_steps=6, probe_every=100, checkpoint_every=100)
    assert run.stop_when(lambda events: any(event.get("step") == 2 for event in events)) < SECONDS
    assert checkpoints.complete_steps(run.folder) == [2]
    assert run.told() == ("stopped", "It was stopped on request at step 2.")


def test_while_ppo_draws_answers(begin: Callable[..., Attempt]) -> None:
    settings = {"rewards": {"length:1-8": 1.0}, "rollouts": 4, "steps": 3, "max_new_tokens": 8}
    run = begin("ppo", "rollouts:60", **settings)
    assert run.stop_when(_in_phase("training")) < SECONDS
    assert run.told() == ("stopped", "It was stopped on request while training, at step 0.")


def test_while_rows_are_made(begin: Callable[..., Attempt]) -> None:
    run = begin("sample", "rows:3", prompts=8, batch_size=2, max_new_tokens=8)
    assert run.stop_when(lambda events: any(event.get("step") == 2 for event in events)) < SECONDS
    assert len(generated_rows(run.folder)) >= 2
    state, reason = run.told()
    assert state == "stopped"
    assert reason.startswith("It was stopped on request while sampling, at step ")
