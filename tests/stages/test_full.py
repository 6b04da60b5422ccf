"""Full fine-tuning: what a checkpoint holds, what a run continues, and what it is measured against."""

import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.services.models.service import Models
from rlft_gui.stages import stage
from rlft_gui.training.models import checkpoints
from tests.stages.attempts import (
    attempt,
    attempt_in_fresh_process,
    comparable,
    difference,
    joined,
    recipe,
    small_dataset,
    weights,
)

pytestmark = pytest.mark.slow

SFT, DPO = stage("sft"), stage("dpo")


@pytest.fixture(scope="module")
def demonstrations(home: Home) -> str:
    return small_dataset(home, DataType.DEMONSTRATIONS)


@pytest.fixture(scope="module")
def preferences(home: Home) -> str:
    return small_dataset(home, DataType.PREFERENCES)


@pytest.fixture(scope="module")
def warm(home: Home, demonstrations: str) -> str:
    """A full SFT run that is far from the base."""
    asked = recipe(SFT, "warm", demonstrations, tuning="full", max_steps=6, learning_rate=2e-3)
    told = attempt(home, asked)
    assert told.curves["probe/kl/seq"][0] == 0
    assert told.curves["probe/kl/seq"][6] > 0.05
    assert told.facts["tuning"] == "full, from the base"
    assert told.facts["kept beside it"] == "the base for the probe"
    assert "adapter" not in told.facts
    return "warm"


def test_every_weight_is_trained(home: Home, warm: str) -> None:
    from safetensors.torch import load_file

    base = load_file(assets_dir() / "lantern" / "model.safetensors")
    trained = {name.partition(" ")[2]: value for name, value in weights(home, warm).items()}
    assert trained.keys() == base.keys()
    # Rows of tokens that never occur stay, but no tensor stays as a whole.
    assert all((trained[name] != base[name].float()).any() for name in base)


def test_a_checkpoint_is_a_whole_model_and_can_be_a_base(
    home: Home, warm: str, demonstrations: str, tmp_path: Path
) -> None:
    path = checkpoints.resolve(home.run(warm), None)
    names = {child.name for child in path.iterdir()}
    assert {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json"} <= names
    assert not names & {"training_args.bin", "README.md", "adapter_model.safetensors"}
    assert checkpoints.marker(home.run(warm), 6).kind == "full"
    base = shutil.copytree(path, tmp_path / "base")
    assert Models(home).check(str(base)) is None
    told = attempt(home, recipe(SFT, "upon", demonstrations, base=str(base), max_steps=1))
    assert told.curves["probe/kl/seq"][0] == 0


def test_a_run_that_continues_starts_from_the_parents_weights_and_is_compared_with_them(
    home: Home, preferences: str, warm: str
) -> None:
    asked = recipe(
        DPO, "still", preferences, parent=warm, tuning="full", max_steps=1, learning_rate=1e-8, warmup=0
    )
    told = attempt(home, asked)
    before, after = weights(home, warm), weights(home, "still")
    assert all((after[name] - before[name]).abs().max() < 1e-7 for name in before)
    assert told.curves["loss"][1] == pytest.approx(math.log(2), abs=1e-6)
    assert told.curves["pref/margin"][1] == 0.0
    # The reference is the parent's model, the probe's zero the pipeline's base.
    assert told.curves["probe/kl/seq"][0] > 0.05
    assert told.facts["reference"] == "the model of warm@6, frozen"
    assert told.facts["kept beside it"] == "the reference and the base for the probe"
    assert told.facts["tuning"] == "full, continues warm@6"


def test_the_reference_stays_frozen(home: Home, preferences: str) -> None:
    """After some steps the margin is the distance from the start, which it would not be from a moving reference."""
    asked = recipe(DPO, "moves", preferences, tuning="full", max_steps=4, learning_rate=1e-3, warmup=0)
    told = attempt(home, asked)
    assert told.curves["pref/margin"][1] == 0.0
    assert abs(told.curves["pref/margin"][4]) > 0.01
    assert told.facts["kept beside it"] == "the base for the probe"  # one model serves as both


def test_resuming_over_a_full_parent_is_exact(home: Home, preferences: str, warm: str) -> None:
    settings: dict[str, Any] = {"tuning": "full", "learning_rate": 1e-4, "probe_every": 4}
    straight = attempt(home, recipe(DPO, "over-straight", preferences, parent=warm, **settings))
    broken = recipe(DPO, "over-broken", preferences, parent=warm, **settings)
    stopped = attempt(home, broken, stop_after=2)
    resumed = attempt_in_fresh_process(home, broken)
    assert difference(home, "over-straight", "over-broken") == 0.0
    assert joined(stopped, resumed) == comparable(straight)


def test_neither_kind_is_continued_as_the_other(home: Home, demonstrations: str, warm: str) -> None:
    with pytest.raises(InvalidInput, match=r"Run warm trained the whole model, .* Set tuning to full"):
        attempt(home, recipe(SFT, "mixed", demonstrations, parent=warm, max_steps=1))
    attempt(home, recipe(SFT, "lora", demonstrations, max_steps=1))
    with pytest.raises(InvalidInput, match=r"Run lora trained a LoRA adapter, .* Set tuning to lora"):
        attempt(home, recipe(SFT, "mixed-too", demonstrations, parent="lora", tuning="full", max_steps=1))


def test_a_changed_base_is_refused(home: Home, demonstrations: str, tmp_path: Path) -> None:
    base = Path(shutil.copytree(assets_dir() / "lantern", tmp_path / "base"))
    asked = recipe(SFT, "left", demonstrations, base=str(base), tuning="full", max_steps=4)
    attempt(home, asked, stop_after=1)
    config = base / "config.json"
    config.write_text(config.read_text().replace("1e-06", "1e-05").replace("1e-05", "1e-04") + "\n")
    with pytest.raises(InvalidInput, match=r"Run left was trained on the base model .* Its distance from"):
        attempt(home, asked, number=2)
