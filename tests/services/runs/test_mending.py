"""What is offered for each kind of failure, and that pressing it once does it once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import NotAllowed, NotPossibleNow
from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.runs.mending import Mending
from tests.fakes.pipelines import World, world

KIND = FailureKind
SETTINGS: dict[str, Any] = {
    "data": "lantern:demonstrations",
    "batch_size": 4,
    "gradient_accumulation": 2,
    "gradient_checkpointing": False,
    "learning_rate": 1e-3,
    "max_steps": 0,
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def _mending(here: World) -> Mending:
    class Still(type(here.keeper)):  # type: ignore[misc]
        def ensure(self) -> None:
            """Starts nobody."""

    return Mending(here.home, here.storage, here.runs, Still(here.home))


def _failed(
    here: World,
    kind: FailureKind,
    *stages: str,
    steps: tuple[int, ...] = (4, 8),
    good: int | None = None,
    **settings: Any,
) -> tuple[Run, ...]:
    """A pipeline whose first run failed with 12 steps planned."""
    runs = here.add(*(stages or ("sft",)), **{**SETTINGS, **settings}).runs
    here.storage.transitions.claim_next(("cpu",), "local")
    for step in steps:
        folder = here.home.run(runs[0].id).checkpoint(step)
        folder.mkdir(parents=True)
        (folder / "complete.json").write_text("{}")
    with here.storage.write() as connection:
        connection.exec_driver_sql("UPDATE run SET total_steps = 12, step = 9 WHERE id = ?", (runs[0].id,))
    run = here.runs.get(runs[0].id)
    here.storage.transitions.settle(run, RunStatus.FAILED, Cause(kind, "It went wrong.", good), "held")
    return tuple(here.runs.get(one.id) for one in runs)


@pytest.mark.parametrize(
    "kind", [KIND.KILLED, KIND.DISK_FULL, KIND.JUDGE_UNAVAILABLE, KIND.NOT_STARTED, KIND.UNKNOWN]
)
def test_what_is_no_fault_of_the_run_is_resumed(here: World, kind: FailureKind) -> None:
    (run,) = _failed(here, kind)
    mending = _mending(here)
    failure = mending.failure(run.id)
    assert failure is not None
    assert (failure.kind, failure.mend.act, failure.mend.label) == (kind, "resume", "Resume from step 8")
    assert mending.mend(run.id, user="local") == run.id
    assert here.status(run) is RunStatus.QUEUED
    assert mending.failure(run.id) is None


@pytest.mark.parametrize("kind", [KIND.BAD_DATA, KIND.BAD_MODEL, KIND.BAD_RECIPE])
def test_what_a_person_must_choose_is_led_to_the_form(here: World, kind: FailureKind) -> None:
    (run,) = _failed(here, kind)
    failure = _mending(here).failure(run.id)
    assert failure is not None
    assert failure.mend.act == "change"
    with pytest.raises(NotPossibleNow, match="Nothing can do that by itself"):
        _mending(here).mend(run.id, user="local")


def test_memory_halves_the_batch_and_keeps_the_rows_of_a_step(here: World) -> None:
    (run,) = _failed(here, KIND.DEVICE_MEMORY)
    mending = _mending(here)
    failure = mending.failure(run.id)
    assert failure is not None
    assert failure.mend.label == "Go on from step 8 with batch size 2"
    assert "batch size 2 instead of 4, gradient accumulation 4" in failure.advice
    after = here.runs.get(mending.mend(run.id, user="local"))
    assert mending.mend(run.id, user="local") == after.id  # a double click
    assert str(after.recipe.parent) == f"{run.id}@8"
    told = {
        name: after.recipe.settings[name] for name in ("batch_size", "gradient_accumulation", "max_steps")
    }
    assert told == {"batch_size": 2, "gradient_accumulation": 4, "max_steps": 4}
    spec = here.runs.pipeline(after.pipeline_id).spec
    assert spec.stages["sft"] == {"batch_size": 2, "gradient_accumulation": 4}
    assert spec.start_from is None


def test_a_batch_of_one_turns_gradient_checkpointing_on(here: World) -> None:
    (run,) = _failed(here, KIND.HOST_MEMORY, batch_size=1)
    after = here.runs.get(_mending(here).mend(run.id, user="local"))
    assert after.recipe.settings["gradient_checkpointing"] is True
    assert after.recipe.settings["batch_size"] == 1


def test_with_nothing_left_to_save_a_person_must_choose(here: World) -> None:
    (run,) = _failed(here, KIND.HOST_MEMORY, batch_size=1, gradient_checkpointing=True)
    failure = _mending(here).failure(run.id)
    assert failure is not None
    assert failure.mend.act == "change"


@pytest.mark.parametrize(("good", "parent", "steps"), [(4, 4, 8), (None, None, 0)])
def test_what_diverged_starts_from_its_last_good_checkpoint_and_no_later_one(
    here: World, good: int | None, parent: int | None, steps: int
) -> None:
    (run,) = _failed(here, KIND.DIVERGED, good=good)
    after = here.runs.get(_mending(here).mend(run.id, user="local"))
    assert (after.recipe.parent.step if after.recipe.parent else None) == parent
    assert after.recipe.settings["learning_rate"] == pytest.approx(1e-4)
    assert after.recipe.settings["max_steps"] == steps


def test_what_was_held_behind_it_follows_and_takes_from_the_new_run(here: World) -> None:
    first, second, third = _failed(here, KIND.DIVERGED, "sft", "dpo", "dpo", good=4)
    assert (second.failure, third.failure) == (None, None)
    after = here.runs.get(_mending(here).mend(first.id, user="local"))
    runs = here.runs.pipeline(after.pipeline_id).runs
    assert [run.stage for run in runs] == ["sft", "dpo", "dpo"]
    assert [run.parent_run_id for run in runs] == [first.id, runs[0].id, runs[1].id]
    assert here.storage.runs.blockers() == {runs[1].id: runs[0].id, runs[2].id: runs[1].id}
    assert here.runs.get(second.id).status is RunStatus.STOPPED


def test_only_its_owner_may_mend_a_run(here: World) -> None:
    (run,) = _failed(here, KIND.KILLED)
    with pytest.raises(NotAllowed):
        _mending(here).mend(run.id, user="somebody")
    assert here.status(run) is RunStatus.FAILED


def test_a_run_that_has_not_failed_has_nothing_to_mend(here: World) -> None:
    run = here.add_run()
    assert _mending(here).failure(run.id) is None
    with pytest.raises(NotPossibleNow, match="has not failed"):
        _mending(here).mend(run.id, user="local")
