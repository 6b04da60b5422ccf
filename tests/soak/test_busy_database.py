"""Another process holds the write lock for half a minute, or a page is damaged, while a run trains: nobody dies of it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import StorageTrouble
from rlft_gui.domain.status import RunStatus
from tests.fakes.broken_homes import held
from tests.fakes.pipelines import World, pipeline, world
from tests.fakes.stages import value
from tests.soak.figures import Figures

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

SECONDS = 30


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "home") as made:
        yield made


def test_a_lock_that_is_held_for_half_a_minute_delays_rows_and_loses_none(
    here: World, figures: Figures
) -> None:
    run = here.add_run(steps=10, hold=[2])
    here.keeper.ensure()
    here.wait_step(run, 2)
    keepers = here.pids("keeper")

    with held(here.home.database):
        until = time.monotonic() + SECONDS
        here.let_go(run, 2)
        with pytest.raises(StorageTrouble, match="nothing was changed"):
            here.storage.transitions.add(pipeline("sft"), launch_id="l")
        slowest = 0.0
        while time.monotonic() < until:
            begun = time.monotonic()
            here.runs.pill()
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(0.2)
    freed = time.monotonic()
    ended = here.wait_ended(run)

    figures.add("R8", "slowest read while the write lock was held for 30 s", slowest, "s", "< 3")
    figures.add(
        "R8", "from when the lock was free until the run was settled", time.monotonic() - freed, "s", "< 20"
    )
    assert ended.status is RunStatus.SUCCEEDED
    assert [(p.step, p.value) for p in here.runs.metrics(run.id)["loss"]] == [
        (step, value(run.recipe.seed, step)) for step in range(11)
    ]
    assert keepers, "a keeper lived before"
