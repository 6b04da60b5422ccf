"""OPT-350m gives out narrower hidden states than its layers have: 512 of 1,024. Heads must fit what comes out."""

import json
import shutil
from pathlib import Path

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.stages import stage
from tests.stages.attempts import attempt, recipe, small_dataset, weights

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """OPT-350m's shape with about half a million random weights, and Lantern's tokenizer."""
    import torch
    from transformers import OPTConfig, OPTForCausalLM

    folder = Path(shutil.copytree(assets_dir() / "lantern", tmp_path_factory.mktemp("base") / "opt"))
    config = OPTConfig(
        vocab_size=json.loads((folder / "config.json").read_bytes())["vocab_size"],
        hidden_size=128,
        word_embed_proj_dim=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        ffn_dim=256,
        do_layer_norm_before=False,
        max_position_embeddings=512,
    )
    torch.manual_seed(0)
    OPTForCausalLM(config).save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_a_reward_model_and_then_ppo_train_on_the_shape_of_opt_350m(
    home: Home, base: str, tuning: str
) -> None:
    pairs, prompts = small_dataset(home, DataType.PREFERENCES), small_dataset(home, DataType.DEMONSTRATIONS)
    shared = {"base": base, "tuning": tuning}
    attempt(home, recipe(stage("reward_model"), f"rm-{tuning}", pairs, max_steps=2, **shared))
    head = next(tensor for name, tensor in weights(home, f"rm-{tuning}").items() if "score.weight" in name)
    assert tuple(head.shape) == (1, 64)
    told = attempt(
        home,
        recipe(
            stage("ppo"),
            f"ppo-{tuning}",
            prompts,
            reward_model=f"rm-{tuning}",
            steps=2,
            rollouts=8,
            max_new_tokens=8,
            **shared,
        ),
    )
    assert told.checkpoints[-1] == 2
    assert set(told.curves["reward/mean"]) == {1, 2}
