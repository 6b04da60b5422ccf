"""The wizard without a browser: what a draft means, where a link leads, and what each step says about wrong answers."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from rlft_gui.domain.errors import InvalidPipeline, Problem
from rlft_gui.domain.run import Run
from rlft_gui.services import catalogue, specs
from rlft_gui.ui.new_data import data_problem, store_upload
from rlft_gui.ui.new_draft import Draft, changes_of, dataset_of, draft_of, read_draft, spec_of
from rlft_gui.ui.new_method import read_method
from rlft_gui.ui.new_model import judge_model, model_problem, read_model
from rlft_gui.ui.new_review import problems_of, show_review, step_of
from rlft_gui.ui.new_settings import (
    SettingsStep,
    build_settings_step,
    judge_settings,
    read_settings,
    show_settings,
)
from rlft_gui.ui.new_view import from_address, furthest
from tests.ui.fakes import make_run
from tests.ui.fakes_new import FakeModels, NewWorld
from tests.ui.layout import laid_out

DPO = Draft(method="dpo")
SFT, DPO_STAGE = catalogue.stage("sft"), catalogue.stage("dpo")


@pytest.fixture
def world() -> Any:  # stands in for Services
    return NewWorld()


@pytest.fixture(scope="module")
def settings() -> SettingsStep:
    return laid_out(build_settings_step)


def raw(settings: SettingsStep, world: Any, draft: Draft, **typed: Any) -> list[Any]:
    """What the components hold after a person typed some values, by element id."""
    updates = show_settings(world, draft, settings)[: len(settings.inputs)]
    values = {
        component.elem_id: update["value"] for component, update in zip(settings.inputs, updates, strict=True)
    }
    return list((values | {key.replace("_", "-"): value for key, value in typed.items()}).values())


def proposed(stage: str) -> dict[str, Any]:
    return catalogue.proposed_values("dpo", stage, "lantern")


# the draft


def test_an_untouched_draft_on_lantern_is_the_shipped_preset(world: Any) -> None:
    assert spec_of(world, DPO) == specs.load_spec("lantern-dpo")
    assert specs.command(spec_of(world, DPO)) == "rlft train lantern-dpo"


def test_a_change_is_all_that_differs_from_the_preset(world: Any) -> None:
    draft = Draft(method="dpo", settings={"dpo": {"beta": 0.3, "epochs": proposed("dpo")["epochs"]}})
    (change,) = changes_of(world, draft)
    assert (change.stage, change.title, change.value) == ("DPO", "Beta", "0.3")
    assert spec_of(world, draft).stages["dpo"]["beta"] == 0.3
    assert spec_of(world, draft).title == "DPO on Lantern"


@pytest.mark.parametrize("name", ["lantern-sft", "lantern-dpo"])
def test_a_pipeline_survives_the_way_through_a_draft(world: Any, name: str) -> None:
    spec = specs.load_spec(name)
    stored = json.loads(json.dumps(draft_of(spec).model_dump(mode="json")))
    assert spec_of(world, read_draft(stored)) == spec


def test_a_draft_that_cannot_be_read_starts_afresh() -> None:
    for stored in ({"start": "elsewhere"}, {"unknown": 1}, ["no", "draft"], None):
        assert read_draft(stored).model_copy(update={"launch_id": ""}) == Draft(launch_id="")
    assert read_draft({"method": "gone", "seed": 3}).method == ""


def test_an_emptied_field_does_not_cost_the_rest_of_the_draft() -> None:
    draft = read_draft({"method": "dpo", "run": None, "title": None, "data": {"sft": None, "dpo": "d-1"}})
    assert (draft.method, draft.run, draft.title, draft.data) == ("dpo", "", "", {"dpo": "d-1"})


def test_without_a_preset_no_dataset_is_proposed(world: Any) -> None:
    other = Draft(method="dpo", start="folder", folder=FakeModels.GOOD)
    assert dataset_of(world, DPO, "sft") == "lantern:demonstrations"
    assert dataset_of(world, other, "sft") == ""


def test_a_continued_run_brings_its_base_and_needs_no_warm_up(world: Any) -> None:
    draft = read_model(DPO, ["run", "", "", "tour-sft"])
    spec = spec_of(world, draft)
    assert (spec.base, spec.start_from, list(spec.stages)) == ("lantern", "tour-sft", ["dpo"])
    assert list(spec_of(world, read_model(draft, ["lantern", "", "", ""])).stages) == ["sft", "dpo"]


def test_no_method_is_no_pipeline(world: Any) -> None:
    with pytest.raises(InvalidPipeline):
        spec_of(world, Draft())


# links


def test_a_link_to_a_preset_answers_every_step(world: Any) -> None:
    draft, step, notice = from_address(world, {"preset": "lantern-sft"}, Draft(method="dpo"))
    assert (draft.method, step, notice) == ("sft", 5, "")
    assert furthest(world, draft) == 5


def test_a_preset_link_names_a_preset_and_never_a_file(world: Any, tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text("method: dpo\n")
    draft, _, notice = from_address(world, {"preset": str(file)}, Draft())
    assert draft.method == ""
    assert notice.startswith("There is no preset")


def test_a_link_to_a_clone_opens_its_settings(world: Any) -> None:
    draft, step, _ = from_address(world, {"clone": "tour-sft"}, Draft())
    assert (draft.title, draft.settings["sft"]["learning_rate"], step) == ("Lantern SFT, then DPO", 1e-3, 4)


def test_a_link_to_a_run_that_is_gone_says_so_and_keeps_the_draft(world: Any) -> None:
    draft, step, notice = from_address(world, {"clone": "nobody"}, DPO)
    assert (draft, step, notice) == (DPO, 1, 'There is no run "nobody".')


def test_the_address_goes_before_the_draft(world: Any) -> None:
    assert from_address(world, {"method": "sft", "step": "3"}, DPO)[0].method == "sft"
    assert from_address(world, {"method": "evil", "step": "9"}, DPO) == (DPO, 1, "")


def test_a_step_opens_only_when_those_before_are_answered(world: Any) -> None:
    assert furthest(world, Draft()) == 2
    assert furthest(world, Draft(start="folder", folder="/nowhere")) == 1
    assert furthest(world, Draft(method="sft", start="folder", folder=FakeModels.GOOD)) == 3


# model and method


def test_a_bad_model_is_explained_at_its_own_field(world: Any) -> None:
    verdicts = judge_model(world, Draft(start="folder", folder="/nowhere"))
    assert [verdict["is_valid"] for verdict in verdicts] == [True, False, True, True]
    assert '"/nowhere"' in verdicts[1]["message"]
    assert model_problem(world, Draft(start="hub")).startswith("No model is named.")
    assert model_problem(world, Draft(start="run", run="gone")).startswith("Run gone does not exist")


def test_a_method_that_is_none_is_no_choice() -> None:
    assert read_method(DPO, json.dumps({"method": "evil", "skip": ["sft"]})).method == ""
    chosen = read_method(Draft(), json.dumps({"method": "dpo", "skip": ["sft", "dpo", "x"]}))
    assert (chosen.method, chosen.skip) == ("dpo", ("sft",))


# data


def test_a_file_is_stored_and_chosen(world: Any, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_text("[]")
    draft, dropdown, preview = store_upload(world, DPO, SFT, str(file), "local")
    assert draft.data == {"sft": "d-1"}
    assert ("good.json, 5 rows", "d-1") in dropdown["choices"]
    shown = json.loads(preview)
    assert (shown["rows"], shown["dropped"], shown["reasons"]) == (
        5,
        40,
        {"both answers were the same.": 38, "the answer is empty.": 2},
    )
    assert len(shown["examples"]) == 5


def test_rows_never_look_like_markup(world: Any, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text("[]")
    _, _, preview = store_upload(world, DPO, SFT, str(tmp_path / "good.json"), "local")
    assert "<" not in preview
    assert "<script>alert(1)</script>" in json.dumps(json.loads(preview)["examples"])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bad.json", 'Row 214 of bad.json has no field "chosen". Found: prompt, response.'),
        ("good pairs.json", "good pairs.json holds preferences (alpaca). SFT learns from demonstrations: prompts with a good answer."),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_and_not_stored(
    world: Any, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / name).write_text("[]")
    draft, _, preview = store_upload(world, DPO, SFT, str(tmp_path / name), "local")
    assert draft == DPO
    assert json.loads(preview) == {"problem": sentence, "file": name}
    assert len(world.datasets.infos) == 2


def test_missing_or_wrong_data_is_explained(world: Any) -> None:
    assert data_problem(world, SFT, None).startswith("SFT has no data yet.")
    assert data_problem(world, SFT, "lantern:preferences") == "Lantern preferences holds preferences."
    assert data_problem(world, SFT, "lantern:demonstrations") is None


# settings


def test_a_wrong_setting_is_explained_with_what_to_take_instead(world: Any, settings: SettingsStep) -> None:
    verdicts = judge_settings(world, DPO, settings, raw(settings, world, DPO, dpo_beta=200))
    sentences = [verdict["message"] for verdict in verdicts if not verdict["is_valid"]]
    assert len(sentences) == 1
    assert sentences[0].startswith("Beta 200 is far outside 0 to 10. For DPO on Lantern take ")


def test_settings_of_stages_that_do_not_run_are_not_judged(world: Any, settings: SettingsStep) -> None:
    values = raw(settings, world, DPO, dpo_beta=200)
    assert all(
        verdict["is_valid"] for verdict in judge_settings(world, Draft(method="sft"), settings, values)
    )


def test_a_rule_over_two_fields_stands_at_one_that_it_names(world: Any, settings: SettingsStep) -> None:
    values = raw(settings, world, DPO, dpo_label_smoothing=0.1)
    verdicts = judge_settings(world, DPO, settings, values)
    wrong = [
        c.elem_id for c, verdict in zip(settings.inputs, verdicts, strict=True) if not verdict["is_valid"]
    ]
    assert wrong == ["dpo-label-smoothing"]


@pytest.mark.parametrize(("seed", "sentence"), [(-1, "Seed -1 is outside"), (1.5, "Seed takes a whole number"), (None, "Seed is empty")])  # fmt: skip
def test_the_seed_is_judged_like_any_setting(
    world: Any, settings: SettingsStep, seed: Any, sentence: str
) -> None:
    verdicts = judge_settings(world, DPO, settings, raw(settings, world, DPO, pipeline_seed=seed))
    assert [v["message"].startswith(sentence) for v in verdicts if not v["is_valid"]] == [True]


def test_only_what_differs_is_kept(world: Any, settings: SettingsStep) -> None:
    draft = read_settings(world, DPO, settings, raw(settings, world, DPO, dpo_beta=0.3, pipeline_seed=7))
    assert (draft.settings["sft"], draft.settings["dpo"], draft.seed) == ({}, {"beta": 0.3}, 7)


def test_the_shape_of_a_continued_adapter_is_locked(world: Any, settings: SettingsStep) -> None:
    draft = Draft(method="dpo", settings={"sft": {"lora_rank": 4}})
    updates = dict(
        zip([c.elem_id for c in settings.inputs], show_settings(world, draft, settings), strict=False)
    )
    assert (updates["sft-lora-rank"]["value"], updates["sft-lora-rank"]["interactive"]) == (4, True)
    assert (updates["dpo-lora-rank"]["value"], updates["dpo-lora-rank"]["interactive"]) == (4, False)
    kept = read_settings(world, draft, settings, raw(settings, world, draft))
    assert "lora_rank" not in kept.settings["dpo"]


def test_the_shape_of_a_run_is_locked_too(world: Any, settings: SettingsStep) -> None:
    parent = make_run("shaped")
    recipe = parent.recipe.model_copy(update={"settings": {"lora_rank": 2}})
    world.runs.add(Run.model_validate({**parent.model_dump(), "recipe": recipe.model_dump()}))
    draft = Draft(method="dpo", skip=("sft",), start="run", run="shaped")
    updates = dict(
        zip([c.elem_id for c in settings.inputs], show_settings(world, draft, settings), strict=False)
    )
    assert (updates["dpo-lora-rank"]["value"], updates["dpo-lora-rank"]["interactive"]) == (2, False)


# review and launch


def test_nothing_stands_in_the_way_of_the_preset(world: Any) -> None:
    assert problems_of(world, DPO) == ()
    summary, recipe, command = show_review(world, DPO)
    assert specs.parse(yaml.safe_load(recipe["value"])) == specs.load_spec("lantern-dpo")
    assert command["value"] == "rlft train lantern-dpo"
    assert json.loads(summary)["stages"] == ["SFT", "DPO"]


@pytest.mark.parametrize(
    ("draft", "step"),
    [
        (Draft(start="folder", folder="/nowhere", method="sft"), 1),
        (Draft(), 2),
        (Draft(method="sft", data={"sft": "lantern:preferences"}), 3),
        (Draft(method="dpo", settings={"dpo": {"beta": -1}}), 4),
        (Draft(method="dpo", seed="seven"), 4),
    ],
)
def test_every_obstacle_leads_to_the_step_where_it_can_be_put_right(
    world: Any, draft: Draft, step: int
) -> None:
    problems = problems_of(world, draft)
    assert [step_of(problem) for problem in problems] == [step]
    shown = json.loads(show_review(world, draft)[0])["problems"]
    assert shown == [{"message": problems[0].message, "step": step}]


def test_what_a_launch_was_refused_for_is_told_once(world: Any) -> None:
    draft = Draft(method="dpo", settings={"dpo": {"beta": -1}})
    (found,) = problems_of(world, draft)
    shown = json.loads(show_review(world, draft, (found, Problem("launch", "Busy.")))[0])["problems"]
    assert [one["message"] for one in shown] == [found.message, "Busy."]
