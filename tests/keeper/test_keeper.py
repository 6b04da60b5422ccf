"""A home with real processes, killed one after another: runs finish, or say why not and resume, and no row is missing
or doubled."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.loop import Keeper
from rlft_gui.keeper.schedule import Scheduler
from rlft_gui.keeper.settle import Settler
from rlft_gui.launchers import LocalLauncher
from rlft_gui.services.keeper_process import is_kept
from tests.fakes.keeper import WORKER
from tests.fakes.pipelines import World, start_keeper, wait_until, world
from tests.fakes.stages import value

# Keepers, supervisors and trainers are real processes here, and most tests wait for one to end.
pytestmark = pytest.mark.slow


@pytest.fixture(params=["executed", "forked"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """With workers of either kind."""
    with world(tmp_path, is_warm=request.param == "forked") as made:
        yield made


def _kill(here: World, kind: str, run: Run | None = None) -> None:
    pids = here.pids(kind, run)
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def _assert_one_unbroken_curve(here: World, run: Run, steps: int) -> None:
    points = here.runs.metrics(run.id)["loss"]
    assert [(point.step, point.value) for point in points] == [
        (step, value(run.recipe.seed, step)) for step in range(steps + 1)
    ]


def test_a_pipeline_runs_its_stages_in_order_and_the_keeper_leaves(here: World) -> None:
    pipeline = here.add("sft", "dpo")
    here.keeper.ensure()
    last = here.wait_ended(pipeline.runs[1])
    first = here.runs.get(pipeline.runs[0].id)
    assert (first.status, last.status) == (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED)
    assert first.ended_at is not None
    assert last.started_at is not None
    assert first.ended_at < last.started_at
    assert (last.step, last.total_steps, last.reason) == (10, 10, None)
    for run in pipeline.runs:
        _assert_one_unbroken_curve(here, run, 10)
    assert [checkpoint.step for checkpoint in here.runs.checkpoints(last.id)] == [0, 4, 8, 10]
    assert [sample.completion for sample in here.runs.samples(last.id)] == ["0", "4", "8", "10"]
    wait_until(lambda: not is_kept(here.home))


def test_keeper_supervisor_and_trainer_are_killed_one_after_another_and_the_curve_is_whole(
    here: World,
) -> None:
    run = here.add_run(steps=30, hold=[5, 10, 22])
    here.keeper.ensure()

    here.wait_step(run, 5)
    _kill(here, "keeper")  # the run goes on without it, and whoever watches starts another
    here.let_go(run, 5)
    here.wait_step(run, 10)
    assert here.status(run) is RunStatus.RUNNING

    _kill(here, "trainer", run)
    ended = here.wait_ended(run)
    assert ended.status is RunStatus.FAILED
    assert ended.reason == (
        "The training process was killed from outside (signal 9, SIGKILL; systems do this when memory runs out) "
        "while training, at step 10. Resume goes on from step 8."
    )

    here.let_go(run, 10)
    here.runs.resume(run.id, user="local")
    here.wait_step(run, 22)
    assert here.runs.get(run.id).attempt == 2
    _kill(here, "supervisor", run)
    ended = here.wait_ended(run)
    assert ended.status is RunStatus.FAILED
    # Whoever had started this supervisor lives: the second keeper, or the warm worker.
    assert ended.failure is FailureKind.KILLED
    assert ended.reason == (
        "The worker was killed from outside (signal 9, SIGKILL; systems do this when memory runs out) while training, "
        "at step 22, and the training ended with it. Resume goes on from step 20."
    )
    assert here.pids("trainer", run) == []

    here.let_go(run, 22)
    here.runs.resume(run.id, user="local")
    assert here.wait_ended(run).status is RunStatus.SUCCEEDED
    assert here.runs.get(run.id).attempt == 3
    _assert_one_unbroken_curve(here, run, 30)
    assert [checkpoint.step for checkpoint in here.runs.checkpoints(run.id)] == [*range(0, 30, 4), 30]


def test_keeper_and_trainer_killed_together_are_noticed_by_the_next_keeper(here: World) -> None:
    run = here.add_run(hold=[6])
    here.keeper.ensure()
    here.wait_step(run, 6)
    _kill(here, "keeper")
    _kill(here, "trainer", run)
    start_keeper(here.home).wait()
    ended = here.runs.get(run.id)
    assert ended.status is RunStatus.FAILED
    assert ended.reason is not None
    assert "SIGKILL" in ended.reason
    _assert_one_unbroken_curve(here, run, 6)


def test_a_run_that_ended_while_no_keeper_lived_is_taken_in_whole(here: World) -> None:
    run = here.add_run(steps=30, hold=[1])
    here.keeper.ensure()
    here.wait_step(run, 1)
    _kill(here, "keeper")
    here.let_go(run, 1)
    wait_until(lambda: here.home.run(run.id).exit.exists())
    assert here.status(run) is RunStatus.RUNNING
    start_keeper(here.home).wait()
    assert here.status(run) is RunStatus.SUCCEEDED
    _assert_one_unbroken_curve(here, run, 30)


def test_two_keepers_are_one_too_many(here: World) -> None:
    run = here.add_run(hold=[1])
    keepers = [start_keeper(here.home) for _ in range(3)]
    wait_until(lambda: len(here.pids("keeper")) == 1 and here.runs.get(run.id).step == 1)
    here.let_go(run, 1)
    assert [keeper.wait() for keeper in keepers] == [0, 0, 0]
    assert here.status(run) is RunStatus.SUCCEEDED
    _assert_one_unbroken_curve(here, run, 10)
    assert here.runs.get(run.id).attempt == 1


def test_what_is_queued_while_a_keeper_is_about_to_leave_is_not_left_lying(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever queues it finds the lock held and starts no other keeper."""
    keeper = Keeper(here.home, here.storage, LocalLauncher(WORKER), ("cpu",), linger=0.0)
    first, late = here.add_run(steps=1), list[Run]()
    work = keeper._work

    def work_then_queue_another() -> None:
        work()
        assert is_kept(here.home)
        if not late:
            late.append(here.add_run(steps=1))

    monkeypatch.setattr(keeper, "_work", work_then_queue_another)
    keeper.keep()
    assert [here.status(run) for run in (first, *late)] == [RunStatus.SUCCEEDED] * 2
    assert not is_kept(here.home)


def test_a_running_run_stops_with_a_checkpoint_and_goes_on_where_it_was(here: World) -> None:
    run = here.add_run(hold=[5])
    here.keeper.ensure()
    here.wait_step(run, 5)
    here.runs.stop(run.id, user="local")
    assert here.status(run) in (RunStatus.STOPPING, RunStatus.STOPPED)
    ended = here.wait_ended(run)
    assert ended.status is RunStatus.STOPPED
    assert ended.reason == "It was stopped on request at step 5. Resume goes on from step 5."
    here.runs.resume(run.id, user="local")
    assert here.wait_ended(run).status is RunStatus.SUCCEEDED
    _assert_one_unbroken_curve(here, run, 10)


def test_a_run_that_makes_rows_stops_and_says_behind_which_prompt_it_goes_on(here: World) -> None:
    run = here.add_generating(rows=5, hold=[2]).runs[0]
    here.keeper.ensure()
    here.wait_step(run, 2)
    here.runs.stop(run.id, user="local")
    assert here.wait_ended(run).reason == (
        "It was stopped on request at step 2. Resume goes on behind prompt 2, and the rows made so far are kept."
    )


def test_a_run_that_hangs_while_loading_is_stopped_and_nothing_else_is_said_to_be_kept(here: World) -> None:
    run = here.add_run(hang="loop")
    here.keeper.ensure()
    wait_until(lambda: here.runs.pill() and here.runs.get(run.id).phase == "loading")
    answer = here.runs.stop(run.id, user="local")
    assert answer == "It is still loading, so it ends at once. No checkpoint is there yet."
    ended = here.wait_ended(run)
    assert (ended.status, ended.reason) == (
        RunStatus.STOPPED,
        "It was stopped on request while loading. It has no checkpoint yet, so resume starts it from the beginning.",
    )


def test_a_run_is_stopped_while_it_starts(here: World) -> None:
    run = here.add_run(hold=[0])
    here.keeper.ensure()
    wait_until(lambda: here.status(run) is RunStatus.STARTING)
    here.runs.stop(run.id, user="local")
    ended = here.wait_ended(run)
    assert ended.status is RunStatus.STOPPED
    assert ended.reason is not None
    assert ended.reason.startswith("It was stopped")


def test_a_stop_that_is_not_heard_is_enforced_and_leaves_no_orphan(here: World) -> None:
    run = here.add_run(hold=[3], deaf=True, child=True)
    here.keeper.ensure()
    here.wait_step(run, 3)
    here.runs.stop(run.id, user="local")
    ended = here.wait_ended(run)
    assert ended.status is RunStatus.STOPPED
    assert ended.reason is not None
    assert "had not done so after 1 seconds, so it was ended" in ended.reason
    _assert_nothing_marked_is_left(here, run)


def test_a_killed_supervisor_leaves_no_orphan_either(here: World) -> None:
    run = here.add_run(hold=[3], child=True)
    here.keeper.ensure()
    here.wait_step(run, 3)
    _kill(here, "supervisor", run)
    assert here.wait_ended(run).status is RunStatus.FAILED
    _assert_nothing_marked_is_left(here, run)


def _assert_nothing_marked_is_left(here: World, run: Run) -> None:
    assert LocalLauncher().find(here.home.run(run.id)) == ()


@pytest.mark.parametrize(
    ("settings", "kind", "sentence"),
    [
        ({"fail_at": 6}, "bad_recipe", "Row 3 has no answer. Take it out."),
        (
            {"crash_at": 2},
            "unknown",
            "ZeroDivisionError: division by zero. The end of the log says where. Resume goes on from step 0.",
        ),
        (
            {"memory_at": 0},
            "host_memory",
            "The memory of this machine ran out (MemoryError).",
        ),
        (
            {"exit_at": 5},
            "unknown",
            "The training process ended with exit status 5 while training, at step 4. The end of the log says where. "
            "Resume goes on from step 4.",
        ),
    ],
)
def test_a_failure_is_written_onto_the_run(
    here: World, settings: dict[str, int], kind: str, sentence: str
) -> None:
    run = here.add_run(**settings)
    here.keeper.ensure()
    ended = here.wait_ended(run)
    assert (ended.status, ended.failure, ended.reason) == (RunStatus.FAILED, kind, sentence)


def test_what_waits_for_a_failed_run_is_held_and_comes_back_with_it(here: World) -> None:
    pipeline = here.add("sft", "dpo", "dpo", hold=[8])
    first, second, third = pipeline.runs
    here.keeper.ensure()
    here.wait_step(first, 8)
    waiting = here.runs.get(second.id)
    assert waiting.reason == f'Starts when "{first.title} · SFT" has succeeded.'
    _kill(here, "trainer", first)
    here.wait_ended(first)
    for run in (second, third):
        held = here.runs.get(run.id)
        assert held.status is RunStatus.STOPPED
        assert held.reason == (
            f'It was not started, because "{first.title} · SFT" failed. It is queued again when that one is resumed.'
        )
    with pytest.raises(NotPossibleNow, match="Resume that one first"):
        here.runs.resume(second.id, user="local")
    for run in pipeline.runs:
        here.home.run(run.id).path.mkdir(exist_ok=True)
        here.let_go(run, 8)
    here.runs.resume(first.id, user="local")
    assert here.wait_ended(third).status is RunStatus.SUCCEEDED
    assert [here.runs.get(run.id).attempt for run in pipeline.runs] == [2, 1, 1]


def test_one_processor_takes_one_run_at_a_time_and_the_others_know_why(here: World) -> None:
    first, second, third, last = here.add_run(hold=[5]), here.add_run(), here.add_run(), here.add_run()
    here.keeper.ensure()
    here.wait_step(first, 5)
    assert [here.runs.get(one.id).reason for one in (second, third, last)] == [
        f'Starts when "{first.title} · SFT" ends: both need the processor.',
        f'Waits behind "{second.title} · SFT".',
        f'Waits behind 2 others, "{second.title} · SFT" first.',
    ]
    for one in (third, last):
        here.runs.stop(one.id, user="local")
    overview = here.runs.overview()
    assert ([run.id for run in overview.live], [run.id for run in overview.queued]) == (
        [first.id],
        [second.id],
    )
    pill = here.runs.pill()
    assert (pill["running"], pill["queued"], pill["run_id"]) == (1, 1, first.id)
    here.runs.stop(first.id, user="local")
    assert here.wait_ended(second).status is RunStatus.SUCCEEDED


def test_a_worker_that_never_shows_itself_is_given_up(here: World, tmp_path: Path) -> None:
    from rlft_gui.launchers import LocalLauncher

    run = here.add_run()
    launcher = LocalLauncher(worker=("true",))
    Scheduler(here.home, here.storage, launcher, ("cpu",)).start_next()
    now = 100.0
    settler = Settler(here.home, here.storage, launcher, clock=lambda: now)
    settler.look_after(here.runs.get(run.id))
    now += 59
    settler.look_after(here.runs.get(run.id))
    assert here.status(run) is RunStatus.STARTING
    now += 2
    settler.look_after(here.runs.get(run.id))
    ended = here.runs.get(run.id)
    assert ended.status is RunStatus.FAILED
    assert ended.reason is not None
    assert "did not show itself within 60 seconds" in ended.reason
    # A worker that comes after all finds that it is not wanted any more.
    LocalLauncher().submit(here.home.run(run.id), 1, "cpu")
    wait_until(lambda: "is over; nothing to do" in here.home.run(run.id).log.read_text())
    assert not here.home.run(run.id).events.exists()


def test_the_keeper_leaves_while_rows_wait_for_a_review_and_comes_back_to_train_on_them(here: World) -> None:
    maker, taker = here.add_generating(rows=3).runs
    here.keeper.ensure()
    here.wait_ended(maker)
    wait_until(lambda: not is_kept(here.home) and not here.pids("keeper"))
    assert here.runs.get(taker.id).reason == (
        f'Waits until somebody has reviewed the rows of "{maker.title} · Critique and revision".'
    )
    here.runs.pill()
    assert here.pids("keeper") == [], "whoever watches does not wake it for nothing"
    here.reviewing.approve(maker.id, user="local")
    assert here.wait_ended(taker).status is RunStatus.SUCCEEDED
