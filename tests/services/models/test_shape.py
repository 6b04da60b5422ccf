"""A model's shape from its files, and none where its config speaks another language."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.resources import assets_dir
from rlft_gui.services.models.shape import read_shape

LANTERN = assets_dir() / "lantern"


def test_lantern_has_four_layers_of_seven_linear_ones() -> None:
    shape = read_shape(LANTERN, "Lantern")
    assert shape is not None
    assert (shape.layers, shape.width, shape.inner, shape.queries, shape.keys) == (4, 144, 432, 144, 144)
    assert (shape.linears, shape.linears_attention) == (28, 16)
    assert shape.adapted_attention == 16 * (144 + 144)
    assert shape.adapted == shape.adapted_attention + 12 * (144 + 432)
    assert shape.parameters == 1_250_640
    assert shape.stored == (LANTERN / "model.safetensors").stat().st_size


def configured(folder: Path, **changes: Any) -> Path:
    shutil.copytree(LANTERN, folder)
    config = json.loads((LANTERN / "config.json").read_text()) | changes
    kept = {name: value for name, value in config.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(kept))
    return folder


@pytest.mark.parametrize("left_out", ["hidden_size", "num_hidden_layers", "num_attention_heads"])
def test_a_config_without_usual_names_gives_none(tmp_path: Path, left_out: str) -> None:
    assert read_shape(configured(tmp_path / "m", **{left_out: None}), "m") is None


def test_experts_count_as_far_as_a_token_goes_through_them(tmp_path: Path) -> None:
    shape = read_shape(configured(tmp_path / "m", num_experts_per_tok=2, moe_intermediate_size=100), "m")
    assert shape is not None
    assert shape.inner == 200


def test_heads_that_share_keys_and_a_usual_width_within(tmp_path: Path) -> None:
    shape = read_shape(configured(tmp_path / "m", num_key_value_heads=1, intermediate_size=None), "m")
    assert shape is not None
    assert (shape.keys, shape.inner) == (36, 4 * 144)
