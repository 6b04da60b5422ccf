"""Old checkpoints go, what is needed stays, and a budget that is passed refuses what would take more."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotAllowed
from rlft_gui.domain.home import Home
from rlft_gui.domain.keeping import Keep
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.disk.budget import read_budget, set_budget, size_in
from rlft_gui.services.disk.service import Disk
from rlft_gui.training.models.checkpoints import complete_steps
from rlft_gui.training.run.reporter import EventReporter
from tests.services.pipelines.test_launching import DATA, Case

MEGABYTE = 10**6


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.fixture
def disk(case: Case) -> Disk:
    return Disk(case.home, case.storage)


def fill(case: Case, run_id: str) -> None:
    """A megabyte in each checkpoint, of which step 20 measured best."""
    folder = case.home.run(run_id)
    for step in complete_steps(folder):
        (folder.checkpoint(step) / "weights").write_bytes(b"0" * MEGABYTE)
    reporter = EventReporter(folder, attempt=1)
    for step, gold in ((10, 0.1), (20, 0.9), (30, 0.5), (40, 0.4)):
        reporter.metrics(step, {"probe/gold": gold})
    reporter.close()


def finished(case: Case) -> str:
    run_id = case.finished(10, 20, 30, 40)
    fill(case, run_id)
    return run_id


def test_the_best_and_the_last_stay_and_a_preview_removes_nothing(case: Case, disk: Disk) -> None:
    run_id = finished(case)
    (going,) = disk.preview(user="local")
    assert (going.run, going.steps, going.stay) == (run_id, (10, 30), (20, 40))
    assert going.bytes > 2 * MEGABYTE
    assert complete_steps(case.home.run(run_id)) == [10, 20, 30, 40]

    assert disk.clean(user="local") == (going,)
    assert complete_steps(case.home.run(run_id)) == [20, 40]
    assert disk.clean(user="local") == ()


def test_only_the_best_stays_where_that_is_asked_unless_the_run_may_go_on(case: Case, disk: Disk) -> None:
    run_id = finished(case)
    disk.clean(Keep(newest=0, best=True), user="local")
    assert complete_steps(case.home.run(run_id)) == [20]

    spec = PipelineSpec(method="sft", stages={"sft": DATA["sft"]})
    (run,) = case.launching.launch(spec, launch_id="stopped", user="local").runs
    case.end(run, RunStatus.STOPPED, 10, 20, 30, 40)
    fill(case, run.id)
    disk.clean(Keep(newest=0, best=True), user="local")
    assert complete_steps(case.home.run(run.id)) == [20, 40]


def test_what_another_run_continues_stays(case: Case, disk: Disk) -> None:
    source = finished(case)
    spec = PipelineSpec(method="sft", start_from=f"{source}@10", stages={"sft": DATA["sft"]})
    case.launching.launch(spec, launch_id="goes on", user="local")
    disk.clean(user="local")
    assert complete_steps(case.home.run(source)) == [10, 20, 40]


def test_nobody_elses_runs_are_touched(case: Case, disk: Disk) -> None:
    run_id = finished(case)
    assert disk.preview(user="else") == disk.clean(user="else") == ()
    assert len(complete_steps(case.home.run(run_id))) == 4


def test_a_look_adds_up_to_the_whole_home(case: Case, disk: Disk) -> None:
    run_id = finished(case)
    found = disk.look(user="local")
    assert [run.run for run in found.usage.runs] == [run_id]
    assert found.usage.runs[0].checkpoints > 4 * MEGABYTE
    assert found.used == sum(path.stat().st_size for path in case.home.path.rglob("*") if path.is_file())
    assert (found.limit, found.left) == (None, found.free)


def test_once_the_budget_is_passed_nothing_is_launched_until_something_went(case: Case, disk: Disk) -> None:
    finished(case)
    used = disk.look(user="local").used
    disk.set_budget(used - MEGABYTE, cleans=False, user="local")
    spec = PipelineSpec(
        method="sft", stages={"sft": {**DATA["sft"], "learning_rate": 1e-4, "lora_rank": 1, "max_steps": 1}}
    )
    with pytest.raises(
        InvalidPipeline, match=r"its budget is .*Old checkpoints of runs that have ended take 2.0 MB"
    ):
        case.launching.launch(spec, launch_id="refused", user="local")
    assert len(case.storage.runs.list()) == 1

    disk.clean(user="local")
    assert Disk(case.home, case.storage).passed() is None


def test_who_lets_old_checkpoints_go_by_themselves_may_go_on(case: Case, disk: Disk) -> None:
    run_id = finished(case)
    disk.set_budget(disk.look(user="local").used - MEGABYTE, cleans=True, user="local")
    assert disk.passed() is None
    assert [one.steps for one in disk.tidy()] == [(10, 30)]
    assert complete_steps(case.home.run(run_id)) == [20, 40]
    assert Disk(case.home, case.storage).tidy() == ()


def test_a_budget_is_its_owners(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert read_budget(home).limit is None
    set_budget(home, 20 * 10**9, cleans=True, user="local")
    assert (read_budget(home).limit, read_budget(home).cleans) == (20 * 10**9, ("local",))
    with pytest.raises(NotAllowed, match="set by local"):
        set_budget(home, None, cleans=False, user="else")
    with pytest.raises(InvalidInput, match="1 MB or more"):
        set_budget(home, 10, cleans=False, user="local")
    home.budget.write_text("{")
    assert read_budget(home).limit is None


@pytest.mark.parametrize(
    ("text", "size"), [("20GB", 20 * 10**9), ("500 MB", 5 * 10**8), ("1.5t", 15 * 10**11), ("none", None)]
)
def test_sizes_as_people_write_them(text: str, size: int | None) -> None:
    assert size_in(text) == size


def test_what_is_no_size_is_told() -> None:
    with pytest.raises(InvalidInput, match='"much" is no size'):
        size_in("much")
