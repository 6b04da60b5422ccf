"""Deleted runs: nowhere to be seen, whole in the bin for thirty days, gone for good afterwards."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from rlft_gui.domain.errors import NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.loop import Keeper
from rlft_gui.launchers import LocalLauncher
from rlft_gui.services import Services, open_services
from rlft_gui.services.runs.bin import KEPT_SECONDS
from rlft_gui.storage import open_storage
from rlft_gui.storage.tables import metadata
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete
from tests.fakes.pipelines import World, pipeline, world


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path) as made:
        monkeypatch.setattr(made.keeper, "ensure", lambda: None)
        yield made


def _ended(here: World, status: RunStatus = RunStatus.FAILED) -> Run:
    """A run with a checkpoint that has ended, and whatever its pipeline holds."""
    claimed = here.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    run = claimed[0]
    _checkpoint(here.home, run)
    assert here.storage.transitions.settle(run, status, None, "held")
    return here.runs.get(run.id)


def _checkpoint(home: Home, run: Run) -> None:
    path = home.run(run.id).checkpoint(4)
    path.mkdir(parents=True)
    (path / "weights").write_bytes(b"12345")
    marker = CheckpointMarker(step=4, stage=run.stage, base="lantern", base_hash="x", kind="adapter")
    mark_complete(path, marker)


def _content(here: World, run: Run) -> str:
    """A hash of all rows that hang on a run and of all its files, besides whether it is in the bin."""
    found = hashlib.sha256()
    with here.storage.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                found.update(repr({k: v for k, v in row.items() if k != "deleted_at"}).encode())
    for file in sorted(here.home.run(run.id).path.rglob("*")):
        found.update(str(file).encode() + (file.read_bytes() if file.is_file() else b""))
    return found.hexdigest()


def test_a_deleted_run_comes_back_as_it_was(here: World) -> None:
    here.add_run()
    run = _ended(here)
    before = _content(here, run)
    here.runs.delete(run.id, user="local")
    assert here.runs.list() == ()
    assert [one.run.id for one in here.runs.bin.list()] == [run.id]
    here.runs.bin.restore(run.id, user="local")
    assert here.runs.bin.list() == ()
    assert here.runs.get(run.id) == run
    assert _content(here, run) == before


def test_the_bin_says_when_a_run_goes_and_what_it_takes(here: World) -> None:
    here.add_run()
    run = _ended(here)
    here.runs.delete(run.id, user="local")
    (binned,) = here.runs.bin.list()
    assert binned.expires_at == binned.deleted_at + 30 * 24 * 3600
    assert binned.bytes > 5
    assert abs(binned.deleted_at - time.time()) < 60


def test_a_run_that_was_queued_waits_in_the_bin_and_is_queued_again(here: World) -> None:
    run = here.add_run()
    here.runs.delete(run.id, user="local")
    assert not here.storage.runs.has_work()
    assert here.storage.transitions.claim_next(("cpu",), "local") is None
    here.runs.bin.restore(run.id, user="local")
    assert here.storage.runs.has_work()
    assert here.status(run) is RunStatus.QUEUED


def test_whoever_asks_for_a_deleted_run_is_told_where_it_is(here: World) -> None:
    run = here.add_run()
    here.runs.delete(run.id, user="local")
    for ask in (here.runs.get, here.runs.lineage, here.runs.clone, here.runs.on_stop):
        with pytest.raises(NotFound, match=f"is in the bin.*`rlft bin restore {run.id}`"):
            ask(run.id)
    for act in (here.runs.stop, here.runs.resume, here.runs.delete):
        with pytest.raises(NotFound, match="is in the bin"):
            act(run.id, user="local")


def test_what_takes_something_from_a_run_in_the_bin_comes_back_after_it(here: World) -> None:
    first, second = here.add("sft", "dpo").runs
    with pytest.raises(NotPossibleNow, match="is needed"):
        here.runs.delete(first.id, user="local")
    here.runs.delete(second.id, user="local")
    here.runs.delete(first.id, user="local")
    with pytest.raises(NotPossibleNow, match=f"from {first.id}, also in the bin. Restore that first"):
        here.runs.bin.restore(second.id, user="local")
    with pytest.raises(NotPossibleNow, match="Another run in the bin takes something"):
        here.runs.bin.purge(first.id, user="local")
    here.runs.bin.restore(first.id, user="local")
    here.runs.bin.restore(second.id, user="local")
    assert {run.id for run in here.runs.list()} == {first.id, second.id}


def test_nothing_new_is_launched_from_a_run_in_the_bin(here: World) -> None:
    first, second = pipeline("sft", "dpo").runs
    made = pipeline("sft", "dpo")
    assert here.storage.transitions.add(made, launch_id="one")
    first, second = made.runs
    here.runs.delete(second.id, user="local")
    here.runs.delete(first.id, user="local")
    later = pipeline("kto")
    recipe = later.runs[0].recipe.model_copy(update={"parent": second.recipe.parent})
    later = later.model_copy(update={"runs": (later.runs[0].model_copy(update={"recipe": recipe}),)})
    with pytest.raises(NotFound, match="does not exist any more"):
        here.storage.transitions.add(later, launch_id="two")


def test_emptying_the_bin_leaves_neither_rows_nor_files(here: World) -> None:
    here.add("sft", "dpo")
    run = _ended(here, RunStatus.SUCCEEDED)
    second = _ended(here)
    here.runs.delete(second.id, user="local")
    here.runs.delete(run.id, user="local")
    assert here.runs.bin.empty(user="eve") == 0
    assert here.runs.bin.empty(user="local") == 2
    assert list(here.home.runs.iterdir()) == []
    with here.storage.read() as connection:
        for table in ("run", "pipeline", "link", "attempt"):
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0


def test_a_run_leaves_the_bin_for_good_after_thirty_days_and_not_before(here: World) -> None:
    here.add_run()
    run = _ended(here)
    here.runs.delete(run.id, user="local")
    assert here.runs.bin.expire(time.time() + KEPT_SECONDS - 60) == 0
    assert here.home.run(run.id).path.exists()
    assert here.runs.bin.expire(time.time() + KEPT_SECONDS + 60) == 1
    assert not here.home.run(run.id).path.exists()


def test_a_keeper_empties_the_bin_of_what_has_been_there_for_long(here: World) -> None:
    here.add_run()
    run = _ended(here)
    here.runs.delete(run.id, user="local")
    with here.storage.write() as connection:
        connection.execute(sa.text("UPDATE run SET deleted_at = 1"))
    Keeper(here.home, here.storage, LocalLauncher(), ("cpu",), linger=0).keep()
    assert here.storage.runs.deleted() == ()
    assert not here.home.run(run.id).path.exists()


def test_only_its_owner_takes_a_run_out_of_the_bin(here: World) -> None:
    run = here.add_run()
    here.runs.delete(run.id, user="local")
    for change in (here.runs.bin.restore, here.runs.bin.purge):
        with pytest.raises(NotAllowed, match="belongs to local"):
            change(run.id, user="eve")
        with pytest.raises(NotFound, match='no run "other" in the bin'):
            change("other", user="local")


def test_why_a_run_is_kept_is_known_before_anybody_asks_to_delete_it(here: World) -> None:
    first, second = here.add("sft", "dpo").runs
    told = here.runs.why_kept(first.id)
    assert told is not None
    with pytest.raises(NotPossibleNow) as refused:
        here.runs.delete(first.id, user="local")
    assert str(refused.value) == told
    assert here.runs.why_kept(second.id) is None
    here.runs.delete(second.id, user="local")
    assert here.runs.why_kept(first.id) is None


# ── a deleted run is nowhere ──


Look = Callable[[Services, Run], object]
#: Whatever lists, counts or offers runs. Each shows this run while it is there.
LOOKS: dict[str, Look] = {
    "runs": lambda s, r: s.runs.list(),
    "runs by text": lambda s, r: s.runs.list(text=r.title),
    "overview": lambda s, r: s.runs.overview(),
    "pipelines": lambda s, r: s.runs.pipelines(),
    "titles": lambda s, r: s.runs.titles() & {r.title} and r.id,
    "what Compare offers": lambda s, r: s.comparing.choices(),
    "whose probe kept answers": lambda s, r: s.answers.probed(),
    "named": lambda s, r: s.storage.runs.named([r.id]),
    "ids": lambda s, r: s.storage.runs.ids(),
    "alike": lambda s, r: s.storage.runs.alike(r.stage, r.base, 5),
    "pipeline": lambda s, r: s.storage.runs.pipeline(r.pipeline_id),
    "extents": lambda s, r: s.storage.reports.extents([r.id]),
    "checkpoints": lambda s, r: s.storage.reports.checkpoints(r.id),
    "samples": lambda s, r: s.storage.reports.samples(r.id) and r.id,
    "samples of a step": lambda s, r: s.storage.answers.probed(r.id, 4) and r.id,
    "steps probed": lambda s, r: s.storage.answers.probed_steps(r.id) and r.id,
    "alarms": lambda s, r: s.storage.reports.alarms(r.id) and r.id,
    "spans": lambda s, r: s.storage.reports.spans(r.id) and r.id,
    "users of its data": lambda s, r: s.storage.datasets.used_by("lantern:cards"),
}


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[tuple[Services, Run]]:
    """A run that every look shows."""
    home = Home(tmp_path / "home")
    storage = open_storage(home)
    made = pipeline("sft", settings={"data": "lantern:cards"})
    storage.transitions.add(made, launch_id="one")
    claimed = storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    run = claimed[0]
    _checkpoint(home, run)
    with storage.write() as connection:
        for statement in (
            "INSERT INTO checkpoint VALUES (1, 4, 5, 1.0)",
            "INSERT INTO sample VALUES (1, 4, 'a', 'known', 'p', 'c', '{}')",
            "INSERT INTO alarm VALUES (1, 1, 4, 'loss-nan', 'm', 1.0)",
            "INSERT INTO phase VALUES (1, 1, 1, 'training', 1.0, 0, 4, 2.0)",
        ):
            connection.execute(sa.text(statement))
    storage.transitions.settle(run, RunStatus.SUCCEEDED, None, "")
    storage.close()
    services = open_services(home.path)
    yield services, services.runs.get(run.id)
    services.storage.close()


@pytest.mark.parametrize("look", LOOKS)
def test_a_deleted_run_is_nowhere(shown: tuple[Services, Run], look: str) -> None:
    services, run = shown
    assert run.id in str(LOOKS[look](services, run)), "this look never shows it, so it proves nothing"
    services.runs.delete(run.id, user="local")
    assert run.id not in str(LOOKS[look](services, run))
    services.runs.bin.restore(run.id, user="local")
    assert run.id in str(LOOKS[look](services, run))
