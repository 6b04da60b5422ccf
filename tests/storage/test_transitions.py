"""Runs move from one status to another by compare-and-set, whoever tries at the same time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage import Storage, open_storage
from rlft_gui.storage import tables as t
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import generating, pipeline

#: Two of these make eight claimers: four threads each, every one with a connection of its own.
CLAIMERS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage

storage = open_storage(Home(Path(sys.argv[1])))
devices = [f"gpu:{n}" for n in range(200)]

def claim_all(_):
    claimed = []
    while (found := storage.transitions.claim_next(devices, "local")) is not None:
        claimed.append([found[0].id, found[1]])
    return claimed

with ThreadPoolExecutor(4) as pool:
    print(json.dumps(sum(pool.map(claim_all, range(4)), [])))
"""


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = open_storage(fresh_home(tmp_path))
    yield opened
    opened.close()


def _add(storage: Storage, *stages: str) -> tuple[Run, ...]:
    made = pipeline(*(stages or ("sft",)))
    assert storage.transitions.add(made, launch_id=made.id)
    return made.runs


def _now(storage: Storage, run: Run) -> Run:
    found = storage.runs.get(run.id)
    assert found is not None
    return found


def _claim(storage: Storage) -> Run:
    found = storage.transitions.claim_next(("cpu",), "local")
    assert found is not None
    return found[0]


def test_eight_claimers_take_each_of_two_hundred_runs_once_and_no_device_twice(
    tmp_path: Path, storage: Storage
) -> None:
    made = pipeline(*["sft"] * 200, linked=False)
    assert storage.transitions.add(made, launch_id="click")
    command = [sys.executable, "-c", CLAIMERS, str(tmp_path)]
    claimers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    claimed = [pair for claimer in claimers for pair in json.loads(claimer.communicate()[0])]
    assert sorted(run_id for run_id, _ in claimed) == sorted(run.id for run in made.runs)
    assert len({device for _, device in claimed}) == 200
    assert {device: run.id for device, run in storage.runs.devices().items()} == {d: r for r, d in claimed}


def test_a_pipeline_whose_source_was_deleted_is_refused_in_a_sentence_and_leaves_nothing(
    storage: Storage,
) -> None:
    kept, planned = pipeline("sft"), pipeline("sft", "dpo")
    sft, dpo = planned.runs
    without_source = planned.model_copy(update={"runs": (dpo,)})
    assert storage.transitions.add(kept, launch_id="kept")
    with pytest.raises(
        NotFound, match=f"The dpo stage takes something from the run {sft.id}, which does not"
    ):
        storage.transitions.add(without_source, launch_id="late")
    assert storage.runs.launched("late") is None
    assert storage.runs.get(dpo.id) is None


def test_a_claim_takes_the_device_with_the_run_and_the_end_gives_it_back(storage: Storage) -> None:
    first, second = _add(storage)[0], _add(storage)[0]
    assert _claim(storage).id == first.id
    assert storage.transitions.claim_next(("cpu",), "local") is None
    assert storage.transitions.settle(_now(storage, first), RunStatus.SUCCEEDED, None, "")
    assert _claim(storage).id == second.id


def test_a_run_is_settled_once(storage: Storage) -> None:
    _add(storage)
    run = _claim(storage)
    assert storage.transitions.settle(run, RunStatus.SUCCEEDED, None, "")
    assert not storage.transitions.settle(run, RunStatus.FAILED, Cause(FailureKind.UNKNOWN, "too late"), "")
    assert _now(storage, run).status is RunStatus.SUCCEEDED


def test_settling_an_earlier_attempt_leaves_the_present_one_alone(storage: Storage) -> None:
    _add(storage)
    first = _claim(storage)
    storage.transitions.settle(first, RunStatus.FAILED, Cause(FailureKind.UNKNOWN, "reason"), "")
    assert storage.transitions.requeue(_now(storage, first), "Starts next.", clear=lambda: None)
    second = _claim(storage)
    assert second.attempt == 2
    assert not storage.transitions.settle(first, RunStatus.FAILED, Cause(FailureKind.UNKNOWN, "late"), "")
    assert _now(storage, second).status is RunStatus.STARTING


def test_a_succeeded_run_is_final(storage: Storage) -> None:
    _add(storage)
    run = _claim(storage)
    storage.transitions.settle(run, RunStatus.SUCCEEDED, None, "")
    assert not storage.transitions.requeue(
        _now(storage, run), "Starts next.", clear=lambda: pytest.fail("not moved")
    )
    assert not storage.transitions.set_stopping(run, ask=lambda: pytest.fail("not moved"))


def test_a_run_is_not_claimed_before_what_it_continues_has_succeeded(storage: Storage) -> None:
    first, second = _add(storage, "sft", "dpo")
    assert storage.runs.blockers() == {second.id: first.id}
    assert _claim(storage).id == first.id
    assert storage.transitions.claim_next(("gpu:0", "gpu:1"), "local") is None
    storage.transitions.settle(_now(storage, first), RunStatus.SUCCEEDED, None, "")
    assert _claim(storage).id == second.id


def test_what_somebody_stopped_in_the_queue_does_not_come_back_with_its_source(storage: Storage) -> None:
    first, second, third = _add(storage, "sft", "dpo", "dpo")
    assert storage.transitions.stop_queued(second, "by hand", "held")
    assert (_now(storage, second).reason, _now(storage, third).reason) == ("by hand", "held")
    run = _claim(storage)
    storage.transitions.settle(run, RunStatus.FAILED, Cause(FailureKind.UNKNOWN, "reason"), "held")
    storage.transitions.requeue(_now(storage, first), "Starts next.", clear=lambda: None)
    assert [_now(storage, run).status for run in (first, second, third)] == ["queued", "stopped", "stopped"]
    storage.transitions.requeue(_now(storage, second), "Starts next.", clear=lambda: None)
    assert [_now(storage, run).status for run in (first, second, third)] == ["queued"] * 3
    assert _now(storage, second).attempt == 1  # it never began


def test_the_same_launch_is_stored_once(storage: Storage) -> None:
    made = pipeline("sft")
    assert storage.transitions.add(made, launch_id="click")
    assert not storage.transitions.add(pipeline("sft"), launch_id="click")
    assert storage.runs.launched("click") == made
    assert len(storage.runs.list()) == 1


def test_a_run_that_others_continue_is_not_deleted_and_the_last_run_takes_its_pipeline_along(
    storage: Storage,
) -> None:
    first, second = _add(storage, "sft", "dpo")
    assert not storage.transitions.delete(first.id)
    assert storage.transitions.delete(second.id)
    assert storage.transitions.delete(first.id)
    assert storage.runs.pipeline(first.pipeline_id) is None


def test_a_live_run_is_not_deleted(storage: Storage) -> None:
    _add(storage)
    run = _claim(storage)
    assert not storage.transitions.delete(run.id)


def test_runs_are_found_by_status_method_and_text(storage: Storage) -> None:
    first, second = _add(storage, "sft", "dpo")
    assert [run.id for run in storage.runs.list(text=first.title)] == [second.id, first.id]
    assert [run.id for run in storage.runs.list(text="DPO-")] == [second.id]
    assert storage.runs.list(text="100%_") == ()
    assert storage.runs.list(method="grpo") == ()
    assert [run.id for run in storage.runs.list(limit=1, offset=1)] == [first.id]


def test_an_error_in_a_write_leaves_nothing_behind(storage: Storage) -> None:
    first, _ = _add(storage, "sft", "dpo")
    run = _claim(storage)

    def fail() -> None:
        raise OSError("no room for the file")

    with pytest.raises(OSError, match="no room"):
        storage.transitions.set_stopping(run, ask=fail)
    assert _now(storage, first).status is RunStatus.STARTING


# what runs take from one another, and reviews


def _add_making(storage: Storage, *, review: bool = True) -> tuple[Run, Run]:
    """A run that makes rows and one that learns from them."""
    queued = generating(review=review, settings={})
    assert storage.transitions.add(queued, launch_id=queued.id)
    maker, taker = queued.runs
    return maker, taker


def _make_rows(storage: Storage, maker: Run) -> None:
    assert _claim(storage).id == maker.id
    assert storage.transitions.settle(maker, RunStatus.SUCCEEDED, None, "")


def test_rows_that_are_to_be_reviewed_hold_their_taker_until_they_pass(storage: Storage) -> None:
    maker, taker = _add_making(storage)
    assert storage.runs.reviews() == {taker.id: maker.id}
    _make_rows(storage, maker)
    assert storage.transitions.claim_next(("cpu",), "local") is None
    assert not storage.runs.has_work(), "only a person can go on"
    assert storage.transitions.approve(maker.id)
    assert storage.runs.reviews() == {}
    assert storage.runs.has_work()
    assert _claim(storage).id == taker.id


def test_rows_pass_once_and_only_those_that_were_asked_about(storage: Storage) -> None:
    (maker, _), (other, waiting) = _add_making(storage), _add_making(storage)
    assert storage.transitions.approve(maker.id)
    assert not storage.transitions.approve(maker.id)
    assert storage.runs.reviews() == {waiting.id: other.id}


def test_rows_that_pass_before_all_are_made_still_wait_for_the_rest(storage: Storage) -> None:
    maker, taker = _add_making(storage)
    assert storage.transitions.approve(maker.id)
    assert _claim(storage).id == maker.id
    assert storage.transitions.claim_next(("gpu:0",), "local") is None
    assert storage.runs.blockers() == {taker.id: maker.id}


def test_nothing_passes_where_no_review_was_asked_for(storage: Storage) -> None:
    maker, _ = _add_making(storage, review=False)
    assert not storage.transitions.approve(maker.id)
    assert storage.runs.reviews() == {}


def test_links_tell_what_a_run_takes_and_what_is_taken_from_it(storage: Storage) -> None:
    first, second, third = _add(storage, "sft", "dpo", "kto")
    maker, taker = _add_making(storage)
    assert storage.runs.links([second.id]) == (
        (first.id, "adapter", second.id),
        (second.id, "adapter", third.id),
    )
    assert storage.runs.links([taker.id, first.id]) == (
        (first.id, "adapter", second.id),
        (maker.id, "data", taker.id),
    )
    assert storage.runs.links([]) == ()


def test_a_deleted_taker_gives_its_source_free(storage: Storage) -> None:
    maker, taker = _add_making(storage)
    assert not storage.transitions.delete(maker.id)
    assert storage.transitions.delete(taker.id)
    assert storage.runs.links([maker.id]) == ()
    assert storage.transitions.delete(maker.id)


def test_a_resumed_run_counts_the_time_of_every_attempt_and_not_the_waits_between(storage: Storage) -> None:
    (run,) = _add(storage)
    for number, (start, end) in enumerate([(100.0, 130.0), (500.0, 512.0)], start=1):
        claimed = _claim(storage)
        storage.transitions.settle(claimed, RunStatus.STOPPED, None, "")
        with storage.write() as connection:
            times = {"started_at": start, "ended_at": end}
            connection.execute(sa.update(t.attempt).where(t.attempt.c.attempt == number).values(**times))
        assert storage.transitions.requeue(_now(storage, run), "Starts next.", clear=lambda: None)
    waiting = _now(storage, run)
    assert (waiting.attempt, waiting.elapsed(now=900.0)) == (3, 42.0)

    live = waiting.model_copy(update={"status": RunStatus.RUNNING, "started_at": 1000.0})
    assert live.elapsed(now=1008.0) == 50.0
    assert storage.runs.list() == (waiting,)
    pipeline_now = storage.runs.pipeline(run.pipeline_id)
    assert pipeline_now is not None
    assert pipeline_now.runs == (waiting,)


def test_a_run_that_never_began_has_no_time(storage: Storage) -> None:
    (run,) = _add(storage)
    assert _now(storage, run).elapsed(now=900.0) is None
    _claim(storage)
    assert _now(storage, run).elapsed(now=900.0) is None
