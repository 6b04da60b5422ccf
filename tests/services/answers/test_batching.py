"""What a batch is asked with, and everything that stands in its way, told beside its field before anything is stored."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotFound, NotPossibleNow
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services, open_services
from rlft_gui.services.answers.batching import BatchSpec, command_of
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Nothing is started: what is launched stays queued."""
    monkeypatch.setattr("rlft_gui.services.keeper_process.KeeperStarter.ensure", lambda _: None)
    made = open_services(fresh_home(tmp_path / "home").path)
    yield made
    made.storage.close()


def trained(services: Services, stage: str = "sft", *steps: int, base: str = "lantern") -> Run:
    made = pipeline(stage)
    run = made.runs[0].model_copy(update={"status": RunStatus.SUCCEEDED, "base": base})
    services.storage.transitions.add(made.model_copy(update={"runs": (run,)}), launch_id=made.id)
    for step in steps:
        folder = services.home.run(run.id).checkpoint(step)
        folder.mkdir(parents=True)
        mark_complete(
            folder, CheckpointMarker(step=step, stage=stage, base=base, base_hash="h", kind="adapter")
        )
    return run


def problems(services: Services, spec: BatchSpec) -> dict[str, str]:
    before = services.runs.list()
    with pytest.raises(InvalidPipeline) as refused:
        services.batching.launch(spec, launch_id="refused", user="local")
    assert services.runs.list() == before, "nothing was stored"
    return {one.field: one.message for one in refused.value.problems}


def test_a_run_means_its_newest_checkpoint_at_the_launch(services: Services) -> None:
    run = trained(services, "sft", 3, 7)
    spec = BatchSpec(models=("base", run.id, f"{run.id}@3"), seed=4, settings={"seeds": "2"})
    (queued,) = services.batching.launch(spec, launch_id="x", user="local").runs
    assert queued.recipe.settings["models"] == ["base", f"{run.id}@7", f"{run.id}@3"]
    assert (queued.recipe.settings["seeds"], queued.recipe.seed, queued.base) == (2, 4, "lantern")
    assert queued.title == "Lantern's suite"
    assert command_of(queued.recipe) == (
        f"rlft batch --models base,{run.id}@7,{run.id}@3 --suite lantern --seed 4 --seeds 2"
    )
    again = services.batching.spec_of(queued.id)
    assert (again.models, again.suite, again.seed) == (tuple(queued.recipe.settings["models"]), "lantern", 4)


def test_a_batch_that_waits_says_for_how_many_answers_and_behind_whom(services: Services) -> None:
    suite = services.suites.write("Two", "Why?\nWho?", user="local").name
    spec = BatchSpec(models=("base",), suite=suite, settings={"seeds": 3})
    launched = [services.batching.launch(spec, launch_id=name, user="local").runs[0] for name in "abc"]
    assert [run.reason for run in launched] == [
        "Starts next.",
        'Waits behind "Two · Batch".',
        'Waits behind 2 others, "Two · Batch" first.',
    ]
    assert services.batching.wanted(launched[0]) == 6


def test_what_is_wrong_is_told_beside_its_field(services: Services) -> None:
    run, rm = trained(services, "sft", 3), trained(services, "reward_model", 3)
    other = trained(services, "sft", 3, base="other")
    assert "at least one model" in problems(services, BatchSpec(models=()))["models"]
    assert "no checkpoint at step 9" in problems(services, BatchSpec(models=(f"{run.id}@9",)))["models"]
    assert "trained no policy" in problems(services, BatchSpec(models=(rm.id,)))["models"]
    assert "no dataset" in problems(services, BatchSpec(models=("base",), suite="nowhere"))["suite"]
    assert (
        "may be trained on"
        in problems(services, BatchSpec(models=("base",), suite="lantern:prompts"))["suite"]
    )
    several = BatchSpec(models=("base", run.id, other.id))
    assert '"base" could mean several' in problems(services, several)["base"]
    found = problems(services, BatchSpec(models=("base",), settings={"seeds": 0, "temperature": "NaN"}))
    assert found == {
        "batch.seeds": "Seeds 0 is outside 1 to 16. For a batch take 1, the default.",
        "batch.temperature": "Temperature takes a number from 0 to 2, found NaN. For a batch take 0.7, the default.",
    }
    found = problems(services, BatchSpec(models=("base",), settings={"top_p": 0, "system": "x" * 200_000}))
    assert found["batch.top_p"].startswith("Top-p must be above 0 and at most 1, found 0.")
    assert found["batch.system"] == "System prompt has 200,000 characters, and 20,000 fit. Shorten it."
    nothing = BatchSpec(models=("base",), measure={"rewards": {"length:5-40": 0}})
    assert "weighs 0, so it asks for nothing" in problems(services, nothing)["measure.rewards"]
    judged = BatchSpec(models=("base",), measure={"rewards": {"reward_model": 1.0}})
    assert "Name a finished one" in problems(services, judged)["measure.reward_model"]


def test_a_model_that_a_batch_does_not_take_is_refused_before_anything_is_stored(services: Services) -> None:
    run = trained(services, "sft", 3)
    endpoint = "endpoint:m@http://127.0.0.1:17923/v1"
    for models in ((endpoint,), ("base", endpoint), (run.id, endpoint)):
        found = problems(services, BatchSpec(models=models))
        assert found == {
            "models": f'A batch takes base, RUN or RUN@step; "{endpoint}" is an endpoint. Compare takes endpoints.'
        }
    assert "is a base by its name" in problems(services, BatchSpec(models=("base:nosuch",)))["models"]
    assert "is a base by its name" in problems(services, BatchSpec(models=("base:",)))["models"]
    assert "must be a step number" in problems(services, BatchSpec(models=(f"{run.id}@",)))["models"]


def test_a_model_that_is_named_again_is_told_once(services: Services) -> None:
    run = trained(services, "sft", 3)

    def told(*models: str) -> list[str]:
        with pytest.raises(InvalidPipeline) as refused:
            services.batching.launch(BatchSpec(models=models), launch_id="refused", user="local")
        return [one.message for one in refused.value.problems]

    assert told("base", "base") == ['"base" is named twice. Name each model once.']
    assert told(*["base"] * 9) == ['"base" is named 9 times. Name each model once.']
    same = f'"{run.id}" and "{run.id}@3" are the same model. Name each model once.'
    assert told(run.id, f"{run.id}@3") == [same]
    many = trained(services, "sft", *range(1, 10))
    (sentence,) = told(*(f"{many.id}@{step}" for step in range(1, 10)))
    assert sentence == "9 models were named, and 8 fit. Leave some out, or make two batches."


def test_runs_of_several_bases_may_answer_beside_each_other(services: Services) -> None:
    one, other = trained(services, "sft", 3), trained(services, "sft", 3, base="other")
    (queued,) = services.batching.launch(
        BatchSpec(models=(one.id, other.id)), launch_id="x", user="local"
    ).runs
    assert queued.base == "lantern"


def test_a_written_suite_is_a_dataset_that_nothing_is_trained_on(services: Services) -> None:
    found = services.suites.write("My own", "Why?\n\n  Who? \nWhy?\n", user="local")
    assert (found.title, found.prompts, found.origin) == ("My own", 2, "written here")
    info = services.datasets.get(found.name)
    assert (info.held_out, info.type, info.rows) == (True, "prompts", 2)
    told = services.datasets.check_use(found.name, (info.type,))
    assert "nothing is trained on it" in (told or "")
    assert [one.question for one in services.suites.get("My own")] == ["Why?", "Who?"]
    newer = services.suites.write("My own", "How?", user="local")
    assert newer.title == "My own, version 2"
    assert [one.name for one in services.suites.list()][:2] == ["lantern", "tasks:records-held-out"]


def test_a_suite_that_a_batch_uses_stays_and_one_that_is_gone_is_told(services: Services) -> None:
    kept, lost = (services.suites.write(name, name, user="local").name for name in ("kept", "lost"))
    services.batching.launch(BatchSpec(models=("base",), suite=kept), launch_id="kept", user="local")
    with pytest.raises(NotPossibleNow, match="is used by"):
        services.curating.delete(kept, user="local")
    services.curating.delete(lost, user="local")
    assert "There is no dataset" in problems(services, BatchSpec(models=("base",), suite=lost))["suite"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("", "Why?", "needs a name"),
        ("s", " \n\n", "no prompt yet"),
        ("s", "x" * 20_001, "Prompt 1 has 20,001 characters"),
        ("s", "\n".join(map(str, range(1_001))), "1,001 prompts were written"),
        ("s", "\ud83d", "half a character"),
    ],
)
def test_a_suite_that_cannot_be_kept_is_told(services: Services, name: str, text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        services.suites.write(name, text, user="local")


def test_columns_of_what_is_gone_are_empty_and_wrong_keys_are_told(services: Services) -> None:
    columns = services.answers.columns(["batch-gone:base", "probe:sft-gone"])
    assert services.answers.joined(columns).asked == ()
    with pytest.raises(InvalidInput, match="names no column"):
        services.answers.columns(["what"])
    with pytest.raises(InvalidInput, match="8 fit"):
        services.answers.columns([f"batch-1:m{n}" for n in range(9)])
    with pytest.raises(NotFound):
        services.answers.columns_of("batch-gone")
