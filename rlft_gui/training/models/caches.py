"""Put the key-value caches of prompts that were read one by one together, as rows of one cache."""

from collections.abc import Sequence
from typing import Any


def can_join(cache: Any) -> bool:
    """Whether it holds nothing but keys and values, rows first; a recurrent model's states are left alone."""
    from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

    layers = getattr(cache, "layers", [])
    return bool(layers) and all(type(layer) in (DynamicLayer, DynamicSlidingWindowLayer) for layer in layers)


def join(caches: Sequence[Any]) -> Any:
    """One cache with a row for each of these, of prompts of one length; the first is changed into it."""
    import torch

    for index, layer in enumerate(caches[0].layers):
        if not layer.is_initialized:  # it shares another layer's keys and values
            continue
        keys = torch.cat([cache.layers[index].keys for cache in caches])
        layer.values = torch.cat([cache.layers[index].values for cache in caches])
        layer.keys = keys
    return caches[0]
