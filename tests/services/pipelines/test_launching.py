"""Everything wrong with a pipeline is told before anything is stored, and one click is one launch."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidPipeline
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef, PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.launchers import LocalLauncher
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.machine import devices
from rlft_gui.services.models.service import Models
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home

DATA = {"sft": {"data": "lantern:demonstrations"}, "dpo": {"data": "lantern:preferences"}}


class NoKeeper(KeeperStarter):
    """Counts how often it was asked for a keeper."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.asked = 0

    def ensure(self) -> None:
        self.asked += 1


class Case:
    def __init__(self, path: Path) -> None:
        self.home = fresh_home(path)
        self.storage: Storage = open_storage(self.home)
        self.keeper = NoKeeper(self.home)
        self.launching = Launching(
            self.home, self.storage, Datasets(self.home, self.storage), Models(self.home), self.keeper
        )

    def problems(self, **fields: Any) -> dict[str, str]:
        return {problem.field: problem.message for problem in self.launching.check(PipelineSpec(**fields))}

    def finished(self, *steps: int, base: str = "lantern", **settings: Any) -> str:
        """A succeeded run with complete checkpoints."""
        spec = PipelineSpec(method="sft", title="Warm-up", stages={"sft": {**DATA["sft"], **settings}})
        (run,) = self.launching.launch(spec, launch_id=f"{base}{steps}{settings}", user="local").runs
        return self.succeed(run, *steps)

    def succeed(self, run: Run, *steps: int) -> str:
        """Claim and end the next run, which is this one, with complete checkpoints."""
        return self.end(run, RunStatus.SUCCEEDED, *steps)

    def end(self, run: Run, status: RunStatus, *steps: int) -> str:
        self.storage.transitions.claim_next(("cpu",), "local")
        self.storage.transitions.settle(run, status, None, "")
        for step in steps:
            folder = self.home.run(run.id).checkpoint(step)
            folder.mkdir(parents=True)
            (folder / "complete.json").write_text("{}")
        return run.id


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    made.storage.close()


def test_a_sound_pipeline_is_queued_with_its_links_and_every_setting(case: Case) -> None:
    spec = PipelineSpec(method="dpo", title="Tour", seed=7, stages=DATA)
    assert case.launching.check(spec) == ()
    pipeline = case.launching.launch(spec, launch_id="click", user="local")
    sft, dpo = pipeline.runs
    assert [(run.stage, run.status, run.owner, run.title) for run in (sft, dpo)] == [
        ("sft", "queued", "local", "Tour"),
        ("dpo", "queued", "local", "Tour"),
    ]
    assert (sft.reason, sft.recipe.parent) == ("Starts next.", None)
    assert dpo.reason == 'Starts when "Tour · SFT" has succeeded.'
    assert dpo.recipe.parent == ParentRef(run_id=sft.id)
    assert sft.recipe.seed == 7
    assert sft.recipe.settings["learning_rate"] > 0
    assert {"torch", "trl", "python", "rlft_gui"} <= set(sft.recipe.versions)
    assert case.keeper.asked == 1


def test_a_double_click_is_one_launch(case: Case) -> None:
    spec = PipelineSpec(method="sft", stages={"sft": DATA["sft"]})
    found: list[str] = []
    clicks = [
        threading.Thread(
            target=lambda: found.append(case.launching.launch(spec, launch_id="click", user="local").id)
        )
        for _ in range(4)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(case.storage.runs.list()) == 1


def test_nothing_is_stored_if_anything_is_wrong(case: Case) -> None:
    spec = PipelineSpec(method="sft", stages={"sft": {**DATA["sft"], "learning_rate": 5}})
    with pytest.raises(InvalidPipeline, match="learning_rate"):
        case.launching.launch(spec, launch_id="click", user="local")
    assert case.storage.runs.list() == ()
    assert case.storage.runs.launched("click") is None
    assert case.keeper.asked == 0


def test_unknown_names_come_with_the_nearest_right_one(case: Case) -> None:
    assert case.problems(method="dop") == {"method": 'There is no method "dop". Did you mean "dpo"?'}
    told = case.problems(
        method="dpo",
        stages={
            "sft": {**DATA["sft"], "learning_rat": 1e-4},
            "dpo": {"data": "lantern:preference"},
            "stf": {},
        },
    )
    assert set(told) == {"stages.stf", "stages.sft.learning_rat", "stages.dpo.data"}
    assert told["stages.stf"] == 'DPO has no stage "stf". Did you mean "sft"?'
    assert 'Did you mean "learning_rate"?' in told["stages.sft.learning_rat"]
    assert 'Did you mean "lantern:preferences"?' in told["stages.dpo.data"]


def test_a_value_out_of_bounds_is_told_with_its_bounds(case: Case) -> None:
    told = case.problems(method="sft", stages={"sft": {**DATA["sft"], "learning_rate": 50.0, "epochs": 0}})
    assert set(told) == {"stages.sft.learning_rate", "stages.sft.epochs"}
    assert told["stages.sft.learning_rate"].startswith("Learning rate 50 is ")
    assert "outside" in told["stages.sft.learning_rate"]


def test_data_of_the_wrong_type_or_none_is_refused(case: Case) -> None:
    told = case.problems(method="dpo", stages={"sft": {}, "dpo": {"data": "lantern:demonstrations"}})
    assert told["stages.sft.data"].startswith("Data is empty")
    assert "stages.dpo.data" in told


def test_a_base_that_is_none_is_refused(case: Case, tmp_path: Path) -> None:
    told = case.problems(method="sft", base=str(tmp_path / "nowhere"), stages={"sft": DATA["sft"]})
    assert set(told) == {"base"}


def test_a_stage_left_out_starts_from_a_finished_runs_checkpoint(case: Case) -> None:
    source = case.finished(4, 8)
    stages = {"dpo": DATA["dpo"]}
    spec = PipelineSpec(method="dpo", start_from=source, stages=stages)
    (run,) = case.launching.launch(spec, launch_id="a", user="local").runs
    assert run.recipe.parent == ParentRef(run_id=source, step=8)
    assert run.reason == "Starts next."
    earlier = spec.model_copy(update={"start_from": f"{source}@4"})
    (run,) = case.launching.launch(earlier, launch_id="b", user="local").runs
    assert run.recipe.parent == ParentRef(run_id=source, step=4)
    claimed = case.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None  # it waits for nobody


def test_a_start_that_cannot_be_is_refused(case: Case) -> None:
    source = case.finished(4)
    empty = case.finished()
    stages = {"dpo": DATA["dpo"]}

    def told(start: str, base: str = "lantern") -> str:
        return case.problems(method="dpo", base=base, start_from=start, stages=stages)["start_from"]

    assert told(f"{source}x").startswith(f'There is no run "{source}x". Did you mean "{source}"?')
    assert told(f"{source}@5").endswith("has no complete checkpoint at step 5. It has: 4.")
    assert "has no complete checkpoint" in told(empty)
    assert "after @ there must be a step number" in told(f"{source}@last")
    assert told("base").startswith("Every pipeline starts from its base.")
    assert "was trained on the base lantern" in told(source, base="other/model")


def test_a_run_that_is_still_going_cannot_be_started_from(case: Case) -> None:
    spec = PipelineSpec(method="sft", stages={"sft": DATA["sft"]})
    (run,) = case.launching.launch(spec, launch_id="a", user="local").runs
    case.storage.transitions.claim_next(("cpu",), "local")
    told = case.problems(method="dpo", start_from=run.id, stages={"dpo": DATA["dpo"]})
    assert "is starting. Wait until it has ended, or stop it." in told["start_from"]


def test_a_continued_adapter_keeps_its_shape(case: Case) -> None:
    source = case.finished(4, lora_rank=4)
    spec = PipelineSpec(method="dpo", start_from=source, stages={"dpo": DATA["dpo"]})
    assert case.launching.plan(spec)[0].settings["lora_rank"] == 4
    told = case.problems(method="dpo", start_from=source, stages={"dpo": {**DATA["dpo"], "lora_rank": 8}})
    assert told == {
        "stages.dpo.lora_rank": "LoRA rank is 4 in the weights that are continued, found 8. Leave it out."
    }
    within = {"sft": {**DATA["sft"], "lora_rank": 2}, "dpo": DATA["dpo"]}
    plan = case.launching.plan(PipelineSpec(method="dpo", stages=within))
    assert [(planned.settings["lora_rank"], planned.parent) for planned in plan] == [(2, None), (2, 0)]


CAI: dict[str, Any] = {
    "method": "constitutional",
    "stages": {
        "critique_revision": {"data": "lantern:prompts"},
        "sft": {},
        "ai_feedback": {"data": "lantern:prompts"},
        "dpo": {},
    },
}
RLHF: dict[str, Any] = {
    "method": "rlhf",
    "stages": {
        "sft": DATA["sft"],
        "reward_model": DATA["dpo"],
        "ppo": {"data": "lantern:prompts"},
    },
}


def test_runs_name_the_rows_and_the_reward_models_of_earlier_ones(case: Case) -> None:
    maker, sft, labels, dpo = case.launching.launch(PipelineSpec(**CAI), launch_id="cai", user="local").runs
    assert sft.recipe.settings["data"] == f"run:{maker.id}"
    assert (sft.parent_run_id, labels.parent_run_id, dpo.parent_run_id) == (None, sft.id, sft.id)
    assert dpo.recipe.settings["data"] == f"run:{labels.id}"
    warm_up, scorer, ppo = case.launching.launch(PipelineSpec(**RLHF), launch_id="rlhf", user="local").runs
    assert ppo.recipe.settings["reward_model"] == scorer.id
    assert ppo.recipe.parent == ParentRef(run_id=warm_up.id)
    assert {(source, role, taker) for source, role, taker in case.storage.runs.links([ppo.id])} == {
        (warm_up.id, "adapter", ppo.id),
        (scorer.id, "reward", ppo.id),
    }


@pytest.mark.parametrize("review", [False, True])
def test_only_what_takes_rows_waits_for_a_review(case: Case, review: bool) -> None:
    maker, sft, labels, dpo = case.launching.launch(
        PipelineSpec(**CAI, review=review), launch_id="cai", user="local"
    ).runs
    reviews = case.storage.runs.reviews()
    assert reviews == ({sft.id: maker.id, dpo.id: labels.id} if review else {})


def test_what_the_pipeline_makes_itself_cannot_be_set(case: Case) -> None:
    stages = {**CAI["stages"], "sft": {"data": "lantern:demonstrations"}}
    assert case.problems(method="constitutional", stages=stages) == {
        "stages.sft.data": "data comes from an earlier stage of this pipeline. Leave it out."
    }


def test_a_finished_reward_model_is_used_and_anything_else_is_refused(case: Case) -> None:
    stages = {"sft": DATA["sft"], "ppo": {"data": "lantern:prompts"}}
    told = case.problems(method="rlhf", stages=stages)
    assert told["stages.ppo.reward_model"].startswith("Reward model is empty.")

    policy = case.finished(4)
    stages["ppo"]["reward_model"] = policy
    told = case.problems(method="rlhf", stages=stages)
    assert told == {
        "stages.ppo.reward_model": '"Warm-up · SFT" trained no reward model. Name a run of the stage reward_model.'
    }

    warm_up, scorer, _ = case.launching.launch(PipelineSpec(**RLHF), launch_id="rlhf", user="local").runs
    case.succeed(warm_up, 2)
    stages["ppo"]["reward_model"] = case.succeed(scorer, 2)
    assert case.problems(method="rlhf", stages=stages) == {}
    told = case.problems(method="sft", start_from=scorer.id, stages={"sft": DATA["sft"]})
    assert "made no policy to start from" in told["start_from"]


def test_a_reward_model_that_was_stopped_is_used_by_a_checkpoint_that_is_named(case: Case) -> None:
    warm_up, scorer, _ = case.launching.launch(PipelineSpec(**RLHF), launch_id="rlhf", user="local").runs
    case.succeed(warm_up, 2)
    case.end(scorer, RunStatus.STOPPED, 2, 4)
    stages: dict[str, Any] = {
        "sft": DATA["sft"],
        "ppo": {"data": "lantern:prompts", "reward_model": scorer.id},
    }
    (told,) = case.problems(method="rlhf", stages=stages).values()
    assert told.endswith(f"Resume it, or name one of its checkpoints, e.g. {scorer.id}@4.")
    stages["ppo"]["reward_model"] = f"{scorer.id}@4"
    assert case.problems(method="rlhf", stages=stages) == {}


def test_what_a_run_waits_for_is_started_ahead_once_for_many_pages(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Home, str]] = []
    is_asked = threading.Event()

    def prepare(_launcher: LocalLauncher, home: Home, device: str) -> None:
        asked.append((home, device))
        is_asked.set()

    monkeypatch.setattr(LocalLauncher, "prepare", prepare)
    for _ in range(3):
        case.launching.prepare()
    assert is_asked.wait(10)
    assert asked == [(case.home, devices()[0])]
