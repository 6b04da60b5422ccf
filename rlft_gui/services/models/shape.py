"""The shape of a base model, from its config.json and the headers of its weights: what memory is worked out from."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from rlft_gui.services.models.config_numbers import CONTEXT, LAYER, LAYERS, VOCABULARY, first
from rlft_gui.services.models.json_files import read_json
from rlft_gui.services.models.weights_files import Tensor, read_tensors
from rlft_gui.training.estimate.shape import ModelShape

_WIDTH = ("hidden_size", "n_embd", "d_model")
_INNER = ("intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size", "d_ff")
_HEADS = ("num_attention_heads", "n_head", "n_heads")
_KEY_HEADS = ("num_key_value_heads", "num_kv_heads")
_USUAL_INNER = 4  #: times the width, where a config does not say (GPT-2)


def read_shape(folder: Path, called: str) -> ModelShape | None:
    """None where the config does not say what is needed, as those of some architectures.

    Raises:
        InvalidInput: the folder holds no model that can be trained (services/models/folder.py).
    """
    files = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in folder.iterdir())
    return _read(folder, called, tuple(files))


@lru_cache(maxsize=32)
def _read(folder: Path, called: str, files: tuple[tuple[str, int, int], ...]) -> ModelShape | None:
    """Kept until a file changes, for screens ask often."""
    config, tensors = read_json(folder / "config.json", called), read_tensors(folder, called)
    width, layers, heads = (first(config, names) for names in (_WIDTH, LAYERS, _HEADS))
    vocabulary = first(config, VOCABULARY)
    if width is None or layers is None or heads is None or vocabulary is None:
        return None
    head = first(config, ("head_dim",)) or width // heads
    linears = _linears(tensors)
    attention = {name: tensor for name, tensor in linears.items() if "att" in name.split(".")[-3].lower()}
    return ModelShape(
        parameters=sum(tensor.numbers for tensor in tensors.values()),
        stored=sum(size for name, size, _ in files if name.endswith(".safetensors")),
        vocabulary=vocabulary,
        width=width,
        inner=_inner(config, width),
        layers=layers,
        queries=heads * head,
        keys=(first(config, _KEY_HEADS) or heads) * head,
        adapted=sum(map(_of_rank, linears.values())),
        adapted_attention=sum(map(_of_rank, attention.values())),
        linears=len(linears),
        linears_attention=len(attention),
        context=first(config, CONTEXT),
    )


def _linears(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Linear layers are what has two dimensions within a layer."""
    return {
        name: tensor
        for name, tensor in tensors.items()
        if LAYER.search(name) and name.endswith(".weight") and len(tensor.shape) == 2
    }


def _of_rank(tensor: Tensor) -> int:
    """Numbers of a LoRA of rank 1: a row for its input, a column for its output (Hu et al. 2021)."""
    return sum(tensor.shape)


def _inner(config: dict[str, Any], width: int) -> int:
    """For one token: where experts share the work, as wide as those that it goes through."""
    experts = first(config, ("num_experts_per_tok",))
    of_expert = first(config, ("moe_intermediate_size",))
    if experts is not None:
        return experts * (of_expert or first(config, _INNER) or _USUAL_INNER * width)
    return first(config, _INNER) or _USUAL_INNER * width
