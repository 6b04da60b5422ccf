"""Uploads from inspection to use, on a real home."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from rlft_gui.data.built_in import BUILT_IN
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home
from tests.fakes.people import member
from tests.fakes.pipelines import world


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fresh_home(tmp_path / "home")


@pytest.fixture
def storage(home: Home) -> Iterator[Storage]:
    opened = open_storage(home)
    yield opened
    opened.close()


@pytest.fixture
def datasets(home: Home, storage: Storage) -> Datasets:
    return Datasets(home, storage)


def file_of(folder: Path, *rows: Any, name: str = "data.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(rows))
    return file


def demonstration(prompt: str, completion: str = "Yes.") -> dict[str, str]:
    return {"prompt": prompt, "completion": completion}


def preference(prompt: str) -> dict[str, str]:
    return {"prompt": prompt, "chosen": "Yes.", "rejected": "No."}


def test_what_was_inspected_is_what_is_stored(tmp_path: Path, datasets: Datasets) -> None:
    file = file_of(tmp_path, demonstration("a"), demonstration("b", ""), demonstration("c"))
    found = datasets.inspect(file, "my data.json")
    assert len(datasets.list()) == len(BUILT_IN)
    info = datasets.store(file, "my data.json", user="local")
    assert (info.name, info.type, info.format, info.rows, info.dropped, info.owner) == (
        "my data.json", DataType.DEMONSTRATIONS, "prompt, completion", 2, 1, "local",
    )  # fmt: skip
    assert info.drop_reasons == found.drop_reasons == {"the answer is empty": 1}
    assert datasets.get(info.id) == info
    assert list(datasets.preview(info.id)) == list(found.rows)
    assert datasets.rows_path(info.id).read_text().count("\n") == 2


def test_a_refused_file_leaves_no_trace(tmp_path: Path, home: Home, datasets: Datasets) -> None:
    before = datasets.list()
    with pytest.raises(InvalidInput):
        datasets.store(file_of(tmp_path, demonstration("a", "")), "data.json", user="local")
    assert datasets.list() == before
    assert not home.datasets.exists()


def test_the_same_content_is_one_dataset_also_for_another_app(
    tmp_path: Path, home: Home, datasets: Datasets
) -> None:
    info = datasets.store(file_of(tmp_path, demonstration("a")), "first.json", user="local")
    other_app = open_storage(home)
    again = Datasets(home, other_app).store(
        file_of(tmp_path, demonstration("a")), "second.json", user=member(other_app, "bob")
    )
    other_app.close()
    assert again == info
    assert [known.id for known in datasets.list()].count(info.id) == 1


def test_a_dataset_whose_row_was_never_written_is_found_again(
    tmp_path: Path, home: Home, datasets: Datasets, storage: Storage
) -> None:
    """The app was killed between folder and row: the next upload of the file mends it."""
    info = datasets.store(file_of(tmp_path, demonstration("a")), "data.json", user="local")
    with storage.write() as connection:
        connection.exec_driver_sql("DELETE FROM dataset")
    assert datasets.store(file_of(tmp_path, demonstration("a")), "data.json", user="local") == info
    assert datasets.get(info.id) == info


def test_built_in_ones_come_first_then_the_newest(tmp_path: Path, datasets: Datasets) -> None:
    old = datasets.store(file_of(tmp_path, demonstration("a")), "old.json", user="local")
    pairs = datasets.store(file_of(tmp_path, preference("a")), "pairs.json", user="local")
    new = datasets.store(file_of(tmp_path, demonstration("b")), "new.json", user="local")
    built_in = [candidate.id for candidate in BUILT_IN]
    shown = [candidate.id for candidate in BUILT_IN if candidate.type is DataType.DEMONSTRATIONS]
    assert [info.id for info in datasets.list()] == [*built_in, new.id, pairs.id, old.id]
    assert [info.id for info in datasets.list(DataType.DEMONSTRATIONS)] == [*shown, new.id, old.id]


def test_built_in_ones_can_be_read_like_any(datasets: Datasets) -> None:
    info = datasets.get("lantern:preferences")
    assert info.type is DataType.PREFERENCES
    assert [set(row) for row in datasets.preview(info.id, 3)] == [
        {"prompt", "chosen", "rejected", "source"}
    ] * 3
    with pytest.raises(NotFound):
        datasets.rows_path(info.id)


def test_use_is_checked_in_sentences(tmp_path: Path, datasets: Datasets) -> None:
    pairs = datasets.store(file_of(tmp_path, preference("a")), "pairs.json", user="local")
    assert datasets.check_use(pairs.id, (DataType.PREFERENCES,)) is None
    assert datasets.check_use("lantern:demonstrations", (DataType.DEMONSTRATIONS,)) is None
    assert datasets.check_use(pairs.id, (DataType.DEMONSTRATIONS,)) == (
        f"pairs.json ({pairs.id}) holds preferences, but this stage learns from demonstrations. "
        "Choose one of: lantern:demonstrations, tasks:records."
    )
    assert datasets.check_use("", (DataType.PREFERENCES,)) == "Choose the preferences to learn from."
    assert datasets.check_use("lantern:preference", (DataType.PREFERENCES,)) == (
        'There is no dataset "lantern:preference". Did you mean "lantern:preferences"?'
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [("../../etc/passwd.json", "passwd.json"), ("a\n\x07b\u202e.json", "a b .json"), ("", "The file"), ("x" * 300, "x" * 79 + "…")],
)  # fmt: skip
def test_a_file_is_called_by_its_bare_name(
    tmp_path: Path, datasets: Datasets, given: str, shown: str
) -> None:
    assert datasets.inspect(file_of(tmp_path, demonstration("a")), given).name == shown


def test_without_a_tokenizer_lengths_are_not_guessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, datasets: Datasets
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with pytest.raises(InvalidInput, match=r"tokenizer\.json of some/model is not on this machine"):
        datasets.length_report("lantern:demonstrations", "some/model", 100)


def test_long_rows_are_counted(tmp_path: Path, datasets: Datasets) -> None:
    rows = [demonstration(f"Say {n}.") for n in range(7)]
    rows += [demonstration("Go on.", "word " * 1500), demonstration("word " * 500)]
    info = datasets.store(file_of(tmp_path, *rows), "data.json", user="local")
    report = datasets.length_report(info.id, "lantern", 300)
    assert (report.over, report.dropped, report.total, report.measured) == (1, 1, 9, 9)
    assert report.median < 30 < 1500 < report.longest
    unlimited = datasets.length_report(info.id, "lantern", 10_000)
    assert (unlimited.max_length, unlimited.over) == (1024, 1)  # what Lantern can read at all


def test_of_a_large_dataset_evenly_spaced_rows_are_measured(tmp_path: Path, datasets: Datasets) -> None:
    rows = [demonstration(f"Say {n}.", "word " * 100 if n % 10 == 0 else "Yes.") for n in range(5001)]
    info = datasets.store(file_of(tmp_path, *rows), "data.json", user="local")
    report = datasets.length_report(info.id, "lantern", 100)
    assert (report.total, report.measured) == (5001, 1667)
    assert 490 <= report.over <= 510


def test_counts_stay_right_when_a_tokenizer_changes(tmp_path: Path, datasets: Datasets) -> None:
    model = tmp_path / "model"
    shutil.copytree(assets_dir() / "lantern", model)
    first = datasets.length_report("lantern:demonstrations", str(model), 20)
    state = json.loads((model / "tokenizer.json").read_bytes())
    state["model"]["merges"] = []  # every byte is a token of its own now
    (model / "tokenizer.json").write_text(json.dumps(state))
    assert datasets.length_report("lantern:demonstrations", str(model), 20).longest > first.longest


def test_rows_that_a_run_made_are_a_dataset_once_it_has_succeeded(tmp_path: Path) -> None:
    with world(tmp_path / "home") as here:
        maker, taker = here.add_generated(rows=3)
        waiting = here.add_generating().runs[0]
        datasets = Datasets(here.home, here.storage)
        made = f"run:{maker.id}"
        info = datasets.get(made)
        assert (info.type, info.rows, info.owner) == (DataType.DEMONSTRATIONS, 3, "local")
        assert datasets.list(DataType.DEMONSTRATIONS)[-1] == info
        assert datasets.check_use(made, (DataType.DEMONSTRATIONS,)) is None
        assert "holds demonstrations, but" in (datasets.check_use(made, (DataType.PREFERENCES,)) or "")
        here.reviewing.edit_row(maker.id, 1, drop=True, user="local")
        assert datasets.get(made).rows == 2
        assert [row["prompt"][0]["content"] for row in datasets.preview(made)] == ["What is 2?", "What is 3?"]
        for named, told in (
            (taker.id, "makes no rows. Those that do: sample"),
            (waiting.id, "is queued, so its rows are not complete"),
            ("nothing", 'There is no run "nothing"'),
        ):
            with pytest.raises(NotFound, match=told):
                datasets.get(f"run:{named}")


def test_a_run_whose_folder_was_removed_does_not_spoil_the_list(tmp_path: Path) -> None:
    with world(tmp_path / "home") as here:
        maker, _ = here.add_generated()
        shutil.rmtree(here.home.run(maker.id).path)
        assert all(info.id != f"run:{maker.id}" for info in Datasets(here.home, here.storage).list())
