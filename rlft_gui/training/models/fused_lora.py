"""LoRA's product and its sum in one operation: W x + s B (A x) without writing s B (A x) down first.

PEFT computes the product, scales it and adds it, three passes over as many numbers as the layer's output has; on a
processor they are 12 % of a step of PPO. Here the last product adds into the layer's own (`addmm_`).
"""

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


def fuse(model: Any) -> None:
    """Let the plain LoRA layers of a PeftModel compute so, in place.

    A layer goes on as PEFT has it where there is more to do: with dropout, DoRA or another variant, several adapters
    at once or one for each row, a merged one, autocast, or an adapter of another precision than its base.
    """
    import torch
    from peft.tuners.lora.layer import Linear

    for layer in model.modules():
        if type(layer) is Linear and type(layer.base_layer) is torch.nn.Linear:
            layer.forward = partial(_forward, layer, layer.forward)


def _forward(layer: Any, by_peft: Any, x: "Tensor", *args: Any, **kwargs: Any) -> "Tensor":
    if args or kwargs or layer.disable_adapters or not _is_plain(layer, x):
        found: Tensor = by_peft(x, *args, **kwargs)
        return found
    (name,) = layer.active_adapters
    rows = x.reshape(-1, x.shape[-1])
    out = layer.base_layer(rows)
    out.addmm_(layer.lora_A[name](rows), layer.lora_B[name].weight.T, alpha=layer.scaling[name])
    summed: Tensor = out.view(*x.shape[:-1], out.shape[-1])
    return summed


def _is_plain(layer: Any, x: "Tensor") -> bool:
    import torch

    if layer.merged or len(layer.active_adapters) != 1:
        return False
    (name,) = layer.active_adapters
    if name not in layer.lora_A or name in layer.lora_variant or layer.lora_B[name].bias is not None:
        return False
    dropout = layer.lora_dropout[name]
    is_dropped = layer.training and getattr(dropout, "p", 0.0) > 0
    kinds = {x.dtype, layer.base_layer.weight.dtype, layer.lora_A[name].weight.dtype}
    return len(kinds) == 1 and not is_dropped and not torch.is_autocast_enabled(x.device.type)
