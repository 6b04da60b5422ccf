"""Whether the numbers of a config.json are numbers, and those that its weights have.

Names differ from one architecture to the next; only what is named is looked at. The rest is compared by the loader itself,
in a short process (rlft_gui.training.models.shapes).
"""

import re
from collections.abc import Sequence
from typing import Any

from rlft_gui.services.models.weights_files import Tensor

CONTEXT = ("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "n_ctx")
VOCABULARY = ("vocab_size",)
_EMBEDDING_WIDTH = ("word_embed_proj_dim", "embedding_size", "hidden_size", "n_embd", "d_model")
LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
_OTHERS = ("num_attention_heads", "n_head", "n_heads", "num_key_value_heads", "intermediate_size", "head_dim")
_COUNTS = (*CONTEXT, *VOCABULARY, *_EMBEDDING_WIDTH, *LAYERS, *_OTHERS)
_EMBEDDING = re.compile(r"(^|\.)(embed_tokens|wte|word_embeddings|embed_in|tokens_embed|embeddings)\.weight$")
LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks)\.(\d{1,6})\.")
_MOSTLAYERS = 2_000


def numbers_problem(config: dict[str, Any]) -> str | None:
    """A text or a number below 1 where a count belongs; words that follow the model's name."""
    for name in _COUNTS:
        value = config.get(name)
        if value is None or isinstance(value, list):  # some architectures have one for each layer
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            return f"says {name} {str(value)[:60]!r} in config.json, which is no whole number above 0; copy the model again"
    if (layers := first(config, LAYERS)) is not None and layers > _MOSTLAYERS:
        return f"says {layers:,} layers in config.json, which is no model's; copy the model again"
    return None


def shapes_problem(config: dict[str, Any], tensors: dict[str, Tensor]) -> str | None:
    """Where weights contradict the config, as far as their names are the usual ones; words that follow the name."""
    found = [tensor for name, tensor in tensors.items() if _EMBEDDING.search(name) and len(tensor.shape) == 2]
    if len(found) == 1:
        rows, width = found[0].shape
        for names, held, what in ((VOCABULARY, rows, "tokens"), (_EMBEDDING_WIDTH, width, "wide")):
            if (said := first(config, names)) is not None and said != held:
                return (
                    f"has an embedding of {held:,} {what} and a config.json that says {said:,}; config and weights belong "
                    "to two models"
                )
    held = 1 + max((int(at[1]) for name in tensors if (at := LAYER.search(name))), default=-1)
    said = first(config, LAYERS)
    if held and said is not None and held < said:
        return f"has weights of {held:,} layers and a config.json that says {said:,}; config and weights belong to two models"
    return None


def first(config: dict[str, Any], names: Sequence[str]) -> int | None:
    """The first of these that is a number."""
    return next((config[name] for name in names if isinstance(config.get(name), int)), None)
