"""Reading adapters without PEFT: what they add to a layer, and which are left to PEFT."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.inference.found import Found
from rlft_gui.inference.lora import peculiarity, read
from rlft_gui.training.models.checkpoints import CheckpointMarker

LAYERS = {"model.q_proj": (3, 4), "model.v_proj": (3, 2), "lm_head": (3, 9)}
PLAIN = {"peft_type": "LORA", "r": 2, "lora_alpha": 6, "target_modules": ["q_proj"], "bias": "none"}


def checkpoint(path: Path, weights: dict[str, Any], **config: Any) -> Found:
    """An adapter with these weights, named without their prefix."""
    from safetensors.torch import save_file

    save_file(
        {f"base_model.model.{name}": one for name, one in weights.items()}, path / "adapter_model.safetensors"
    )
    (path / "adapter_config.json").write_text(json.dumps(PLAIN | config))
    marker = CheckpointMarker(step=3, stage="sft", base="b", base_hash="h", kind="adapter")
    return Found("run", path, marker, "fingerprint")


def weights(*layers: str, rank: int = 2) -> dict[str, Any]:
    import torch

    sizes = [(name, LAYERS[name]) for name in layers]
    a = {f"{name}.lora_A.weight": torch.ones(rank, width) for name, (width, _) in sizes}
    b = {f"{name}.lora_B.weight": torch.full((out, rank), 2.0) for name, (_, out) in sizes}
    return a | b


def test_a_part_is_scaled_by_alpha_over_rank(tmp_path: Path) -> None:
    import torch

    [(name, part)] = read(checkpoint(tmp_path, weights("model.q_proj")), LAYERS).items()
    assert name == "model.q_proj"
    assert torch.equal(part.a, torch.ones(2, 3))
    assert torch.equal(part.b, torch.full((4, 2), 2.0 * 6 / 2))


def test_rs_lora_is_scaled_by_alpha_over_the_root_of_the_rank(tmp_path: Path) -> None:
    found = checkpoint(tmp_path, weights("model.q_proj", rank=4), use_rslora=True)
    assert float(read(found, LAYERS)["model.q_proj"].b[0, 0]) == 2.0 * 6 / 4**0.5


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, None),
        ({"lora_dropout": 0.1, "rank_pattern": {}, "layer_replication": None}, None),
        ({"use_dora": True}, "DoRA"),
        ({"modules_to_save": ["lm_head"]}, "whole modules in place of the base's (modules_to_save)"),
        ({"rank_pattern": {"q_proj": 4}}, "rank_pattern = {'q_proj': 4}"),
        ({"bias": "lora_only"}, "bias = lora_only"),
        ({"init_lora_weights": "pissa"}, "init_lora_weights = pissa"),
        ({"a_setting_of_tomorrow": True}, "a_setting_of_tomorrow = True"),
        ({"target_modules": ".*q_proj"}, "layers chosen by a pattern"),
    ],
)
def test_what_is_no_plain_lora_is_named(tmp_path: Path, config: dict[str, Any], told: str | None) -> None:
    assert peculiarity(checkpoint(tmp_path, weights("model.q_proj"), **config)) == told


def test_a_weight_that_is_no_factor_of_a_layer_is_named(tmp_path: Path) -> None:
    import torch

    found = checkpoint(tmp_path, weights("model.q_proj") | {"lm_head.weight": torch.ones(9, 3)})
    assert peculiarity(found) == "lm_head.weight, which is no part of plain LoRA"


def test_an_adapter_that_does_not_fit_its_base_is_refused(tmp_path: Path) -> None:
    import torch

    half = weights("model.q_proj", "lm_head")
    del half["model.q_proj.lora_B.weight"]
    with pytest.raises(
        InvalidInput, match="run@3 does not fit its base: 1 weights are missing and 2 are unknown"
    ):
        read(checkpoint(tmp_path, half), LAYERS)
    narrow = weights("model.q_proj") | {"model.q_proj.lora_A.weight": torch.ones(2, 5)}
    with pytest.raises(InvalidInput, match=r"its weights for model.q_proj are \(4, 2\) times \(2, 5\)"):
        read(checkpoint(tmp_path, narrow), LAYERS)


def test_what_is_no_lora_adapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no LoRA adapter"):
        peculiarity(checkpoint(tmp_path, weights("model.q_proj"), peft_type="IA3"))
