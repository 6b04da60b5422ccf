"""A queue of a hundred runs is stopped, the one in training among them: each at once, and nothing of it stays."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.status import RunStatus
from tests.fakes.pipelines import World, wait_until, world
from tests.soak.figures import Figures

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

QUEUED = 100


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "home") as made:
        yield made


def test_a_queue_of_a_hundred_is_stopped_and_leaves_nothing(here: World, figures: Figures) -> None:
    first, *others = [here.add_run(hold=[1]) for _ in range(1 + QUEUED)]
    here.keeper.ensure()
    here.wait_step(first, 1)

    begun, slowest = time.monotonic(), 0.0
    for run in (*reversed(others), first):
        asked = time.monotonic()
        here.runs.stop(run.id, user="local")
        slowest = max(slowest, time.monotonic() - asked)
    here.wait_ended(first)
    whole = time.monotonic() - begun

    figures.add("R13", "slowest answer to one stop in a queue of 100", slowest, "s", "≤ 5")
    figures.add("R13", "a queue of 100 and the live run stopped", whole, "s", "")
    wait_until(lambda: not here.pids("supervisor") and not here.pids("trainer"))
    figures.add("R13", "processes left of them", len(here.pids("trainer")), "", "= 0")
    assert {here.status(run) for run in (first, *others)} == {RunStatus.STOPPED}
    assert slowest <= 5


@pytest.mark.parametrize("phase", ["queued", "starting", "loading", "training"])
def test_a_run_is_stopped_in_every_phase(here: World, figures: Figures, phase: str) -> None:
    run = here.add_run(hold=[1], **({"hang": "loop"} if phase == "loading" else {}))
    if phase != "queued":
        here.keeper.ensure()
        reached = {
            "starting": lambda: here.status(run) is RunStatus.STARTING,
            "loading": lambda: here.runs.get(run.id).phase == "loading",
            "training": lambda: here.runs.get(run.id).step == 1,
        }
        wait_until(reached[phase])
    begun = time.monotonic()
    here.runs.stop(run.id, user="local")
    answered = time.monotonic() - begun
    ended = here.wait_ended(run)

    figures.add("R13", f"stop while {phase}: answered", answered, "s", "≤ 5")
    figures.add("R13", f"stop while {phase}: ended", time.monotonic() - begun, "s", "≤ 10")
    wait_until(lambda: not here.pids("supervisor") and not here.pids("trainer"))
    assert ended.status is RunStatus.STOPPED
    assert answered <= 5
