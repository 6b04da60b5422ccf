"""Supervised fine-tuning: what holds beyond the contract, and what every stage inherits from its ground."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.data.store import store
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import Diverged, InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.stages import stage
from rlft_gui.storage import open_storage
from rlft_gui.training.models import checkpoints
from tests.stages.attempts import attempt, comparable, difference, recipe, small_dataset, weights

pytestmark = pytest.mark.slow

SFT = stage("sft")


@pytest.fixture(scope="module")
def data(home: Home) -> str:
    return small_dataset(home, DataType.DEMONSTRATIONS)


def test_probing_never_changes_the_run(home: Home, data: str) -> None:
    shared: dict[str, Any] = {"max_steps": 4, "lora_dropout": 0.3}
    often = attempt(home, recipe(SFT, "often", data, probe_every=1, probe_prompts=16, **shared))
    rarely = attempt(home, recipe(SFT, "rarely", data, probe_every=100, **shared))
    assert set(often.curves["probe/gold"]) > set(rarely.curves["probe/gold"])
    assert often.curves["loss"] == rarely.curves["loss"]
    assert difference(home, "often", "rarely") == 0.0


def test_on_own_data_its_held_out_prompts_are_answered_beside_the_suite_which_stays_the_same(
    home: Home, data: str
) -> None:
    shared: dict[str, Any] = {"max_steps": 1, "eval_share": 0.3, "probe_every": 100}
    own = attempt(home, recipe(SFT, "own-data", data, **shared))
    built_in = attempt(home, recipe(SFT, "built-in", "lantern:demonstrations", **shared))

    beside = [(step, scores) for step, _, kind, *_, scores in own.samples if kind == "held out"]
    asked = len(beside) // 2
    assert asked > 4, "all that was answered is kept"
    assert beside == [(0, {})] * asked + [(1, {})] * asked
    assert not [kind for _, _, kind, *_ in built_in.samples if kind == "held out"]
    at_start = [one for one in own.samples if one[0] == 0 and one[2] != "held out"]
    assert at_start == [one for one in built_in.samples if one[0] == 0]
    assert own.curves["probe/gold"][0] == built_in.curves["probe/gold"][0]


def test_two_runs_with_one_seed_are_the_same_and_another_seed_differs(home: Home, data: str) -> None:
    first = attempt(home, recipe(SFT, "first", data, max_steps=2))
    again = attempt(home, recipe(SFT, "again", data, max_steps=2))
    assert comparable(first) == comparable(again)
    other = recipe(SFT, "other", data, max_steps=2).model_copy(update={"seed": 8})
    assert attempt(home, other).curves["loss"] != first.curves["loss"]


def test_a_stop_at_the_end_of_an_epoch_is_exact_with_gradient_accumulation(home: Home, data: str) -> None:
    shared: dict[str, Any] = {"epochs": 2, "eval_share": 0, "gradient_accumulation": 2, "probe_every": 100}
    straight = attempt(home, recipe(SFT, "straight", data, **shared))
    broken = recipe(SFT, "broken", data, **shared)
    assert straight.total_steps == 6
    assert attempt(home, broken, stop_after=2).checkpoints == [3]  # of 3 in the epoch
    resumed = attempt(home, broken, number=2)
    assert resumed.curves["loss"] == {step: straight.curves["loss"][step] for step in (4, 5, 6)}
    assert resumed.curves["tokens"][6] == straight.curves["tokens"][6]
    assert difference(home, "straight", "broken") == 0.0


def test_resuming_a_finished_run_adds_no_step(home: Home, data: str) -> None:
    done = recipe(SFT, "done", data, max_steps=3)
    attempt(home, done)
    before = weights(home, "done")
    again = attempt(home, done, number=2)
    assert "loss" not in again.curves
    assert {step for curve in again.curves.values() for step in curve} == {3}, "its last probe may be missing"
    assert again.total_steps == 3
    assert all((before[name] == value).all() for name, value in weights(home, "done").items())


def test_a_torn_checkpoint_is_never_used(home: Home, data: str) -> None:
    torn = recipe(SFT, "torn", data, max_steps=6, checkpoint_every=2)
    attempt(home, torn, stop_after=3)
    assert checkpoints.complete_steps(home.run("torn")) == [2, 4]
    newest = home.run("torn").checkpoint(4)
    (newest / checkpoints.MARKER).unlink()
    (newest / "optimizer.pt").write_bytes(b"half of")
    resumed = attempt(home, torn, number=2)
    assert resumed.resumed_from == 2
    assert min(resumed.curves["loss"]) == 3
    assert resumed.checkpoints == [4, 6]


def test_a_damaged_checkpoint_is_told_and_the_one_before_is_gone_on_from(home: Home, data: str) -> None:
    harmed = recipe(SFT, "harmed", data, max_steps=6, checkpoint_every=2)
    attempt(home, harmed, stop_after=3)
    optimizer = home.run("harmed").checkpoint(4) / "optimizer.pt"
    whole = bytearray(optimizer.read_bytes())
    whole[len(whole) // 2] ^= 1
    optimizer.write_bytes(whole)
    resumed = attempt(home, harmed, number=2)
    assert (resumed.said[0], resumed.resumed_from) == ("resumed", 2)
    assert resumed.alarms == [
        (
            2,
            "damaged_checkpoint",
            "Checkpoint 4 is damaged: its file optimizer.pt is not what was written. The run goes on from step 2 instead.",
        )
    ]
    assert resumed.checkpoints == [4, 6]
    straight = attempt(home, recipe(SFT, "unharmed", data, max_steps=6, checkpoint_every=2))
    assert comparable(resumed)["loss"] == {step: straight.curves["loss"][step] for step in (3, 4, 5, 6)}
    assert difference(home, "harmed", "unharmed") == 0.0


def test_nothing_goes_on_from_damaged_checkpoints_only(home: Home, data: str) -> None:
    lost = recipe(SFT, "lost", data, max_steps=2, checkpoint_every=2)
    attempt(home, lost)
    (home.run("lost").checkpoint(2) / "adapter_model.safetensors").write_bytes(b"half of")
    with pytest.raises(NotFound, match="no sound checkpoint left"):
        attempt(home, lost, number=2)
    child = recipe(SFT, "child", data, parent="lost", max_steps=1)
    with pytest.raises(NotFound, match="Checkpoint lost@2 is damaged"):
        attempt(home, child)


def test_an_attempt_without_any_checkpoint_starts_over_and_says_so(home: Home, data: str) -> None:
    told = attempt(home, recipe(SFT, "anew", data, max_steps=1), number=2)
    assert told.said[0] == "resumed"
    assert told.resumed_from == -1
    assert set(told.curves["loss"]) == {1}


def test_a_checkpoint_holds_the_adapter_and_nothing_that_runs_code(home: Home, data: str) -> None:
    attempt(home, recipe(SFT, "files", data, max_steps=1))
    names = {path.name for path in home.run("files").checkpoint(1).iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "complete.json"} <= names
    assert not names & {"training_args.bin", "README.md", "ref", "model.safetensors"}
    config = json.loads((home.run("files").checkpoint(1) / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "lantern"


def test_old_checkpoints_go(home: Home, data: str) -> None:
    told = attempt(home, recipe(SFT, "rotated", data, max_steps=4, checkpoint_every=1, keep_checkpoints=2))
    assert told.checkpoints == [1, 2, 3, 4]
    assert checkpoints.complete_steps(home.run("rotated")) == [3, 4]


def test_a_loss_that_becomes_infinite_ends_the_run_with_one_sentence(
    home: Home, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trl import SFTTrainer

    honest = SFTTrainer.compute_loss

    def infinite_from_the_third_step(self: Any, *args: Any, **kwargs: Any) -> Any:
        loss = honest(self, *args, **kwargs)
        return loss * float("inf") if self.state.global_step >= 2 and self.model.training else loss

    monkeypatch.setattr(SFTTrainer, "compute_loss", infinite_from_the_third_step)
    told = recipe(SFT, "infinite", data, max_steps=6, checkpoint_every=1)
    with pytest.raises(Diverged, match=r"Loss became infinite at step 3\."):
        attempt(home, told)
    assert checkpoints.complete_steps(home.run("infinite")) == [1, 2]


def test_a_learning_rate_that_ruins_the_model_ends_the_run_although_its_loss_is_a_number(home: Home) -> None:
    ruinous: dict[str, Any] = {"learning_rate": 0.1, "warmup": 0, "schedule": "constant", "batch_size": 16}
    rhythm: dict[str, Any] = {
        "max_steps": 60,
        "probe_every": 100,
        "checkpoint_every": 2,
        "keep_checkpoints": 1,
    }
    told = recipe(SFT, "ruined", "lantern:demonstrations", **ruinous, **rhythm)
    with pytest.raises(
        Diverged, match=r"The loss began at 0\.\d+, rose at step 3 and has not come back"
    ) as found:
        attempt(home, told)
    assert "No checkpoint is from before that, and nothing was saved from step 25 on." in str(found.value)
    assert checkpoints.complete_steps(home.run("ruined")) == [24]


def test_a_changed_base_is_refused_on_resume(home: Home, data: str, tmp_path: Path) -> None:
    base = Path(shutil.copytree(assets_dir() / "lantern", tmp_path / "base"))
    moved = recipe(SFT, "moved", data, base=str(base), max_steps=4)
    attempt(home, moved, stop_after=1)
    other = Path(shutil.copytree(base, tmp_path / "other"))
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "rms_norm_eps": 1e-4}))
    with pytest.raises(
        InvalidInput, match=r"Run moved was trained on the base model .* An adapter only fits"
    ):
        attempt(home, moved.model_copy(update={"base": str(other)}), number=2)


def test_other_models_are_probed_on_the_data_itself(home: Home, data: str, tmp_path: Path) -> None:
    base = Path(shutil.copytree(assets_dir() / "lantern", tmp_path / "base"))
    told = attempt(home, recipe(SFT, "own", data, base=str(base), max_steps=1, eval_share=0.3))
    assert "probe/gold" not in told.curves
    assert {"probe/kl/seq", "probe/length", "probe/truncated"} <= set(told.curves)
    assert {kind for _, _, kind, *_ in told.samples} == {"held out"}


def test_a_parent_without_a_checkpoint_is_a_sentence(home: Home, data: str) -> None:
    with pytest.raises(NotFound, match="Run nobody has no complete checkpoint yet"):
        attempt(home, recipe(SFT, "orphan", data, parent="nobody"))


def test_answers_that_were_marked_are_refused_for_imitation(tmp_path: Path) -> None:
    """SFT raises the likelihood of whatever is there; a row marked bad would be imitated like any other."""
    home = Home(tmp_path)
    answer = [{"role": "assistant", "content": "Roses are dead."}]
    rows = ({"prompt": [{"role": "user", "content": "A poem ?"}], "completion": answer, "label": False},)
    detection = Detection(
        name="marked", type=DataType.THUMBS, format="test", rows_read=1, rows=KeptRows(rows), dropped=0
    )
    info = store(home, detection, owner="local")
    storage = open_storage(home)
    storage.datasets.put(info)
    datasets = Datasets(home, storage)
    told = datasets.check_use(info.id, SFT.data)
    assert told is not None
    assert "holds thumbs, but this stage learns from demonstrations" in told
    assert datasets.check_use(info.id, stage("kto").data) is None
    storage.close()
