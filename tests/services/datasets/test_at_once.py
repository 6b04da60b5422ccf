"""Two people, or two tabs, do something with one dataset at the same moment: neither undoes what the other did."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from rlft_gui.domain.errors import NotFound, NotPossibleNow
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Pipeline
from rlft_gui.services import Services, open_services
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.storage.transitions import Transitions

ROWS = [{"prompt": f"What is {place}?", "completion": "A place."} for place in ("Rome", "Oslo", "Lima")]


class NoKeeper:
    def ensure(self) -> None:
        """Nothing is to run here."""


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(tmp_path / "home")
    yield opened
    opened.storage.close()


def added(services: Services, folder: Path, name: str = "mine.jsonl", rows: Any = ROWS) -> str:
    file = folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return services.datasets.store(file, name, user="local").id


def meanwhile(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, act: Any) -> None:
    """Have somebody else act just before a step."""
    step = getattr(owner, name)

    def acting(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(owner, name, step)
        act()
        return step(*args, **kwargs)

    monkeypatch.setattr(owner, name, acting)


def test_a_mark_and_a_name_given_at_once_both_stay(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = added(services, tmp_path)
    rows = type(services.storage.datasets)
    meanwhile(monkeypatch, rows, "change", lambda: services.curating.mark(data, held_out=True, user="local"))
    services.curating.describe(data, name="exam", licence="MIT", origin="", user="local")
    info = services.datasets.get(data)
    assert (info.name, info.licence, info.held_out) == ("exam", "MIT", True)


def test_what_is_deleted_meanwhile_is_told(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = added(services, tmp_path)
    rows = type(services.storage.datasets)
    meanwhile(monkeypatch, rows, "change", lambda: services.curating.delete(data, user="local"))
    with pytest.raises(NotFound, match="was deleted meanwhile"):
        services.curating.describe(data, name="exam", licence="", origin="", user="local")


def launch(services: Services, **spec: Any) -> Pipeline:
    launching = Launching(
        services.home,
        services.storage,
        services.datasets,
        services.models,
        NoKeeper(),  # type: ignore[arg-type]
    )
    return launching.launch(PipelineSpec(method="sft", **spec), launch_id="one", user="local")


def test_data_that_goes_or_is_marked_while_a_pipeline_is_launched_refuses_it(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = added(services, tmp_path)
    exam = added(services, tmp_path, "exam.jsonl", [{"prompt": "Who?", "completion": "I."}])
    asked = {"stages": {"sft": {"data": data}}, "measure": {"held_out": exam}}

    meanwhile(
        monkeypatch, Transitions, "add", lambda: services.curating.mark(data, held_out=True, user="local")
    )
    with pytest.raises(NotPossibleNow, match=r"mine.jsonl was marked as held-out prompts meanwhile"):
        launch(services, **asked)
    services.curating.mark(data, held_out=False, user="local")
    for gone in (exam, data):
        meanwhile(
            monkeypatch, Transitions, "add", lambda gone=gone: services.curating.delete(gone, user="local")
        )
        with pytest.raises(NotFound, match="was deleted meanwhile"):
            launch(services, **asked)
        asked["measure"] = {}
    assert services.storage.runs.list() == ()


def test_what_a_run_began_to_learn_from_meanwhile_is_not_marked(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = added(services, tmp_path)
    rows = type(services.storage.datasets)
    meanwhile(monkeypatch, rows, "hold_out", lambda: launch(services, stages={"sft": {"data": data}}))
    with pytest.raises(NotPossibleNow, match="learns from"):
        services.curating.mark(data, held_out=True, user="local")
    assert not services.datasets.get(data).held_out


def test_rows_that_are_stored_while_they_are_deleted_are_there_or_not_but_never_half(
    services: Services, tmp_path: Path
) -> None:
    for _ in range(20):
        data = added(services, tmp_path)
        again = Thread(target=added, args=(services, tmp_path))
        again.start()
        services.curating.delete(data, user="local")
        again.join()
        if data in {info.id for info in services.datasets.list()}:
            assert services.datasets.preview(data)


def test_other_rows_of_held_out_ones_are_held_out_too(services: Services, tmp_path: Path) -> None:
    pairs = [{"prompt": row["prompt"], "chosen": "A place.", "rejected": "No."} for row in ROWS]
    data = added(services, tmp_path, "pairs.jsonl", pairs)
    services.curating.mark(data, held_out=True, user="local")
    assert services.curating.convert(data, "chosen", user="local").held_out


def test_a_version_is_never_given_twice(services: Services, tmp_path: Path) -> None:
    first, second = (added(services, tmp_path, "mine.jsonl", ROWS[:count]) for count in (3, 2))
    services.curating.delete(first, user="local")
    third = added(services, tmp_path, "mine.jsonl", ROWS[:1])
    assert [services.datasets.get(one).version for one in (second, third)] == [2, 3]


def test_a_dataset_whose_folder_is_gone_can_be_deleted(services: Services, tmp_path: Path) -> None:
    data = added(services, tmp_path)
    folder = services.home.dataset(data)
    folder.rename(tmp_path / "elsewhere")
    services.curating.delete(data, user="local")
    assert data not in {info.id for info in services.datasets.list()}


def test_an_id_means_its_dataset_whatever_another_is_called(services: Services, tmp_path: Path) -> None:
    first = added(services, tmp_path)
    second = added(services, tmp_path, "other.jsonl", ROWS[:1])
    services.curating.describe(second, name=first, licence="", origin="", user="local")
    assert services.datasets.named(first) == first
