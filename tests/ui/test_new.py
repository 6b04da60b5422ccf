"""The wizard without a browser: what a draft means, where a link leads, and what each step says about wrong answers."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, Problem
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.services.pipelines import catalogue, specs
from rlft_gui.ui.components.fields import is_used
from rlft_gui.ui.pages.new import data, page, review, settings, view
from rlft_gui.ui.pages.new.data import build_data_step, data_problem, read_data, show_data, title_of
from rlft_gui.ui.pages.new.draft import Draft, Group, draft_of, groups_of, links_of, read_draft
from rlft_gui.ui.pages.new.method import _unfold, method_problem, read_method
from rlft_gui.ui.pages.new.model import model_problem, read_model, validate_model
from rlft_gui.ui.pages.new.payloads import (
    ChangedSetting,
    MethodChoice,
    Obstacle,
    RecipeFile,
    ReviewStep,
    Sentences,
    SettingsStep,
)
from rlft_gui.ui.pages.new.resolved import ResolvedDraft, draft_of_launched
from rlft_gui.ui.pages.new.review import step_of
from rlft_gui.ui.pages.new.settings import read_settings, settings_step
from rlft_gui.ui.pages.new.view import from_address
from tests.ui.fakes import make_run
from tests.ui.fakes_new import FakeModels, NewWorld, make_dataset
from tests.ui.layout import laid_out

DPO = Draft(method="dpo")
CHOICES = [
    ("sft", {}),
    ("dpo", {}),
    ("rlhf", {}),
    ("rlhf", {"optimizer": "rloo"}),
    ("rlaif", {"route": "ppo"}),
    ("rlaif", {"route": "live"}),
    ("constitutional", {}),
    ("constitutional", {"second_phase": "none"}),
    ("kto", {}),
    ("grpo", {}),
    ("best_of_n", {"then_dpo": True}),
    ("iterated", {"rounds": 3, "learner": "ppo"}),
]
RULES = {
    "name": "Mine",
    "critique": "?",
    "revision": "!",
    "compare": "A or B",
    "principles": [{"name": "k", "text": "be kind"}],
}
#: One edit of every kind, as controls show them.
EDITS: dict[str, Any] = {
    "batch_size": 3,
    "rewards": "judge: 1\nlength:5-60: 0.5\n",
    "judge": "endpoint:some-model",
    "constitution": yaml.safe_dump(RULES),
}
SFT = catalogue.stage("sft")


@pytest.fixture
def world() -> Any:  # stands in for Services
    return NewWorld()


@pytest.fixture
def sft_data(world: Any) -> Group:
    return next(group for group in ResolvedDraft(world, DPO).takers if group.name == "sft")


def typed(draft: Draft, stage: str, **values: Any) -> Draft:
    """The draft after a person typed some values into a stage's fields."""
    return draft.model_copy(update={"settings": {**draft.settings, stage: values}})


def spec_of(world: Any, draft: Draft) -> PipelineSpec:
    return ResolvedDraft(world, draft).spec


def changes_of(world: Any, draft: Draft) -> tuple[ChangedSetting, ...]:
    return ResolvedDraft(world, draft).changes


def tidy(world: Any, draft: Draft) -> Draft:
    return ResolvedDraft(world, draft).tidy()


def furthest(world: Any, draft: Draft) -> int:
    return view.furthest(ResolvedDraft(world, draft))


def validate_settings(world: Any, draft: Draft) -> Sentences:
    return settings.validate_settings(ResolvedDraft(world, draft))


def settings_of(world: Any, draft: Draft) -> SettingsStep:
    return settings_step(ResolvedDraft(world, draft))


def problems_of(world: Any, draft: Draft) -> tuple[Problem, ...]:
    return review.problems_of(ResolvedDraft(world, draft))


def show_review(world: Any, draft: Draft, refused: tuple[Problem, ...] = ()) -> list[Any]:
    return review.show_review(ResolvedDraft(world, draft), refused)


def reviewed(world: Any, draft: Draft, refused: tuple[Problem, ...] = ()) -> ReviewStep:
    shown = json.loads(show_review(world, draft, refused)[0])
    return ReviewStep.model_validate(shown["review"])


def store_upload(world: Any, draft: Draft, *how: Any) -> tuple[Draft, Any, Any]:
    return data.store_upload(ResolvedDraft(world, draft), *how)


def shown_fields(world: Any, draft: Draft, stage: str) -> dict[str, Any]:
    (fields,) = (group.fields for group in settings_of(world, draft).groups if group.name == stage)
    return {field.name: field for field in fields}


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


@pytest.mark.parametrize("name", [preset.name for preset in catalogue.presets()])
def test_a_pipeline_survives_the_way_through_a_draft(world: Any, name: str) -> None:
    spec = specs.load_spec(name)
    draft = read_draft(json.loads(json.dumps(draft_of(spec).model_dump(mode="json"))))
    assert spec_of(world, draft) == spec
    assert spec_of(world, tidy(world, draft)) == spec, "also without what is as proposed"


@pytest.mark.parametrize(("method", "options"), CHOICES)
def test_a_clone_of_any_choice_survives_the_way_through_a_draft(
    world: Any, method: str, options: dict[str, Any]
) -> None:
    draft = Draft(method=method, options=options, seed=3, review=True, title="Mine")
    draft = draft.model_copy(update={"data": {group.name: "d-1" for group in groups_of(links_of(draft))}})
    for group in groups_of(links_of(draft)):
        fields = group.kind.settings.model_fields
        values = {name: value for name, value in EDITS.items() if name in fields}
        draft = typed(draft, group.name, **values)
    spec = spec_of(world, draft)
    assert all(set(settings) & set(EDITS) for settings in spec.stages.values())
    assert spec_of(world, draft_of(spec)) == spec


def test_a_clone_keeps_defaults_that_are_no_longer_proposed(world: Any) -> None:
    bare = PipelineSpec(title="Bare", method="dpo", stages={"dpo": {"data": "lantern:preferences"}})
    again = spec_of(world, draft_of_launched(world, draft_of(bare)))
    assert again.stages["dpo"]["learning_rate"] == 1e-5
    preset = specs.load_spec("lantern-dpo")
    assert spec_of(world, draft_of_launched(world, draft_of(preset))) == preset


def test_a_draft_that_cannot_be_read_starts_afresh() -> None:
    for stored in ({"start": "elsewhere"}, {"unknown": 1}, ["no", "draft"], None):
        assert read_draft(stored).model_copy(update={"launch_id": ""}) == Draft(launch_id="")
    assert read_draft({"method": "gone", "seed": 3}).method == ""


def test_an_emptied_field_does_not_cost_the_rest_of_the_draft() -> None:
    draft = read_draft({"method": "dpo", "run": None, "title": None, "data": {"sft": None, "dpo": "d-1"}})
    assert (draft.method, draft.run, draft.title, draft.data) == ("dpo", "", "", {"dpo": "d-1"})


def test_without_a_preset_no_dataset_is_proposed(world: Any) -> None:
    other = Draft(method="dpo", start="folder", folder=FakeModels.GOOD)
    assert ResolvedDraft(world, DPO).dataset("sft") == "lantern:demonstrations"
    assert ResolvedDraft(world, other).dataset("sft") == ""


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
    assert (draft.title, draft.settings["sft"]["learning_rate"], step) == (
        "Lantern SFT, then DPO (copy)",
        2e-3,
        4,
    )


def test_a_link_to_a_run_that_is_gone_says_so_and_keeps_the_draft(world: Any) -> None:
    draft, step, notice = from_address(world, {"clone": "nobody"}, DPO)
    assert (draft, step, notice) == (DPO, 1, 'There is no run "nobody".')


def test_the_address_goes_before_the_draft(world: Any) -> None:
    assert from_address(world, {"method": "sft", "step": "3"}, DPO)[0].method == "sft"
    assert from_address(world, {"method": "evil", "step": "9"}, DPO) == (DPO, 1, "")


def test_a_link_to_a_method_asks_for_no_warm_up_of_a_run_that_is_continued(world: Any) -> None:
    draft, _, _ = from_address(world, {"method": "dpo"}, Draft(start="run", run="tour-sft", review=True))
    assert (draft.skip, draft.review) == (("sft",), False)


def test_a_step_opens_only_when_those_before_are_answered(world: Any) -> None:
    assert furthest(world, Draft()) == 2
    assert furthest(world, Draft(start="folder", folder="/nowhere")) == 1
    assert furthest(world, Draft(method="sft", start="folder", folder=FakeModels.GOOD)) == 3


# model and method


def test_a_bad_model_is_explained_at_its_own_field(world: Any) -> None:
    verdicts = validate_model(ResolvedDraft(world, Draft(start="folder", folder="/nowhere")))
    assert [verdict["is_valid"] for verdict in verdicts] == [True, False, True, True]
    assert '"/nowhere"' in verdicts[1]["message"]
    assert str(model_problem(ResolvedDraft(world, Draft(start="hub")))).startswith("No model is named.")
    assert str(model_problem(ResolvedDraft(world, Draft(start="run", run="gone")))).startswith(
        "Run gone does not exist"
    )


def test_a_method_that_is_none_is_no_choice() -> None:
    assert read_method(DPO, json.dumps({"method": "evil", "skip": ["sft"]})).method == ""
    chosen = read_method(Draft(), json.dumps({"method": "dpo", "skip": ["sft", "dpo", "x"]}))
    assert (chosen.method, chosen.skip) == ("dpo", ("sft",))


def unfold(**choice: Any) -> Any:  # its plan is there
    return _unfold(MethodChoice(**choice))


def test_an_option_changes_what_feeds_what() -> None:
    plan = unfold(method="rlhf", options={"optimizer": "grpo"}).plan
    assert [(stage.title, stage.takes) for stage in plan.stages] == [
        ("SFT", ()),
        ("Reward model", (("weights", 0),)),
        ("GRPO", (("weights", 0), ("reward", 1))),
    ]
    assert [option.offers for option in plan.options] == [
        (("ppo", "PPO"), ("grpo", "GRPO"), ("rloo", "RLOO"))
    ]


def test_a_stage_that_is_left_out_gives_its_place_to_its_parent() -> None:
    left = unfold(method="rlhf", skip=("sft", "ppo", "x"))
    assert left.skip == ("sft",), "only what is optional can be left out"
    assert [stage.takes for stage in left.plan.stages] == [(), (("reward", 0),)]
    (sft, reward_model) = left.plan.optional
    assert "the base model" in sft.without
    assert "finished reward model" in reward_model.without


def test_two_stages_of_a_kind_are_told_apart_and_set_apart(world: Any) -> None:
    draft = Draft(method="best_of_n")
    assert [group.title for group in groups_of(links_of(draft))][-1] == "SFT on rows of Best-of-n"
    spec = spec_of(world, typed(typed(draft, "sft", batch_size=3), "imitate", batch_size=5))
    assert (spec.stages["sft"]["batch_size"], spec.stages["imitate"]["batch_size"]) == (3, 5)
    assert "data" not in spec.stages["imitate"], "its rows come from an earlier stage"


def test_rounds_repeat_stages_but_not_settings() -> None:
    draft = Draft(method="iterated", options={"rounds": 3})
    assert [link.round for link in links_of(draft) if link.name == "dpo"] == [0, 1, 2]
    assert [group.name for group in groups_of(links_of(draft))] == ["sft", "sample", "ai_feedback", "dpo"]
    assert [stage.round for stage in unfold(method="iterated").plan.stages] == [
        None,
        1,
        1,
        1,
        2,
        2,
        2,
    ]


def test_a_wrong_option_is_explained_and_not_gone_on_with() -> None:
    draft = Draft(method="iterated", options={"rounds": 99})
    assert str(method_problem(draft)).startswith("Rounds 99 is outside 1 to 10.")


def test_a_pause_is_offered_where_a_stage_makes_rows() -> None:
    assert unfold(method="rlaif").plan.generates_rows
    assert not unfold(method="rlaif", options={"route": "live"}).plan.generates_rows


# data


def test_prompts_may_come_from_any_dataset_and_rows_only_from_fitting_ones(world: Any) -> None:
    titles = [title_of(group) for group in ResolvedDraft(world, Draft(method="rlhf")).takers]
    assert [(title.stage, title.title) for title in titles] == [
        ("sft", "SFT learns from demonstrations or texts"),
        ("reward_model", "Reward model learns from preferences or ratings"),
        ("ppo", "PPO takes prompts"),
    ]


@pytest.mark.parametrize("method", [method.name for method in catalogue.offered()])
def test_every_pipeline_finds_places_for_its_data(world: Any, method: str) -> None:
    """With all stages, and with any of those left out that may be; rows that an earlier stage makes need none."""
    places = laid_out(lambda: build_data_step(world))
    optional = {link.name for link in links_of(Draft(method=method))}
    for skip in ((), *((name,) for name in optional)):
        resolved = ResolvedDraft(world, Draft(method=method, skip=skip))
        assert "imitate" not in {group.name for group in resolved.takers}
        updates = show_data(resolved, places)
        assert len(updates) == sum(len(place.outputs) for place in places)
        visible = [update["visible"] for update in updates[:: len(places[0].outputs)]]
        assert visible == [number < len(resolved.takers) for number in range(len(places))]


def test_what_the_places_hold_goes_to_the_stages_that_they_are_of(world: Any) -> None:
    resolved = ResolvedDraft(world, Draft(method="rlhf", data={"reward_model": "lantern:ratings"}))
    draft = read_data(resolved, ["lantern:demonstrations", None, "d-7", "left over from another method"])
    assert draft.data == {
        "sft": "lantern:demonstrations",
        "reward_model": "lantern:ratings",
        "ppo": "d-7",
    }


def test_a_request_to_a_place_that_no_page_shows_is_told_so(world: Any) -> None:
    with pytest.raises(InvalidInput, match="takes data in 1 places, and there is no 4"):
        page._taker(ResolvedDraft(world, Draft(method="sft")), 3)


def test_a_file_is_stored_and_chosen(world: Any, sft_data: Group, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_text("[]")
    draft, dropdown, preview = store_upload(world, DPO, sft_data, file, "local", None)
    assert draft.data == {"sft": "d-1"}
    assert ("good.json, 5 rows", "d-1") in dropdown["choices"]
    shown = json.loads(preview)["dataset"]
    assert (shown["rows"], shown["dropped"], shown["reasons"]) == (
        5,
        40,
        {"both answers were the same.": 38, "the answer is empty.": 2},
    )
    assert len(shown["examples"]) == 5


def test_rows_never_look_like_markup(world: Any, sft_data: Group, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text("[]")
    _, _, preview = store_upload(world, DPO, sft_data, tmp_path / "good.json", "local", None)
    assert "<" not in preview
    assert "<script>alert(1)</script>" in json.dumps(json.loads(preview)["dataset"]["examples"])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bad.json", 'Row 214 of bad.json has no field "chosen". Found: prompt, response.'),
        ("good pairs.json", "good pairs.json holds preferences (alpaca). SFT learns from demonstrations or texts: prompts with a good answer; or documents, of which every word is learnt."),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_and_not_stored(
    world: Any, sft_data: Group, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / name).write_text("[]")
    chosen, file = "lantern:demonstrations", tmp_path / name
    draft, _, preview = store_upload(world, DPO, sft_data, file, "local", chosen)
    assert draft == DPO
    shown = json.loads(preview)
    used = "The stage will use Lantern demonstrations unless you add another file."
    refused = shown["refused"]
    assert (refused["file"], refused["problem"], refused["used"]) == (name, sentence, used)
    assert [way["name"] for way in refused["ways"]] == (["chosen"] if "pairs" in name else [])
    assert shown["dataset"]["name"] == "Lantern demonstrations", "what will be used stays in sight"
    assert len(world.datasets.infos) == 2


def test_missing_or_wrong_data_is_explained(world: Any) -> None:
    assert data_problem(world, SFT, None).startswith("SFT has no data yet.")
    assert data_problem(world, SFT, "lantern:preferences") == "Lantern preferences holds preferences."
    assert data_problem(world, SFT, "lantern:demonstrations") is None


# settings


def test_a_wrong_setting_is_explained_with_what_to_take_instead(world: Any) -> None:
    told = validate_settings(world, typed(DPO, "dpo", beta=200))
    assert list(told) == ["dpo"]
    assert told["dpo"]["beta"].startswith("Beta 200 is far outside 0 to 10. For DPO on Lantern take ")


def test_settings_of_stages_that_do_not_run_are_not_judged(world: Any) -> None:
    assert validate_settings(world, typed(Draft(method="sft"), "dpo", beta=200)) == {}


def test_a_rule_over_two_fields_stands_at_one_that_it_names(world: Any) -> None:
    assert list(validate_settings(world, typed(DPO, "dpo", label_smoothing=0.1))["dpo"]) == [
        "label_smoothing"
    ]


@pytest.mark.parametrize(("seed", "sentence"), [(-1, "Seed -1 is outside"), (1.5, "Seed takes a whole number"), (None, "Seed is empty")])  # fmt: skip
def test_the_seed_is_judged_like_any_setting(world: Any, seed: Any, sentence: str) -> None:
    told = validate_settings(world, DPO.model_copy(update={"seed": seed}))
    assert told["pipeline"]["seed"].startswith(sentence)


def test_only_what_differs_is_kept(world: Any) -> None:
    held = typed(DPO, "dpo", beta=0.3, learning_rate=proposed("dpo")["learning_rate"])
    shown = json.dumps({"draft": {**held.model_dump(mode="json"), "seed": 7}})
    draft = tidy(world, read_settings(DPO, shown))
    assert (draft.settings["sft"], draft.settings["dpo"], draft.seed) == ({}, {"beta": 0.3}, 7)


def test_proposed_values_say_where_they_come_from(world: Any) -> None:
    assert "Preset lantern-dpo: 0.0002." in shown_fields(world, DPO, "dpo")["learning_rate"].help
    groups = settings_of(world, DPO).groups
    assert groups[2].sub == "proposed values from preset lantern-dpo"


def test_a_model_without_a_preset_gets_that_of_its_size_with_its_source(world: Any) -> None:
    draft = Draft(method="dpo", start="folder", folder=FakeModels.GOOD)
    sub = settings_of(world, draft).groups[1].sub
    assert sub.startswith("proposed values from preset small, from TRL")
    assert sub.endswith(", not run by us")
    assert spec_of(world, draft).stages["dpo"]["learning_rate"] == 5e-6


def test_full_tuning_changes_what_is_proposed_here_and_in_what_goes_on_from_it(world: Any) -> None:
    draft = typed(Draft(method="dpo", start="folder", folder=FakeModels.GOOD), "sft", tuning="full")
    assert shown_fields(world, draft, "sft")["learning_rate"].value == 2e-5
    tuning = shown_fields(world, draft, "dpo")["tuning"]
    assert (tuning.value, tuning.locked) == ("full", True)
    assert tidy(world, draft).settings["sft"] == {"tuning": "full"}, "a choice is no proposal"


def test_the_shape_of_continued_weights_is_locked(world: Any) -> None:
    draft = typed(DPO, "sft", lora_rank=4)
    rank = {stage: shown_fields(world, draft, stage)["lora_rank"] for stage in ("sft", "dpo")}
    assert (rank["sft"].value, rank["sft"].locked) == (4, False)
    assert (rank["dpo"].value, rank["dpo"].locked) == (4, True)
    both = typed(draft, "dpo", lora_rank=8)
    assert tidy(world, both).settings["dpo"] == {}


def test_the_shape_of_a_run_is_locked_too(world: Any) -> None:
    parent = make_run("shaped")
    recipe = parent.recipe.model_copy(update={"settings": {"lora_rank": 2}})
    world.runs.add(Run.model_validate({**parent.model_dump(), "recipe": recipe.model_dump()}))
    draft = Draft(method="dpo", skip=("sft",), start="run", run="shaped")
    rank = shown_fields(world, draft, "dpo")["lora_rank"]
    assert (rank.value, rank.locked) == (2, True)


def test_what_the_pipeline_trains_itself_cannot_be_chosen(world: Any) -> None:
    own = shown_fields(world, Draft(method="rlhf"), "ppo")["reward_model"]
    assert (own.locked, own.help) == (True, "This pipeline trains its own.")
    world.runs.add(make_run("rm", stage="reward_model"))
    other = shown_fields(world, Draft(method="rlhf", skip=("reward_model",)), "ppo")["reward_model"]
    assert (other.locked, other.offers) == (False, (("rm", "rm, step 80 (rm)"),))


def test_judges_are_offered_by_name_and_texts_whole(world: Any) -> None:
    world.runs.add(make_run("rm", stage="reward_model"))
    fields = shown_fields(world, Draft(method="constitutional"), "ai_feedback")
    assert [value for value, *_ in fields["judge"].offers] == [
        "base",
        "biased",
        "reward_model:rm",
        "endpoint:",
        "",
    ]
    assert "principles:" in fields["constitution"].offers[0].text


def test_a_constitution_without_a_principle_is_refused_at_its_field(world: Any) -> None:
    rules = yaml.safe_dump({**RULES, "principles": []})
    told = validate_settings(
        world, typed(Draft(method="constitutional"), "critique_revision", constitution=rules)
    )
    assert "no principle" in told["critique_revision"]["constitution"]


def test_an_edited_text_goes_into_the_pipeline_as_what_it_says(world: Any) -> None:
    draft = typed(Draft(method="constitutional"), "critique_revision", constitution=yaml.safe_dump(RULES))
    assert spec_of(world, draft).stages["critique_revision"]["constitution"] == RULES
    (change,) = changes_of(world, draft)
    assert (change.title, change.value) == ("Constitution", "Mine, edited")


def test_a_wrong_reward_is_explained_at_the_rewards(world: Any) -> None:
    told = validate_settings(world, typed(Draft(method="grpo"), "grpo", rewards="beauty: 1"))
    assert told["grpo"]["rewards"].startswith('There is no reward "beauty".')


def test_a_setting_matters_only_where_another_names_it() -> None:
    names = ("rewards", "judge", "judge_url", "rubric")
    by_judge = dict.fromkeys(names, "") | {"rewards": {"judge": 1.0}, "judge": "endpoint:m"}
    settings = catalogue.stage("ppo").settings
    assert [name for name in names if is_used(name, settings, by_judge)] == list(names)
    by_rule = by_judge | {"rewards": {"number": 1.0}}
    assert [name for name in names if is_used(name, settings, by_rule)] == ["rewards"]


# review and launch


def test_the_review_says_what_is_good_what_feeds_what_and_where_it_pauses(world: Any) -> None:
    draft = Draft(method="rlaif", options={"route": "live"}, review=True)
    summary = reviewed(world, draft)
    assert summary.options == (("Route", "Live"),)
    judged = [(each.stage, each.title, each.value) for each in summary.judged]
    assert {("PPO", "rewards", "judge × 4"), ("PPO", "judge", "base")} <= set(judged)
    assert summary.review is False, "no stage of this route makes rows"
    assert reviewed(world, Draft(method="rlaif", review=True)).review is True


def test_nothing_stands_in_the_way_of_the_preset(world: Any) -> None:
    assert problems_of(world, DPO) == ()
    _, recipe, command = show_review(world, DPO)
    assert specs.parse(yaml.safe_load(recipe["value"])) == specs.load_spec("lantern-dpo")
    assert command["value"] == "rlft train lantern-dpo"
    assert [(stage.title, stage.takes) for stage in reviewed(world, DPO).stages] == [
        ("SFT", ()),
        ("DPO", (("weights", 0),)),
    ]


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
    assert reviewed(world, draft).problems == (Obstacle(message=problems[0].message, step=step),)


def test_two_tabs_with_one_draft_that_differs_are_two_launches_and_a_double_click_is_one(world: Any) -> None:
    draft = Draft(method="sft", data={"sft": "lantern:demonstrations"})
    again, other = draft.model_copy(), draft.model_copy(update={"seed": 7})
    first, second, third = (page._launch_id(ResolvedDraft(world, one)) for one in (draft, again, other))
    assert first == second != third


def test_a_number_that_no_browser_holds_stays_what_was_typed_and_is_refused_in_words(world: Any) -> None:
    big = 99999999999999999999
    draft = read_draft(
        {"method": "sft", "seed": big, "settings": {"sft": {"batch_size": big, "max_steps": 5}}}
    )
    assert (draft.seed, draft.settings["sft"]) == (str(big), {"batch_size": str(big), "max_steps": 5})
    orjson.dumps(draft.model_dump(mode="json"))
    assert any(str(big) in problem.message for problem in problems_of(world, draft))


def test_what_a_launch_was_refused_for_is_told_once(world: Any) -> None:
    draft = Draft(method="dpo", settings={"dpo": {"beta": -1}})
    (found,) = problems_of(world, draft)
    shown = reviewed(world, draft, (found, Problem("launch", "Busy."))).problems
    assert [obstacle.message for obstacle in shown] == [found.message, "Busy."]


def test_review_names_an_upload_as_its_file_and_offers_the_yaml_that_the_command_names(world: Any) -> None:
    upload = make_dataset("d-b5cee2e5d3", DataType.DEMONSTRATIONS, name="my_rows.json")
    world.datasets.infos[upload.id] = upload
    draft = DPO.model_copy(update={"data": {"sft": upload.id}, "title": "My tour"})

    _, yaml_code, command = show_review(world, draft)

    told = reviewed(world, draft)
    assert told.data[0].name == "my_rows.json (d-b5cee2e5d3)"
    assert told.data[1].name == "Lantern preferences"
    assert "data: d-b5cee2e5d3  # my_rows.json" in yaml_code["value"]
    assert told.file == RecipeFile(name="my-tour.yaml", text=yaml_code["value"])
    assert "sft.data=d-b5cee2e5d3" in command["value"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (' "/models/a.gguf" ', "/models/a.gguf"),
        ("~/a.gguf", str(Path.home() / "a.gguf")),
        ("org/one", "org/one"),
    ],
)
def test_a_path_may_be_given_as_file_managers_copy_it(typed: str, kept: str) -> None:
    assert read_model(Draft(), ["folder", typed, "", None]).folder == kept
