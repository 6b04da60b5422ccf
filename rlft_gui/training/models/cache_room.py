"""How many answers may be drawn at once: as many as leave room for their keys and values."""

from typing import Any

SHARE_OF_ALL = 8  #: the part of the machine's memory that a cache may take, as a divisor


def rows_at_once(model: Any, tokens: int) -> int:
    """Rows of so many tokens whose cache fits into an eighth of the memory that the model's device has, 1 at least.

    Of all memory, not of the free: how many are drawn at once must be the same when a run goes on. A token's cache has
    2 × layers × key-value heads × width of a head numbers of the model's precision.
    """
    config = model.config.get_text_config()
    heads = config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // heads
    kept_heads = getattr(config, "num_key_value_heads", None) or heads
    numbers = 2 * config.num_hidden_layers * kept_heads * width
    return max(1, _memory(model.device) // SHARE_OF_ALL // (numbers * model.dtype.itemsize * tokens))


def _memory(device: Any) -> int:
    """Bytes, all together."""
    import psutil
    import torch

    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    return int(psutil.virtual_memory().total)
