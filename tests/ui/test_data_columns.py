"""Every shape of file goes through the data step of the wizard, over real services: read at once, made into what the stage
learns from, or read by columns that a person names."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services import Services, open_services
from rlft_gui.services.datasets import fitting
from rlft_gui.stages import STAGES
from rlft_gui.ui.components.adding.columns import ColumnAnswers, columns_of
from rlft_gui.ui.components.adding.payloads import ColumnsAsked, DataPreview
from rlft_gui.ui.components.adding.place import taken
from rlft_gui.ui.components.rows.payloads import ConversionAsked
from rlft_gui.ui.pages.new.data import (
    data_on_its_way,
    data_problem,
    not_stored_yet,
    store_upload,
    take_data,
)
from rlft_gui.ui.pages.new.draft import Draft, Group
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from tests.data.test_formats import ONE_ANSWER
from tests.data.test_other_shapes import MAPPED, PREFERENCES

KINDS = {stage.name: stage for stage in STAGES}
#: A method whose first data is of the type, and the stage that learns from it.
TAKERS = {
    DataType.DEMONSTRATIONS: ("sft", "sft"),
    DataType.PREFERENCES: ("dpo", "dpo"),
    DataType.THUMBS: ("kto", "kto"),
    DataType.RATINGS: ("rlhf", "reward_model"),
    DataType.PROMPTS: ("grpo", "grpo"),
    DataType.TEXT: ("sft", "sft"),
}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(tmp_path / "home")
    yield opened
    opened.storage.close()


def place(services: Services, kind: DataType) -> tuple[ResolvedDraft, Group]:
    method, stage = TAKERS[kind]
    resolved = ResolvedDraft(services, Draft(method=method))
    return resolved, next(group for group in resolved.takers if group.name == stage)


def added(services: Services, tmp_path: Path, kind: DataType, *rows: Any) -> tuple[Draft, dict[str, Any]]:
    """The draft and the preview after a file was dropped into the place of the type."""
    file = tmp_path / "brought.json"
    file.write_text(json.dumps(rows))
    resolved, group = place(services, kind)
    draft, _, preview = store_upload(resolved, group, file, "local", None)
    return draft, json.loads(preview)


@pytest.mark.parametrize("row", ONE_ANSWER.values(), ids=ONE_ANSWER)
def test_demonstrations_of_every_shape_are_read_at_once(
    services: Services, tmp_path: Path, row: dict[str, Any]
) -> None:
    draft, preview = added(services, tmp_path, DataType.DEMONSTRATIONS, row)
    assert (preview["refused"], preview["dataset"]["rows"]) == (None, 1)
    assert draft.data["sft"].startswith("d-")
    for kind, verdicts in (
        (DataType.THUMBS, ({"label": True}, {"label": False})),
        (DataType.RATINGS, ({"rating": 4},)),
    ):
        judged = [row | verdict for verdict in verdicts]
        assert added(services, tmp_path, kind, *judged)[1]["dataset"]["rows"] == len(judged)


@pytest.mark.parametrize("row", PREFERENCES.values(), ids=PREFERENCES)
def test_preferences_of_every_shape_are_read_at_once_or_made_into_what_another_stage_learns_from(
    services: Services, tmp_path: Path, row: dict[str, Any]
) -> None:
    _, preview = added(services, tmp_path, DataType.PREFERENCES, row)
    assert preview["dataset"]["examples"][0]["chosen"] == [{"role": "assistant", "content": "Hi."}]
    _, other = added(services, tmp_path, DataType.DEMONSTRATIONS, row)
    refused = other["refused"]
    assert "holds preferences" in refused["problem"]
    assert [way["name"] for way in refused["ways"]] == ["chosen"]
    made = ColumnAnswers(services).convert(ConversionAsked(way="chosen", upload=refused["upload"]), "local")
    assert services.datasets.get(made.dataset).type is DataType.DEMONSTRATIONS


@pytest.mark.parametrize("kind", [kind for kind in MAPPED if kind in TAKERS])
def test_any_other_columns_are_named_tried_and_stored_with_the_dataset(
    services: Services, tmp_path: Path, kind: DataType
) -> None:
    row, mapping, expected = MAPPED[kind]
    _, preview = added(services, tmp_path, kind, row)
    columns = preview["columns"]
    assert preview["refused"]["problem"].startswith("brought.json: ")
    assert set(mapping.values()) <= {column["path"] for column in columns["columns"]}
    answers, resolved = ColumnAnswers(services), place(services, kind)
    asked = ColumnsAsked(upload=columns["upload"], mapping=mapping, types=tuple(preview["types"]))
    tried = answers.try_columns(asked, "local").rows
    assert tried is not None
    assert (tried.rows, tried.is_wanted) == (1, True)
    stored = answers.use_columns(asked, "local")
    dataset = taken(stored.model_dump_json())
    draft, dropdown, after = take_data(*resolved, dataset)
    assert draft.data[TAKERS[kind][1]] == stored.dataset == dropdown["value"]
    assert json.loads(after)["dataset"]["rows"] == 1
    assert services.datasets.get(stored.dataset).reading.mapping == mapping
    assert list(services.datasets.preview(stored.dataset)) == [expected]


def test_what_suggests_itself_is_proposed_and_the_likeliest_type_stands_first(
    services: Services, tmp_path: Path
) -> None:
    _, preview = added(services, tmp_path, DataType.RATINGS, {"ask": "Why?", "reply": "So.", "stars": "4"})
    first, *_ = preview["columns"]["kinds"]
    assert first["type"] == "ratings"
    assert {wanted["name"]: wanted["column"] for wanted in first["wanted"]} == {
        "prompt": "ask", "completion": "reply", "rating": "stars", "system": "",
    }  # fmt: skip


def test_columns_that_make_no_usable_rows_are_told_while_they_are_tried(
    services: Services, tmp_path: Path
) -> None:
    _, preview = added(services, tmp_path, DataType.DEMONSTRATIONS, {"a": 1, "b": "So."})
    answers, upload = ColumnAnswers(services), preview["columns"]["upload"]
    tried = answers.try_columns(
        ColumnsAsked(upload=upload, mapping={"prompt": "a", "completion": "b"}), "local"
    )
    assert (
        tried.refused == 'brought.json: no row can be used; row 1: field "prompt" is a number, expected text.'
    )
    nothing = answers.try_columns(ColumnsAsked(upload=upload, mapping={"prompt": ""}), "local")
    assert nothing.refused.startswith("No column is chosen.")
    unwanted = answers.try_columns(
        ColumnsAsked(upload=upload, mapping={"prompt": "b"}, types=(DataType.THUMBS,)), "local"
    )
    assert unwanted.rows is not None
    assert not unwanted.rows.is_wanted


def test_a_file_that_is_read_may_be_read_otherwise(services: Services, tmp_path: Path) -> None:
    row = {"prompt": "a", "completion": "b", "better": "c"}
    _, preview = added(services, tmp_path, DataType.DEMONSTRATIONS, row)
    asked = ColumnsAsked(
        upload=preview["columns"]["upload"], mapping={"prompt": "prompt", "completion": "better"}
    )
    made = ColumnAnswers(services).use_columns(asked, "local")
    (stored,) = services.datasets.preview(made.dataset)
    assert stored["completion"][0]["content"] == "c"


def test_a_dataset_of_another_type_offers_what_can_be_made_of_it(services: Services) -> None:
    resolved, group = place(services, DataType.DEMONSTRATIONS)
    _, _, preview = take_data(resolved, group, "lantern:preferences")
    shown = json.loads(preview)
    assert shown["problem"] == data_problem(services, KINDS["sft"], "lantern:preferences")
    assert [way["name"] for way in shown["ways"]] == ["chosen"]
    made = ColumnAnswers(services).convert(ConversionAsked(way="chosen", dataset=shown["id"]), "local")
    assert json.loads(take_data(resolved, group, made.dataset)[2])["dataset"]["rows"] > 1_000


def test_files_are_kept_for_a_while_and_not_all(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "brought.json"
    file.write_text('[{"a": "b"}]')
    first = services.fitting.keep(file, "brought.json", user="local")
    for _ in range(10):
        last = services.fitting.keep(file, "brought.json", user="local")
    assert len(list(services.home.uploads.iterdir())) <= 8
    assert columns_of(services, KINDS["sft"].data, first) is None
    monkeypatch.setattr(fitting, "_KEPT_SECONDS", -1.0)
    newest = services.fitting.keep(file, "brought.json", user="local")
    assert [folder.name for folder in services.home.uploads.iterdir()] == [newest]
    with pytest.raises(InvalidInput, match="no longer kept here; add it again"):
        services.fitting.offer(last, (DataType.DEMONSTRATIONS,))
    with pytest.raises(InvalidInput, match="no longer kept here"):
        services.fitting.offer("../" * 3 + "etc", (DataType.DEMONSTRATIONS,))


def test_whoever_goes_on_before_columns_are_named_is_told_to_name_them(
    services: Services, tmp_path: Path
) -> None:
    _, preview = added(services, tmp_path, DataType.DEMONSTRATIONS, {"Frage": "Wer?", "Antwort": "Er."})
    assert preview["columns"]["kinds"][0]["wanted"][0]["column"] == "Frage", "it suggests itself"
    said = not_stored_yet(json.dumps(preview))
    assert said == "brought.json is not stored yet. Say below which column is what, or choose a dataset."
    assert not_stored_yet("null") is None
    assert not_stored_yet(DataPreview(id="d-1").model_dump_json()) is None


@pytest.mark.parametrize("preview", ["null", "{}", ""])
def test_a_preview_that_names_nothing_is_told_so(preview: str) -> None:
    with pytest.raises(InvalidInput, match="did not say which data was stored"):
        taken(preview)


@pytest.mark.parametrize(
    ("preview", "told"),
    [
        ('{"on_its_way": "big.csv"}', "big.csv is still being read. Go on when"),
        ('{"dataset": "d-1"}', "have just been stored and are being chosen"),
        (DataPreview(id="d-1").model_dump_json(), None),
        ("null", None),
        (None, None),
    ],
)
def test_nobody_goes_on_with_the_dataset_before_while_another_is_on_its_way(
    preview: str | None, told: str | None
) -> None:
    said = data_on_its_way(preview)
    assert said is None if told is None else told in str(said)


def test_documents_are_taken_by_sft_and_by_nothing_else(services: Services, tmp_path: Path) -> None:
    rows = [{"text": f"The {number}th tower was built of stone. " * 200} for number in range(3)]
    draft, preview = added(services, tmp_path, DataType.TEXT, *rows)
    assert draft.data["sft"].startswith("d-")
    shown = preview["dataset"]
    assert (shown["rows"], shown["examples"][0]["text"]) == (3, rows[0]["text"])
    assert (shown["lengths"]["split"], shown["lengths"]["over"], shown["lengths"]["dropped"]) == (3, 0, 0)

    for kind, learns in (
        (DataType.PREFERENCES, "DPO learns from preferences"),
        (DataType.PROMPTS, "GRPO takes"),
    ):
        draft, preview = added(services, tmp_path, kind, *rows)
        assert not draft.data
        problem = preview["refused"]["problem"]
        assert problem.startswith("brought.json holds texts (text). ")
        assert learns in problem
        assert problem.endswith("SFT is what learns from plain text.")
        text = next(info for info in services.datasets.list(DataType.TEXT))
        told = data_problem(services, KINDS[TAKERS[kind][1]], text.id)
        assert told is not None
        assert "SFT is what learns from plain text. Choose one of: " in told
