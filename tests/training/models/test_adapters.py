"""Adapters: which layers they change, and which base they fit."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.models.adapters import new_adapter, parent_checkpoint
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete


def _checkpoint(home: Home, *, base_hash: str = "aaa", weights: bool = True, stage: str = "sft") -> Path:
    path = home.run("parent").checkpoint(3)
    path.mkdir(parents=True)
    if weights:
        (path / "adapter_model.safetensors").write_bytes(b"")
    marker = CheckpointMarker(step=3, stage=stage, base="lantern", base_hash=base_hash, kind="adapter")
    mark_complete(path, marker)
    return path


def test_a_damaged_parent_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (_checkpoint(home) / "adapter_model.safetensors").write_bytes(b"more")
    with pytest.raises(NotFound, match="Checkpoint parent@3 is damaged"):
        parent_checkpoint(home, ParentRef(run_id="parent"), "lantern", "aaa")


def test_a_parent_on_the_same_base_is_found(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = _checkpoint(home)
    found, marker = parent_checkpoint(home, ParentRef(run_id="parent"), "lantern", "aaa")
    assert (found, marker.step) == (path, 3)


def test_a_parent_on_another_base_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    _checkpoint(home)
    with pytest.raises(InvalidInput, match='Run parent was trained on the base model "lantern"'):
        parent_checkpoint(home, ParentRef(run_id="parent"), "lantern", "bbb")


def test_a_reward_model_neither_continues_nor_answers(tmp_path: Path) -> None:
    home = Home(tmp_path)
    _checkpoint(home, stage="reward_model")
    with pytest.raises(InvalidInput, match="trained a reward model, which scores answers and writes none"):
        parent_checkpoint(home, ParentRef(run_id="parent"), "lantern", "aaa")


def test_a_checkpoint_without_an_adapter_cannot_be_continued(tmp_path: Path) -> None:
    home = Home(tmp_path)
    _checkpoint(home, weights=False)
    with pytest.raises(NotFound, match=r"holds no adapter_model\.safetensors"):
        parent_checkpoint(home, ParentRef(run_id="parent", step=3), "lantern", "aaa")


@pytest.mark.slow
def test_attention_layers_are_found_by_architecture() -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    from rlft_gui.training.models.loading import load_base

    gpt2 = GPT2LMHeadModel(GPT2Config(vocab_size=50, n_positions=16, n_embd=8, n_layer=1, n_head=2))
    assert new_adapter(gpt2, 2, 4, "attention").target_modules == {"attn.c_attn", "attn.c_proj"}
    lantern, _ = load_base("lantern", "cpu")
    assert new_adapter(lantern, 2, 4, "attention").target_modules == {
        f"self_attn.{name}_proj" for name in "qkvo"
    }


@pytest.mark.slow
def test_a_model_without_attention_layers_is_a_sentence() -> None:
    import torch

    with pytest.raises(InvalidInput, match='Set lora_targets to "all-linear"'):
        new_adapter(torch.nn.Sequential(torch.nn.Linear(2, 2)), 2, 4, "attention")
