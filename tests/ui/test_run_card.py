"""Names, colours and progress of a run as the browser gets them."""

from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.datasets.accounts import DataAccount
from rlft_gui.services.models.titles import base_title
from rlft_gui.ui.components.run_card import (
    comparison_of,
    metric_infos,
    percent,
    run_card,
    stage_title,
)
from rlft_gui.ui.pages.run.recipe import recipe_of
from tests.ui.fakes import World, make_run

ACCOUNT = DataAccount(
    read=300,
    trained=34,
    held_out=93,
    dropped={"the answer is empty": 173},
    cut=0,
    columns_not_read=("topic",),
    changed={},
)


def test_a_card_says_what_a_stage_is_called_and_how_far_it_is() -> None:
    card = run_card(
        make_run("r1", stage="dpo", method="dpo", status=RunStatus.RUNNING, step=38, total_steps=90)
    )

    assert (card.stage, card.palette, card.percent, card.live) == ("DPO", "dpo", 42, True)


def test_a_view_tells_the_time_of_all_attempts_and_since_when_the_present_one_runs() -> None:
    ended = run_card(make_run("r1", started_at=90.0, ended_at=100.0, ran_seconds=70.0, attempt=2))
    live = run_card(make_run("r1", status=RunStatus.RUNNING, started_at=90.0, ran_seconds=60.0, attempt=2))
    fresh = run_card(make_run("r1", status=RunStatus.STARTING, started_at=None))

    assert (ended.ran_seconds, ended.running_since) == (70.0, None)
    assert (live.ran_seconds, live.running_since) == (60.0, 90.0)
    assert (fresh.ran_seconds, fresh.running_since) == (None, None)


def test_progress_is_unknown_until_the_number_of_steps_is() -> None:
    assert percent(make_run("r1", step=0, total_steps=None)) is None
    assert percent(make_run("r1", step=90, total_steps=80)) == 100


def test_an_sft_stage_of_a_dpo_pipeline_has_the_colour_of_sft() -> None:
    assert run_card(make_run("r1", stage="sft", method="dpo")).palette == "sft"


def test_a_stage_that_no_longer_exists_shows_its_own_name() -> None:
    assert stage_title("sculpting") == "sculpting"


def test_a_base_is_called_by_the_end_of_its_path() -> None:
    assert [base_title(base) for base in ("lantern", "/models/tiny/", "org/model")] == [
        "Lantern",
        "tiny",
        "model",
    ]


def test_a_comparison_starts_with_the_base_and_names_its_stages() -> None:
    sft, dpo = make_run("a"), make_run("b", stage="dpo")

    assert comparison_of([sft, dpo]).model_dump() == {
        "models": "base,a,b",
        "words": "Compare base, SFT and DPO",
    }
    assert comparison_of([sft]).words == "Compare base and SFT"


def test_a_comparison_counts_runs_that_share_a_stage() -> None:
    runs = [make_run("a"), make_run("b", stage="dpo"), make_run("c", stage="dpo")]

    assert comparison_of(runs).model_dump() == {"models": "base,a,b,c", "words": "Compare base and 3 runs"}


def test_metrics_without_an_entry_describe_themselves() -> None:
    assert metric_infos(["probe/score/truthful"])["probe/score/truthful"].title == "Truthful"


def test_a_recipe_shows_settings_by_their_titles_and_closes_away_the_advanced_ones() -> None:
    world = World()
    run = world.runs.get("tour-dpo")

    view = recipe_of(run, world.runs.clone(run.id), {}, ACCOUNT)

    rows = dict(view.rows)
    assert rows["Starts from"] == "tour-sft, last checkpoint"
    assert rows["Learning rate"] == "0.001"
    assert rows["Rows"] == "300 read, 34 trained on, 93 held out, 0 shortened"
    assert rows["Rows dropped"] == "173: the answer is empty"
    assert rows["Columns not read"] == "topic"
    assert "Versions" in dict(view.more)
    assert "method: dpo" in view.yaml
    assert view.command.startswith("rlft train")


def test_a_recipe_names_an_uploaded_dataset_as_its_file_beside_the_id_and_its_own_file() -> None:
    run = make_run("r1", title="My SFT")
    settings = {"data": "d-b5cee2e5d3"}
    run = run.model_copy(update={"recipe": run.recipe.model_copy(update={"settings": settings})})
    spec = PipelineSpec(title="My SFT", method="sft", stages={"sft": settings})

    view = recipe_of(run, spec, {"d-b5cee2e5d3": "my_rows.json"}, ACCOUNT)

    assert dict(view.rows)["Data"] == "my_rows.json (d-b5cee2e5d3)"
    assert "data: d-b5cee2e5d3  # my_rows.json\n" in view.yaml
    assert view.file == "my-sft.yaml"


def test_a_recipe_names_no_judge_that_nobody_asks() -> None:
    world = World()
    run = world.runs.get("tour-dpo")
    by_rule = {
        "data": "d",
        "rewards": {"length:1-8": 1.0},
        "judge": "base",
        "rubric": {"name": "R"},
        "veto": "",
    }
    recipe = run.recipe.model_copy(update={"stage": "ppo", "settings": by_rule})

    view = recipe_of(run.model_copy(update={"recipe": recipe}), world.runs.clone(run.id), {}, ACCOUNT)

    assert {"Judge", "Rubric", "Veto"}.isdisjoint(dict([*view.rows, *view.more]))
    assert dict(view.rows)["Rewards"] == "length:1-8 1"


def test_a_recipe_names_by_what_its_pipeline_is_judged() -> None:
    run = make_run("r1", title="My SFT")
    measure = {"held_out": "d-1", "rewards": {"length:1-8": 1.0}, "reward_model": ""}
    run = run.model_copy(update={"recipe": run.recipe.model_copy(update={"measure": measure})})

    view = recipe_of(run, PipelineSpec(title="My SFT", method="sft"), {"d-1": "exam.csv"}, ACCOUNT)

    rows = dict(view.rows)
    assert (rows["Held-out prompts"], rows["Answers are scored by"]) == ("exam.csv (d-1)", "length:1-8 1")
    assert "Reward model" not in rows
