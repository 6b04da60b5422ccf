"""By what a pipeline is judged, before anything runs: what is wrong with it, what it keeps out, and what is stored of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import Services, open_services
from rlft_gui.services.pipelines import specs
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.pipelines.measuring import knows_what_is_right
from tests.fakes.pipelines import pipeline
from tests.stages.own_files import demonstrations, preferences, prompts, stored


class NoKeeper:
    def ensure(self) -> None:
        """Nothing is to run here."""


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(tmp_path / "home")
    yield opened
    opened.storage.close()


@pytest.fixture
def files(services: Services, tmp_path: Path) -> dict[str, str]:
    asked = prompts()
    rows = {
        "shown": demonstrations(asked),
        "pairs": preferences(asked),
        "few": demonstrations(asked[:3]),
        "others": demonstrations(["Who built it?"]),
        "asked": [{"prompt": text} for text in asked[:3]],
        "texts": [{"text": "A document that nobody asked for, of some length."}] * 3,
    }
    found = {}
    for name, kept in rows.items():
        file = tmp_path / f"{name}.jsonl"
        stored(services.home, tmp_path, name, kept)
        found[name] = services.datasets.store(file, file.name, user="local").id
    return found


def spec(data: str, **measure: Any) -> PipelineSpec:
    return PipelineSpec(method="sft", measure=measure, stages={"sft": {"data": data}})


def problems(services: Services, asked: PipelineSpec) -> dict[str, str]:
    return {problem.field: problem.message for problem in services.launching.check(asked)}


def test_a_sound_measure_has_no_problem_and_goes_whole_into_every_recipe(
    services: Services, files: dict[str, str]
) -> None:
    asked = spec(files["shown"], held_out=files["few"], rewards={"length:1-9": 1})
    assert problems(services, asked) == {}
    launching = Launching(
        services.home,
        services.storage,
        services.datasets,
        services.models,
        keeper=NoKeeper(),  # type: ignore[arg-type]
    )
    (run,) = launching.launch(asked, launch_id="one", user="local").runs
    assert run.recipe.measure["held_out"] == files["few"]
    assert run.recipe.measure["rewards"] == {"length:1-9": 1.0}
    assert run.recipe.measure["rubric"]["criteria"], "written out, for a later edit must change no run"
    assert services.curating.used_by(files["few"]) == (services.runs.get(run.id),)
    with pytest.raises(NotPossibleNow, match="is used by"):
        services.curating.delete(files["few"], user="local")
    assert services.runs.clone(run.id).measure == asked.measure


@pytest.mark.parametrize(
    ("measure", "field", "sentence"),
    [
        ({"held_out": "d-0000000000"}, "held_out", 'There is no dataset "d-0000000000"'),
        ({"held_out": "texts"}, "held_out", "holds text, which asks nothing"),
        ({"held_out": "pairs"}, "held_out", "so nothing would be left to learn from"),
        ({"rewards": {"gold": 1}}, "rewards", "The gold score is about Lantern's own world"),
        ({"rewards": {"lenght:1-2": 1}}, "rewards", 'There is no reward "lenght:1-2"'),
        ({"rewards": {"reward_model": 1}}, "reward_model", "Reward model is empty"),
        ({"rewards": {"reward_model": 1}, "reward_model": "rm-1"}, "reward_model", 'There is no run "rm-1"'),
        (
            {"rewards": {"number": 1}, "held_out": "asked"},
            "rewards",
            "No prompt of asked.jsonl could be scored",
        ),
        ({"rewards": {"length:1-9": 1, "json": 1}}, "rewards", "No prompt of shown.jsonl could be scored"),
        ({"rewards": {f"length:1-{most}": 1 for most in range(1, 60)}}, "rewards", "50 is the most"),
        ({"rewards": {"length:1-9": 1e300}}, "rewards", "Give it at most 1,000,000 as weight"),
        ({"judge": "endpoint:gpt"}, "", "is behind a server"),
        ({"heldout": "x"}, "heldout", 'The measure has no setting "heldout". Did you mean "held_out"?'),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    services: Services, files: dict[str, str], measure: dict[str, Any], field: str, sentence: str
) -> None:
    if measure.get("held_out") in files:
        measure = measure | {"held_out": files[measure["held_out"]]}
    told = problems(services, spec(files["shown"], **measure))
    assert sentence in told[f"measure.{field}".rstrip(".")]


def test_rows_with_held_out_prompts_are_told_with_their_numbers(
    services: Services, files: dict[str, str]
) -> None:
    (told,) = services.launching.kept_out(spec(files["shown"], held_out=files["asked"]))
    assert told == (
        "3 of the 40 rows of shown.jsonl have their prompts among the held-out prompts of asked.jsonl, so they are not "
        "trained on: row 1, 2, 3."
    )
    assert services.launching.kept_out(spec(files["shown"], held_out=files["others"])) == ()
    assert services.launching.kept_out(spec(files["shown"])) == ()


def test_a_handful_of_pairs_is_told_for_who_learns_from_them(
    services: Services, files: dict[str, str], tmp_path: Path
) -> None:
    def told(method: str, name: str, pairs: int) -> tuple[str, ...]:
        stored(services.home, tmp_path, name, preferences([f"Question {number}?" for number in range(pairs)]))
        data = services.datasets.store(tmp_path / f"{name}.jsonl", f"{name}.jsonl", user="local").id
        stages = {one: {"data": data} for one in (["dpo"] if method == "dpo" else ["reward_model", "ppo"])}
        return services.launching.few_pairs(PipelineSpec(method=method, stages=stages))

    (one,) = told("dpo", "one", 1)
    assert one.startswith("DPO has 1 pair: enough to try the way, not to learn from.")
    (nine,) = told("rlhf", "nine", 9)
    assert nine.startswith("Reward model has 9 pairs: ")
    assert told("dpo", "ten", 10) == ()
    assert services.launching.few_pairs(spec(files["few"])) == ()


def test_what_a_continued_run_has_seen_is_told(services: Services, files: dict[str, str]) -> None:
    made = pipeline("sft")
    (run,) = made.runs
    learnt = run.recipe.model_copy(update={"settings": {"data": files["shown"]}})
    made = made.model_copy(update={"runs": (run.model_copy(update={"recipe": learnt}),)})
    services.storage.transitions.add(made, "launch")
    asked = spec(files["others"], held_out=files["few"]).model_copy(update={"start_from": run.id})
    (told,) = services.launching.kept_out(asked)
    assert told.endswith("learnt from 3 rows with held-out prompts of few.jsonl. It may know them by heart.")


def test_a_mark_outlives_the_app_and_keeps_the_rows_out_of_training(
    services: Services, files: dict[str, str], tmp_path: Path
) -> None:
    assert services.curating.mark(files["few"], held_out=True, user="local").held_out
    services.storage.close()
    again = open_services(tmp_path / "home")
    assert again.datasets.get(files["few"]).held_out
    told = problems(again, spec(files["few"]))["stages.sft.data"]
    assert told.startswith("few.jsonl is kept as held-out prompts, so nothing is trained on it.")
    again.curating.mark(files["few"], held_out=False, user="local")
    assert problems(again, spec(files["few"])) == {}
    again.storage.close()


def test_only_rows_with_prompts_that_nothing_learnt_from_can_be_marked(
    services: Services, files: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput, match="holds text, which asks nothing"):
        services.curating.mark(files["texts"], held_out=True, user="local")
    with pytest.raises(InvalidInput, match="is no file that somebody added"):
        services.curating.mark("lantern:prompts", held_out=True, user="local")


def test_held_out_prompts_may_be_named_by_a_name_or_a_file(
    services: Services, files: dict[str, str], tmp_path: Path
) -> None:
    for named in ("few.jsonl", str(tmp_path / "few.jsonl"), files["few"]):
        found = specs.store_files(spec(files["shown"], held_out=named), services.datasets, user="local")
        assert found.measure["held_out"] == files["few"]


def test_a_file_that_was_changed_goes_before_the_dataset_of_its_name(
    services: Services, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a run would be judged by what the file was."""
    monkeypatch.chdir(tmp_path)
    found = specs.store_files(spec(files["shown"], held_out="few.jsonl"), services.datasets, user="local")
    assert found.measure["held_out"] == files["few"], "the same rows are the same dataset"
    (tmp_path / "few.jsonl").write_text('{"prompt": "Who was it?", "completion": "Ada."}\n')
    found = specs.store_files(spec(files["shown"], held_out="few.jsonl"), services.datasets, user="local")
    assert services.datasets.get(found.measure["held_out"]).rows == 1


def test_a_measure_survives_yaml_and_the_command(services: Services, files: dict[str, str]) -> None:
    preset = specs.load_spec("lantern-dpo")
    asked = specs.apply_sets(
        preset, [f"measure.held_out={files['few']}", 'measure.rewards={"length:1-9": 1}']
    )
    text = specs.to_yaml(asked, specs.dataset_names(asked, services.datasets))
    assert f"  held_out: {files['few']}  # few.jsonl" in text
    assert f"measure.held_out={files['few']}" in specs.command(asked)


@pytest.mark.parametrize(
    ("method", "data", "measure", "knows"),
    [
        ("sft", "shown", {}, True),
        ("sft", "shown", {"held_out": "asked"}, False),
        ("sft", "shown", {"held_out": "asked", "rewards": {"length:1-9": 1}}, True),
        ("grpo", "asked", {}, True),
    ],
)
def test_whether_anything_knows_what_is_right(
    services: Services, files: dict[str, str], method: str, data: str, measure: dict[str, Any], knows: bool
) -> None:
    if "held_out" in measure:
        measure = measure | {"held_out": files[measure["held_out"]]}
    asked = PipelineSpec(method=method, measure=measure, stages={method: {"data": files[data]}})
    assert knows_what_is_right(services.datasets, asked) == knows
