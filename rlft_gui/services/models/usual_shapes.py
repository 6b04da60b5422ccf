"""The weights that most models have, those built as Llama is: told at once, where the loader's own comparison takes seconds."""

import re
from collections.abc import Mapping
from typing import Any

from rlft_gui.services.models.weights_files import Tensor

#: Model types whose layers are all alike and whose numbers stand under these names in config.json.
_USUAL = ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2")
_TIED_UNLESS_SAID = ("gemma", "gemma2")
_LAYER = re.compile(r"^model\.layers\.(\d+)\.(.+)$")


def usual_problem(config: dict[str, Any], tensors: Mapping[str, Tensor]) -> str | None:
    """Where weights contradict the config; words that follow the model's name. None too for all other kinds."""
    numbers = _numbers(config)
    is_usual = config.get("model_type") in _USUAL and any(_LAYER.match(name) for name in tensors)
    if not is_usual or numbers is None:
        return None
    asked = _asked(config, numbers)
    for name, tensor in tensors.items():
        at = _LAYER.match(name)
        shape = asked.get(at[2] if at else name)
        if shape is not None and tensor.shape != shape:
            return (
                f"has {name} of shape {tensor.shape} and a config.json that asks for {shape}; config and weights belong "
                "to two models"
            )
    missing = [name for name in _needed(config, numbers, asked) if name not in tensors]
    if missing:
        more = f" and {len(missing) - 1:,} other weights" if len(missing) > 1 else ""
        return f"lacks {missing[0]}{more}, which its config.json asks for; copy the model again"
    return None


def _numbers(config: dict[str, Any]) -> dict[str, int] | None:
    names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    found = {name: config[name] for name in names if isinstance(config.get(name), int)}
    return found if len(found) == len(names) else None


def _asked(config: dict[str, Any], numbers: dict[str, int]) -> dict[str, tuple[int, ...]]:
    hidden, inner, heads = (
        numbers[name] for name in ("hidden_size", "intermediate_size", "num_attention_heads")
    )
    embedding = (numbers["vocab_size"], hidden)
    found: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": embedding,
        "lm_head.weight": embedding,
        "model.norm.weight": (hidden,),
        "input_layernorm.weight": (hidden,),
        "post_attention_layernorm.weight": (hidden,),
        "mlp.gate_proj.weight": (inner, hidden),
        "mlp.up_proj.weight": (inner, hidden),
        "mlp.down_proj.weight": (hidden, inner),
    }
    # Where the width of a head is not said, the class may have its own (Gemma 256, Qwen3 128).
    width = config.get("head_dim") or (
        hidden // heads if config["model_type"] in ("llama", "mistral", "qwen2") else None
    )
    keys = config.get("num_key_value_heads") or (heads if config["model_type"] == "llama" else None)
    if isinstance(width, int) and isinstance(keys, int):
        found |= {
            "self_attn.q_proj.weight": (heads * width, hidden),
            "self_attn.k_proj.weight": (keys * width, hidden),
            "self_attn.v_proj.weight": (keys * width, hidden),
            "self_attn.o_proj.weight": (hidden, heads * width),
        }
    return found


def _needed(config: dict[str, Any], numbers: dict[str, int], asked: dict[str, tuple[int, ...]]) -> list[str]:
    is_tied = config.get("tie_word_embeddings", config["model_type"] in _TIED_UNLESS_SAID)
    whole = [
        name for name in asked if name.startswith("model.") or (name == "lm_head.weight" and not is_tied)
    ]
    parts = [name for name in asked if not name.startswith(("model.", "lm_head."))]
    return whole + [
        f"model.layers.{layer}.{part}" for layer in range(numbers["num_hidden_layers"]) for part in parts
    ]
