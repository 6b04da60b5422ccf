"""A real run that diverges, and its successor, which trains on from the last good checkpoint to success."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services, open_services
from tests.fakes.pipelines import wait_until
from tests.worker.case import kill_all_of

pytestmark = pytest.mark.slow

HOT = {
    "data": "lantern:demonstrations",
    "learning_rate": 0.1,
    "max_steps": 12,
    "batch_size": 4,
    "checkpoint_every": 1,
    "keep_checkpoints": 20,
    "probe_prompts": 8,
}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = open_services(tmp_path / "home")
    yield made
    made.storage.close()
    kill_all_of(made.home)


def _ended(services: Services, run_id: str) -> Run:
    def has_ended() -> bool:
        services.runs.tend()
        return services.runs.get(run_id).status.is_ended

    wait_until(has_ended, 300)
    return services.runs.get(run_id)


def test_what_diverged_trains_on_to_success(services: Services) -> None:
    spec = PipelineSpec(method="sft", title="Hot", stages={"sft": HOT})
    (first,) = services.launching.launch(spec, launch_id="hot", user="local").runs
    failed = _ended(services, first.id)
    assert (failed.status, failed.failure) == (RunStatus.FAILED, FailureKind.DIVERGED), failed.reason
    assert failed.good_step is not None
    successor = services.mending.mend(failed.id, user="local")
    after = _ended(services, successor)
    assert after.status is RunStatus.SUCCEEDED, after.reason
    assert after.step == 12 - failed.good_step
    assert after.recipe.settings["learning_rate"] == pytest.approx(0.01)
    assert str(after.recipe.parent) == f"{failed.id}@{failed.good_step}"
