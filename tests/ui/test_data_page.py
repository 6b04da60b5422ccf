"""What the page of datasets answers, over real services."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rlft_gui.domain.dataset import DatasetInfo, Reading
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.services import Services, open_services
from rlft_gui.ui.components.adding.columns import ColumnAnswers
from rlft_gui.ui.components.adding.payloads import ColumnsAsked
from rlft_gui.ui.components.rows.payloads import ConversionAsked
from rlft_gui.ui.contract import Nothing
from rlft_gui.ui.pages.data.adding import _Adding
from rlft_gui.ui.pages.data.page import PAGE_SIZE, _Answers
from rlft_gui.ui.pages.data.payloads import DatasetAsked, DatasetRowsAsked, Described, SplitAsked


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(tmp_path / "home")
    yield opened
    opened.storage.close()


def pairs(services: Services, tmp_path: Path, count: int) -> DatasetInfo:
    file = tmp_path / "pairs.json"
    rows = [{"q": f"{number}?", "good": "Yes, gladly.", "bad": "No."} for number in range(count)]
    file.write_text(json.dumps(rows))
    reading = Reading(mapping={"prompt": "q", "chosen": "good", "rejected": "bad"})
    return services.datasets.store(file, "pairs.json", user="local", reading=reading)


def test_all_datasets_are_told_with_where_they_are_from(services: Services, tmp_path: Path) -> None:
    info = pairs(services, tmp_path, 3)
    told = {row.id: row for row in _Answers(services).datasets(Nothing(), "local").datasets}
    assert (told[info.id].name, told[info.id].made, told[info.id].rows, told[info.id].used) == (
        "pairs.json",
        "added",
        3,
        0,
    )
    assert told["lantern:thumbs"].made == "built in"


def test_one_is_told_whole_and_its_rows_by_page(services: Services, tmp_path: Path) -> None:
    info, answers = pairs(services, tmp_path, PAGE_SIZE + 5), _Answers(services)
    facts = answers.dataset(DatasetAsked(id=info.id), "local")
    assert (facts.called, facts.is_own, dict(facts.mapping)["prompt"]) == ("pairs.json", True, "q")
    assert [way.name for way in facts.ways] == ["chosen", "marked", "balanced"]
    assert any("longer one in 100%" in finding.what for finding in facts.checks.findings)
    rows = answers.rows(DatasetRowsAsked(id=info.id, start=PAGE_SIZE), "local")
    assert (len(rows.rows), rows.rows[0].number, rows.found) == (5, PAGE_SIZE + 1, PAGE_SIZE + 5)
    assert answers.rows(DatasetRowsAsked(id=info.id, search="24?"), "local").found == 1
    built_in = answers.dataset(DatasetAsked(id="lantern:cards"), "local")
    assert not built_in.is_own


def test_names_conversions_and_deletion_reach_the_store(services: Services, tmp_path: Path) -> None:
    info, answers = pairs(services, tmp_path, 3), _Answers(services)
    answers.describe(Described(id=info.id, name="Ours", licence="MIT", origin="the desk"), "local")
    facts = answers.dataset(DatasetAsked(id=info.id), "local")
    assert (facts.name, facts.licence, facts.origin) == ("Ours", "MIT", "the desk")
    made = answers.convert(ConversionAsked(way="chosen", dataset=info.id), "local")
    assert answers.dataset(DatasetAsked(id=made.dataset), "local").type == "demonstrations"
    answers.delete(DatasetAsked(id=info.id), "local")
    with pytest.raises(NotFound):
        answers.dataset(DatasetAsked(id=info.id), "local")
    with pytest.raises(InvalidInput):
        answers.delete(DatasetAsked(id="lantern:cards"), "local")


def test_a_file_that_is_added_is_stored_at_once_whatever_its_rows_are_for(
    services: Services, tmp_path: Path
) -> None:
    for number, row in enumerate(({"prompt": "a", "chosen": "b", "rejected": "c"}, {"text": "A story."})):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps([row]))
        shown = _Adding(services).stored(file, "local")
        assert (shown.refused, shown.dataset and shown.dataset.rows) == (None, 1)
        assert services.datasets.get(shown.id).owner == "local"


def test_a_file_of_unknown_columns_is_stored_once_they_are_named(services: Services, tmp_path: Path) -> None:
    file, adding = tmp_path / "brought.csv", _Adding(services)
    file.write_bytes("Anliegen;Erledigt\nWarum?;Größe zählt\n".encode("cp1252"))
    preview, listed, place = adding.add(request_of_the_owner(), str(file))
    shown = json.loads(preview)
    assert (json.loads(listed)["newest"], place, file.exists()) == ("", None, False)
    assert shown["refused"]["problem"].startswith("brought.csv")
    assert [column["path"] for column in shown["columns"]["columns"]] == ["Anliegen", "Erledigt"]
    assert "preferences" in {kind["type"] for kind in shown["columns"]["kinds"]}
    asked = ColumnsAsked(
        upload=shown["columns"]["upload"],
        mapping={"prompt": "Anliegen", "completion": "Erledigt"},
        types=tuple(shown["types"]),
    )
    answers = ColumnAnswers(services)
    tried = answers.try_columns(asked, "local").rows
    assert tried is not None
    assert tried.is_wanted
    stored = answers.use_columns(asked, "local")
    preview, listed = adding.take(stored.model_dump_json())
    assert json.loads(preview)["dataset"]["examples"][0]["completion"][0]["content"] == "Größe zählt"
    assert json.loads(listed)["newest"] == stored.dataset


def request_of_the_owner() -> Any:
    return SimpleNamespace(state=SimpleNamespace(user="local"), client=None)


def test_held_out_prompts_are_split_off_and_both_sides_told(services: Services, tmp_path: Path) -> None:
    info, answers = pairs(services, tmp_path, 20), _Answers(services)
    done = answers.split(SplitAsked(id=info.id, amount=15, unit="percent", seed=0), "local")
    assert (done.rest.rows, done.held_out.rows) == (17, 3)
    assert (
        done.held_out.name,
        services.datasets.get(done.held_out.address.removeprefix("/data?id=")).held_out,
    ) == (
        "pairs.json, held-out prompts",
        True,
    )
    assert answers.split(SplitAsked(id=info.id, amount=3, unit="prompts", seed=0), "local") == done
    for amount, unit in ((None, "percent"), (2.5, "prompts"), (100, "percent")):
        with pytest.raises(InvalidInput):
            answers.split(SplitAsked(id=info.id, amount=amount, unit=unit, seed=0), "local")
