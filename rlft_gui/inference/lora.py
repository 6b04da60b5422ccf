"""Plain LoRA adapters, read from a checkpoint without PEFT, whose import alone takes seconds.

Plain is an adapter that adds B(Ax) · alpha / rank to the outputs of linear layers (Hu et al. 2021) and does nothing
else: every adapter that the stages make. What else PEFT knows (DoRA, whole modules, embeddings, shapes by pattern, …) is
found out by `peculiarity` and left to PEFT (by_peft.py).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.inference.found import Found
from rlft_gui.training.models.adapters import WEIGHTS

if TYPE_CHECKING:
    import torch

CONFIG = "adapter_config.json"
_PREFIX, _A, _B = "base_model.model.", ".lora_A.weight", ".lora_B.weight"

#: Settings that say how an adapter was made or where it is from, or that are read here.
_HARMLESS = frozenset(
    {
        "auto_mapping",
        "base_model_name_or_path",
        "ensure_weight_tying",
        "fan_in_fan_out",  # of the base's weights, which are used as they are
        "inference_mode",
        "lora_alpha",
        "lora_dropout",  # in training alone
        "megatron_core",
        "peft_type",
        "peft_version",
        "qalora_group_size",
        "r",
        "revision",
        "target_modules",
        "task_type",
        "use_rslora",
    }
)
#: Others are fine where they say nothing; these, where they say this.
_USUAL: dict[str, Any] = {"bias": "none", "init_lora_weights": True}
_CALLED = {"use_dora": "DoRA", "modules_to_save": "whole modules in place of the base's (modules_to_save)"}


@dataclass(frozen=True)
class LowRank:
    """What an adapter adds to a layer: `b` · (`a` · x), with `a` (rank, in) and `b` (out, rank), already scaled."""

    a: "torch.Tensor"
    b: "torch.Tensor"


def peculiarity(found: Found) -> str | None:
    """What this adapter does beside or instead of plain LoRA, in a few words; None if it is plain.

    Raises:
        NotFound: it has no weights.
        InvalidInput: its weights cannot be read.
    """
    config = _config(found)
    for name, value in config.items():
        if name not in _HARMLESS and value and value != _USUAL.get(name):
            return _CALLED.get(name, f"{name} = {value}")
    if not isinstance(config.get("target_modules"), list):
        return "layers chosen by a pattern"
    odd = next((name for name in weight_names(found) if not name.endswith((_A, _B))), None)
    return None if odd is None else f"{odd.removeprefix(_PREFIX)}, which is no part of plain LoRA"


def weight_names(found: Found) -> tuple[str, ...]:
    """The names of an adapter's weights.

    Raises: as `peculiarity`.
    """
    from safetensors import SafetensorError, safe_open

    path = found.path / WEIGHTS
    if not path.is_file():
        raise NotFound(f"Checkpoint {found.id} has no {WEIGHTS}. Use another checkpoint of this run.")
    try:
        with safe_open(path, framework="numpy") as weights:
            return tuple(weights.keys())
    except SafetensorError as error:
        raise InvalidInput(
            f"The weights of checkpoint {found.id} cannot be read: {error}. Use another."
        ) from error


def read(found: Found, layers: Mapping[str, tuple[int, int]]) -> Mapping[str, LowRank]:
    """A plain adapter's part for each layer that it changes.

    Args:
        layers: width of input and output of each of the base's linear layers, by its name.

    Raises:
        InvalidInput: it does not fit a base with these layers.
    """
    from safetensors.torch import load_file

    config, weights = _config(found), load_file(found.path / WEIGHTS)
    targets = tuple(config["target_modules"])
    targeted = [name for name in layers if name in targets or name.endswith(tuple(f".{t}" for t in targets))]
    expected = {f"{_PREFIX}{name}{end}" for name in targeted for end in (_A, _B)}
    missing, unknown = expected - weights.keys(), weights.keys() - expected
    if missing or unknown:
        raise does_not_fit(found, f"{len(missing)} weights are missing and {len(unknown)} are unknown")
    parts = {name: (weights[f"{_PREFIX}{name}{_A}"], weights[f"{_PREFIX}{name}{_B}"]) for name in targeted}
    for name, (a, b) in parts.items():
        if a.shape != (len(a), layers[name][0]) or b.shape != (layers[name][1], len(a)):
            raise does_not_fit(found, f"its weights for {name} are {tuple(b.shape)} times {tuple(a.shape)}")
    return {name: _scaled(a, b, config) for name, (a, b) in parts.items()}


def does_not_fit(found: Found, how: str) -> InvalidInput:
    return InvalidInput(
        f"The adapter of checkpoint {found.id} does not fit its base: {how}. Use another checkpoint."
    )


def _scaled(a: "torch.Tensor", b: "torch.Tensor", config: Mapping[str, Any]) -> LowRank:
    """By alpha / rank, or with rsLoRA by alpha / √rank (Kalajdzievski 2023); in float32 at least, as PEFT computes."""
    import torch

    rank = len(a)
    scale = config["lora_alpha"] / (rank**0.5 if config.get("use_rslora") else rank)
    dtype = torch.promote_types(a.dtype, torch.float32)
    return LowRank(a.to(dtype), b.to(dtype) * scale)


def _config(found: Found) -> dict[str, Any]:
    try:
        config = json.loads((found.path / CONFIG).read_text())
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The {CONFIG} of checkpoint {found.id} cannot be read: {error}. Use another."
        ) from error
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        raise InvalidInput(f"Checkpoint {found.id} holds no LoRA adapter. Use another checkpoint.")
    return config
