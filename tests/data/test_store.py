"""A dataset is stored whole or not at all, once, and never changes."""

import json
import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.data.rows import first_rows, load_rows
from rlft_gui.data.store import store, stored_info, stored_rows
from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home

#: What accounts have had since 0.3.0.
NEW = ("changes", "columns", "columns_not_read")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def detection(tmp_path: Path, *prompts: str, name: str = "data.json") -> Detection:
    file = tmp_path / name
    file.write_text(json.dumps([{"prompt": prompt, "completion": "é\u2028"} for prompt in prompts]))
    return inspect(file, name)


def test_rows_come_back_as_they_were(tmp_path: Path, home: Home) -> None:
    found = detection(tmp_path, "a", "b", "c")
    info = store(home, found, owner="ann")
    assert load_rows(home, info.id) == list(found.rows)
    assert first_rows(home, info.id, 2) == found.rows.first(2)
    assert stored_info(home, info.id) == info
    assert (info.rows, info.owner, info.bytes) == (3, "ann", stored_rows(home, info.id).stat().st_size)


def test_the_same_rows_are_the_same_dataset(tmp_path: Path, home: Home) -> None:
    first = store(home, detection(tmp_path, "a", "b", name="first.json"), owner="ann")
    again = store(home, detection(tmp_path, "a", "b", "b", name="second.json"), owner="bob")
    other = store(home, detection(tmp_path, "b", "a"), owner="ann")
    assert again == first
    assert other.id != first.id
    assert sorted(folder.name for folder in home.datasets.iterdir()) == sorted([first.id, other.id])


def test_storing_at_once_stores_once(tmp_path: Path, home: Home) -> None:
    found = detection(tmp_path, *map(str, range(200)))
    with ThreadPoolExecutor(8) as pool:
        infos = list(pool.map(lambda _: store(home, found, owner="ann"), range(16)))
    assert len(set(map(str, infos))) == 1
    assert [folder.name for folder in home.datasets.iterdir()] == [infos[0].id]


def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path, home: Home) -> None:
    found = detection(tmp_path, *map(str, range(2000)))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(NotPossibleNow, match=r"could not be stored .* Nothing was kept of it\."):
            store(home, found, owner="ann")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(home.datasets.iterdir()) == []


def test_what_a_killed_process_left_is_removed_but_not_present_work(tmp_path: Path, home: Home) -> None:
    old, new = home.datasets / ".unfinished-1", home.datasets / ".unfinished-2"
    for leftover in (old, new):
        leftover.mkdir(parents=True)
        (leftover / "rows.jsonl").write_text("half a r")
    os.utime(old, (0, time.time() - 2 * 24 * 3600))
    info = store(home, detection(tmp_path, "a"), owner="ann")
    assert sorted(folder.name for folder in home.datasets.iterdir()) == [new.name, info.id]


def test_changed_rows_are_not_trained_on(tmp_path: Path, home: Home) -> None:
    info = store(home, detection(tmp_path, "a", "b"), owner="ann")
    path = stored_rows(home, info.id)
    path.write_bytes(path.read_bytes().replace(b'"a"', b'"z"'))
    with pytest.raises(InvalidInput, match=f"The rows of dataset {info.id} were changed"):
        load_rows(home, info.id)


def test_an_account_that_an_earlier_version_stored_still_loads(tmp_path: Path, home: Home) -> None:
    info = store(home, detection(tmp_path, "a"), owner="ann")
    path = home.dataset(info.id) / "info.json"
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({name: stored[name] for name in stored if name not in NEW}))
    found = stored_info(home, info.id)
    assert (found.changes, found.columns, found.columns_not_read) == ({}, (), ())


def test_other_rows_under_the_same_id_are_told_apart(tmp_path: Path, home: Home) -> None:
    info = store(home, detection(tmp_path, "a"), owner="ann")
    path = home.dataset(info.id) / "info.json"
    path.write_text(info.model_copy(update={"sha256": "0" * 64}).model_dump_json())
    with pytest.raises(InvalidInput, match="which other rows already have"):
        store(home, detection(tmp_path, "a"), owner="ann")


@pytest.mark.parametrize(
    "dataset_id", ["", ".", "..", "../home/datasets", "d-0123456789", "d-0123456789/..", "/etc"]
)
def test_an_id_names_a_dataset_and_never_a_path(home: Home, dataset_id: str) -> None:
    home.datasets.mkdir(parents=True)
    (home.path / "rows.jsonl").write_text("{}")
    for read in (load_rows, stored_info, stored_rows):
        with pytest.raises(NotFound, match="There is no dataset"):
            read(home, dataset_id)
