"""Pipelines as text: reading, changing, refusing, and writing the command that repeats them."""

import shlex
from pathlib import Path

import pytest
import yaml

from rlft_gui.domain.errors import InvalidInput, InvalidPipeline
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import open_services
from rlft_gui.services.pipelines import specs


def test_every_preset_reads_and_survives_its_own_yaml(tmp_path: Path) -> None:
    shipped = specs.presets()
    assert {"lantern-sft", "lantern-dpo"} <= {preset.name for preset in shipped}
    for preset in shipped:
        file = tmp_path / "again.yaml"
        file.write_text(specs.to_yaml(preset.spec))
        assert specs.load_spec(str(file)) == preset.spec


def test_unknown_preset_names_the_nearest() -> None:
    with pytest.raises(InvalidInput, match='Did you mean "lantern-dpo"'):
        specs.load_spec("lantern-dop")


def test_unknown_key_names_the_nearest_right_key() -> None:
    with pytest.raises(InvalidPipeline) as caught:
        specs.parse({"methd": "sft", "seed": -1})
    told = {problem.field: problem.message for problem in caught.value.problems}
    assert 'Did you mean "method"?' in told["methd"]
    assert "method: sft" in told["method"]
    assert "found -1" in told["seed"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "found nothing"),
        (b"- a\n- b\n", "found a list"),
        (b"method: [unclosed\n", "not valid YAML"),
        (b"method: sft\na: &a [x]\nb: [*a, *a]\n", "anchor or alias (& or *) in line 2"),
        (b"method: " + b"[" * 5000, "more than 50 lists and mappings"),
        (b"method: \xff\xfe\n", "not UTF-8"),
        (b"method: !!python/object:os.system x\n", "not valid YAML"),
        (b"method: sft\nstages: 3\n", "stages"),
    ],
)
def test_a_file_that_is_no_pipeline_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        specs.load_spec(str(file))
    assert sentence in str(caught.value)


def test_set_changes_pipeline_fields_and_settings() -> None:
    spec = specs.apply_sets(
        specs.load_spec("lantern-dpo"), ["seed=3", "dpo.beta=1e-1", "stages.sft.epochs=1"]
    )
    assert spec.seed == 3
    assert spec.stages["dpo"]["beta"] == 0.1
    assert spec.stages["sft"]["epochs"] == 1


@pytest.mark.parametrize("pair", ["seed", "sed=1", "rlhf.beta=1", "learning_rate=1"])
def test_set_refuses_what_it_cannot_place(pair: str) -> None:
    with pytest.raises(InvalidInput, match="--set"):
        specs.apply_sets(specs.load_spec("lantern-dpo"), [pair])


def test_the_yaml_leaves_out_what_is_at_its_default(tmp_path: Path) -> None:
    spec = PipelineSpec(method="sft", stages={"sft": {"data": "lantern:demonstrations", "max_steps": None}})
    text = specs.to_yaml(spec)
    assert yaml.safe_load(text) == {"method": "sft", "base": "lantern", "seed": 0, "stages": spec.stages}
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    assert specs.load_spec(str(file)) == spec


def test_the_command_names_the_nearest_preset() -> None:
    for preset in specs.presets():
        changed = preset.spec.model_copy(update={"seed": preset.spec.seed + 1})
        assert specs.command(changed) == f"rlft train {preset.name} --set seed={changed.seed}"
    said = specs.apply_sets(specs.load_spec("lantern-sft"), ["sft.tuning=lora"])
    assert specs.command(said) == "rlft train lantern-sft --set sft.tuning=lora", (
        "not the whole model's, set back"
    )


@pytest.mark.parametrize(
    "title", ["two words", "RLHF: firm", "1e3", "null", "- no list", '"so" [said', "ä: ö"]
)
def test_the_command_repeats_the_pipeline(title: str) -> None:
    changed = specs.apply_sets(
        specs.load_spec("lantern-dpo"), ["seed=7", "dpo.beta=0.2", "sft.max_steps=null"]
    )
    spec = changed.model_copy(update={"title": title})
    words = shlex.split(specs.command(spec))
    assert words[:3] == ["rlft", "train", "lantern-dpo"]
    again = specs.apply_sets(specs.load_spec(words[2]), words[4::2])
    assert again == spec


def test_the_yaml_tells_beside_an_upload_what_its_file_is_called_and_reads_back_the_same(
    tmp_path: Path,
) -> None:
    stages = {"sft": {"data": "d-b5cee2e5d3"}, "dpo": {"data": "lantern:preferences"}}
    spec = PipelineSpec(title="Mine: a trial", method="dpo", stages=stages)

    text = specs.to_yaml(spec, {"d-b5cee2e5d3": "my\nrows: \x07[1] # \\1.json"})

    assert "    data: d-b5cee2e5d3  # my rows: [1] # \\1.json\n" in text
    file = tmp_path / specs.file_name(spec)
    file.write_text(text)
    assert file.name == "mine-a-trial.yaml"
    assert specs.load_spec(str(file)) == spec


def test_the_command_of_a_pipeline_that_is_no_preset_names_the_file_that_is_offered() -> None:
    spec = PipelineSpec(title="My SFT", method="sft", stages={"sft": {"data": "d-b5cee2e5d3"}, "odd": {}})
    assert (specs.file_name(spec), specs.command(spec)) == ("my-sft.yaml", "rlft train my-sft.yaml")
    unnamed = spec.model_copy(update={"title": "Änder…".replace("nder", "")})
    assert specs.file_name(unnamed) == "sft.yaml"


def test_the_command_and_the_file_that_is_offered_beside_it_launch_an_upload_when_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = open_services(tmp_path / "home")
    rows = tmp_path / "my rows.json"
    rows.write_text(
        '[{"prompt": "Hi?", "completion": "Hello."}, {"prompt": "Bye?", "completion": "Goodbye."}]'
    )
    info = services.datasets.store(rows, rows.name, user="local")
    stages = {"sft": {"data": info.id}, "dpo": {"data": "lantern:preferences"}}
    spec = PipelineSpec(title="Mine: 1 & 2", method="dpo", options={}, stages=stages)
    names = specs.dataset_names(spec, services.datasets)
    assert names == {info.id: "my rows.json"}
    (tmp_path / specs.file_name(spec)).write_text(specs.to_yaml(spec, names))
    monkeypatch.chdir(tmp_path)

    words = shlex.split(specs.command(spec))

    assert words[:2] == ["rlft", "train"]
    again = specs.store_files(
        specs.apply_sets(specs.load_spec(words[2]), words[4::2]), services.datasets, user="local"
    )
    assert again == spec
    assert services.launching.check(again) == ()


def test_a_dataset_that_is_gone_has_no_name(tmp_path: Path) -> None:
    spec = PipelineSpec(method="sft", stages={"sft": {"data": "d-0000000000"}})
    assert specs.dataset_names(spec, open_services(tmp_path).datasets) == {}


@pytest.mark.parametrize("name", ["rows.txt", "rows"])
def test_a_file_is_taken_by_its_content_whatever_its_name(tmp_path: Path, name: str) -> None:
    services = open_services(tmp_path / "home")
    rows = tmp_path / name
    rows.write_text('{"prompt": "Hi?", "completion": "Hello."}\n')
    spec = PipelineSpec(method="sft", stages={"sft": {"data": str(rows)}})

    stored = specs.store_files(spec, services.datasets, user="local")

    assert services.datasets.get(stored.stages["sft"]["data"]).name == name


@pytest.mark.parametrize("data", ["", " ", None])
def test_data_that_names_nothing_is_refused_before_anything_starts(tmp_path: Path, data: str | None) -> None:
    services = open_services(tmp_path / "home")
    spec = PipelineSpec(method="sft", stages={"sft": {"data": data}})

    problems = services.launching.check(specs.store_files(spec, services.datasets, user="local"))

    assert [(one.field, "is empty" in one.message) for one in problems] == [("stages.sft.data", True)]
