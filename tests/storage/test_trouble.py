"""What the database cannot do is one sentence, and what was begun is undone; one bad row is one bad row."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from rlft_gui.domain.errors import NotPossibleNow, StorageTrouble
from rlft_gui.domain.home import Home
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage import Storage, _database, open_storage
from tests.fakes.broken_homes import damage, held, spoil
from tests.fakes.pipelines import World, pipeline, world


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def storage(home: Home) -> Iterator[Storage]:
    storage = open_storage(home)
    yield storage
    storage.close()


def test_a_held_lock_is_told_and_nothing_is_stored(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_database, "BUSY_SECONDS", 0.2)
    storage = open_storage(home)
    made = pipeline("sft")

    with held(home.database), pytest.raises(StorageTrouble, match=r"nothing was changed\. Try again"):
        storage.transitions.add(made, launch_id="l")
    assert storage.runs.list() == ()
    assert storage.transitions.add(made, launch_id="l"), "the next try succeeds"
    storage.close()


def test_a_full_disk_is_told_and_nothing_is_stored(storage: Storage) -> None:
    def fill() -> None:
        with storage.write() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.execute(sa.text("CREATE TABLE big AS SELECT hex(zeroblob(1000000)) AS x"))

    with pytest.raises(StorageTrouble, match="The disk is full"):
        fill()
    with storage.read() as connection:
        assert not sa.inspect(connection).has_table("big")


def test_a_damaged_page_is_told(home: Home) -> None:
    with world(home.path) as here:
        here.add()
    damage(home.database)

    with pytest.raises(StorageTrouble, match="is damaged"):
        open_storage(home).runs.list()


@pytest.mark.parametrize("place", ["home", "home/below/it"])
def test_a_home_that_is_a_file_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "home").write_text("a file")

    with pytest.raises(StorageTrouble, match="a file is where a folder is needed"):
        open_storage(Home(tmp_path / place))


BAD = ["{}", "[]", '"text"', "null", "not json", '{"run_id": 1}']


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as here:
        yield here


@pytest.mark.parametrize("text", BAD)
def test_a_run_whose_recipe_no_longer_fits_is_one_bad_row(here: World, text: str) -> None:
    good, bad = here.add().runs[0], here.add().runs[0]
    spoil(here.home.database, "run", "recipe", bad.id, text)

    found = {run.id: run for run in here.runs.list()}
    assert found[good.id].unreadable is None
    assert str(found[bad.id].unreadable).startswith(f"The stored recipe of run {bad.id} cannot be read: ")
    assert [run.id for run in here.runs.overview().queued] == [good.id, bad.id]
    assert here.runs.lineage(bad.id).runs


def test_a_run_whose_recipe_cannot_be_read_is_not_resumed(here: World) -> None:
    bad = here.add().runs[0]
    here.runs.stop(bad.id, user="local")
    spoil(here.home.database, "run", "recipe", bad.id, "{}")

    with pytest.raises(NotPossibleNow, match="cannot be read"):
        here.runs.resume(bad.id, user="local")
    assert here.runs.get(bad.id).status is RunStatus.STOPPED
    here.runs.delete(bad.id, user="local")


@pytest.mark.parametrize("text", BAD)
def test_a_pipeline_whose_spec_no_longer_fits_shows_its_runs(here: World, text: str) -> None:
    bad = here.add()
    spoil(here.home.database, "pipeline", "spec", bad.id, text)

    (found,) = here.runs.pipelines()
    assert [run.id for run in found.runs] == [run.id for run in bad.runs]
    with pytest.raises(NotPossibleNow, match=f"stored pipeline {bad.id} cannot be read"):
        here.runs.clone(bad.runs[0].id)


def test_a_row_account_that_no_longer_fits_hides_no_run(here: World) -> None:
    bad = here.add().runs[0]
    spoil(here.home.database, "run", "row_account", bad.id, json.dumps({"read": "many"}))

    assert "row_account" in str(here.runs.get(bad.id).unreadable)
