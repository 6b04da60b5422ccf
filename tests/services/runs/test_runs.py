"""What one can see of runs, and do to them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from rlft_gui.data.generated import RowsWriter
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.events import EVENT
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.services.runs.logs import LONGEST_LINE
from tests.fakes.pipelines import World, pipeline, world
from tests.fakes.stages import generated_row


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path) as made:
        monkeypatch.setattr(made.keeper, "ensure", lambda: None)
        yield made


def _claim(here: World) -> Run:
    claimed = here.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    return claimed[0]


def _end(here: World, run: Run, status: RunStatus) -> None:
    assert here.storage.transitions.settle(here.runs.get(run.id), status, None, "held")


def test_a_wrong_id_names_the_nearest(here: World) -> None:
    run = here.add_run()
    with pytest.raises(NotFound, match=f"Did you mean {run.id}"):
        here.runs.get(f"{run.id}0")
    with pytest.raises(NotFound, match="`rlft runs` lists them"):
        here.runs.get("zzzzzzzzzzzzzz")


def test_a_queued_run_stops_at_once_and_what_waits_for_it_is_held(here: World) -> None:
    first, second = here.add("sft", "dpo").runs
    here.runs.stop(first.id, user="local")
    assert here.runs.get(first.id).reason == "It was stopped before it started."
    held = here.runs.get(second.id)
    assert held.status is RunStatus.STOPPED
    assert held.reason == (
        f'It was not started, because "{first.title} · SFT" was stopped. '
        "It is queued again when that one is resumed."
    )
    here.runs.resume(first.id, user="local")
    assert [here.status(run) for run in (first, second)] == ["queued", "queued"]


def test_a_live_run_is_asked_to_stop_and_a_resumed_one_is_not_asked_again(here: World) -> None:
    here.add_run()
    run = _claim(here)
    here.runs.stop(run.id, user="local")
    here.runs.stop(run.id, user="local")
    assert here.status(run) is RunStatus.STOPPING
    assert here.home.run(run.id).stop.exists()
    _end(here, run, RunStatus.STOPPED)
    here.runs.resume(run.id, user="local")
    assert not here.home.run(run.id).stop.exists()
    assert here.runs.get(run.id).attempt == 2


def _told(here: World, run: Run, *events: Mapping[str, object]) -> Run:
    """The run after its worker has reported these."""
    folder = here.home.run(run.id)
    folder.path.mkdir(parents=True, exist_ok=True)
    stamp = {"attempt": run.attempt, "time": 1.0}
    with folder.events.open("a") as lines:
        for seq, event in enumerate(events, start=1):
            lines.write(EVENT.validate_python({**stamp, "seq": seq, **event}).model_dump_json() + "\n")
    Ingester(here.home, here.storage).ingest(run.id)
    return here.runs.get(run.id)


LOADING = {"kind": "phase", "phase": "loading"}
TRAINING = {"kind": "phase", "phase": "training"}
SAVED = {"kind": "checkpoint", "step": 10, "bytes": 1}


@pytest.mark.parametrize(
    ("events", "answer"),
    [
        ((LOADING,), "It is still loading, so it ends at once. No checkpoint is there yet."),
        ((SAVED, LOADING), "It is still loading, so it ends at once. Its checkpoint of step 10 is kept."),
        (
            (LOADING, TRAINING),
            "It saves its last whole step, if it has made one, and ends. No checkpoint is there yet.",
        ),
        (
            (LOADING, TRAINING, SAVED, {"kind": "phase", "phase": "probing"}),
            "It saves its last whole step, if it has made one, and ends. Its checkpoint of step 10 is kept.",
        ),
    ],
)
def test_the_answer_to_a_stop_promises_only_what_is_there(
    here: World, events: tuple[dict[str, object], ...], answer: str
) -> None:
    here.add_run()
    run = _told(here, _claim(here), *events)
    assert here.runs.on_stop(run.id) == answer
    assert here.runs.stop(run.id, user="local") == answer


def test_the_answer_to_a_stop_of_a_run_that_makes_rows_counts_its_prompts(here: World) -> None:
    here.add_generating()
    run = _told(here, _claim(here), LOADING, {"kind": "phase", "phase": "sampling"})
    told = "It ends within seconds, and the prompts under way are taken again on resume."
    assert here.runs.on_stop(run.id) == f"{told} No prompt is done yet."
    RowsWriter(here.home.run(run.id), DataType.DEMONSTRATIONS).append([generated_row(1)], prompts=3)
    assert here.runs.on_stop(run.id) == f"{told} The rows of 3 prompts are kept."


def test_a_queued_run_leaves_the_queue_with_what_it_has(here: World) -> None:
    run = here.add_run()
    assert here.runs.stop(run.id, user="local") == "It leaves the queue. No checkpoint is there yet."


def test_what_is_not_possible_is_said_in_a_sentence(here: World) -> None:
    here.add("sft", "dpo")
    run = _claim(here)
    name = f'"{run.title} · SFT"'
    with pytest.raises(NotPossibleNow, match=f"{name} cannot be resumed, for it is starting"):
        here.runs.resume(run.id, user="local")
    with pytest.raises(NotPossibleNow, match=f"{name} is starting. Stop it first"):
        here.runs.delete(run.id, user="local")
    _end(here, run, RunStatus.SUCCEEDED)
    with pytest.raises(NotPossibleNow, match=f"{name} has already ended: it succeeded"):
        here.runs.stop(run.id, user="local")
    with pytest.raises(NotPossibleNow, match="for it has succeeded"):
        here.runs.resume(run.id, user="local")
    with pytest.raises(NotPossibleNow, match=rf"{name} is needed: dpo-\S+ continues it\. Delete those first"):
        here.runs.delete(run.id, user="local")


def test_rows_that_are_taken_keep_their_maker_and_are_waited_for(here: World) -> None:
    maker, taker = here.add_generating(review=False).runs
    _end(here, _claim(here), RunStatus.FAILED)
    name = f'"{maker.title} · Critique and revision"'
    with pytest.raises(
        NotPossibleNow, match=f"takes the rows of {name}, which failed. Resume that one first"
    ):
        here.runs.resume(taker.id, user="local")
    with pytest.raises(NotPossibleNow, match=f"{name} is needed: {taker.id} takes the rows of it"):
        here.runs.delete(maker.id, user="local")


def test_only_its_owner_can_change_a_run(here: World) -> None:
    run = here.add_run()
    for change in (here.runs.stop, here.runs.resume, here.runs.delete):
        with pytest.raises(NotAllowed, match="belongs to local"):
            change(run.id, user="eve")
    assert here.status(run) is RunStatus.QUEUED


def test_a_clone_is_what_was_launched(here: World) -> None:
    made = pipeline("sft")
    here.storage.transitions.add(made, launch_id="click")
    assert here.runs.clone(made.runs[0].id) == made.spec


def test_the_end_of_the_log_is_shown_as_a_terminal_would(here: World) -> None:
    run = here.add_run()
    log = here.home.run(run.id).log
    assert here.runs.log_tail(run.id) == (0, [])
    log.parent.mkdir(parents=True)
    log.write_bytes(b"one\n10%\r50%\r100%\nbad \xff\n" + b"x" * 5000 + b"\nlast without end")
    total, lines = here.runs.log_tail(run.id, lines=4)
    assert total == 5
    assert lines == ["100%", "bad \ufffd", "x" * (LONGEST_LINE - 1) + "…", "last without end"]


def test_the_whole_log_is_a_file_once_something_was_written(here: World) -> None:
    run = here.add_run()
    with pytest.raises(NotFound, match="has written no log yet"):
        here.runs.log_file(run.id)
    with pytest.raises(NotFound, match="There is no run"):
        here.runs.log_file("../secret")
    log = here.home.run(run.id).log
    log.parent.mkdir(parents=True)
    log.write_bytes(b"one\n")
    assert here.runs.log_file(run.id).read_bytes() == b"one\n"


def test_titles_are_those_of_all_pipelines(here: World) -> None:
    made = [here.add("sft"), here.add("sft", "dpo")]
    assert here.runs.titles() == {one.title for one in made}


def test_the_pill_counts_and_says_how_far_the_first_is(here: World) -> None:
    assert here.runs.pill() == {"running": 0, "queued": 0, "run_id": None, "percent": None}
    here.add("sft", "dpo")
    run = _claim(here)
    assert here.runs.pill() == {"running": 1, "queued": 1, "run_id": run.id, "percent": None}


def test_pipelines_come_with_their_runs_newest_first(here: World) -> None:
    old, new = here.add("sft", "dpo"), here.add("sft")
    assert here.runs.pipelines() == (new, old)
    assert here.runs.pipelines(limit=1) == (new,)
    assert here.runs.pipeline(old.id) == old
    with pytest.raises(NotFound, match="p-none"):
        here.runs.pipeline("p-none")
