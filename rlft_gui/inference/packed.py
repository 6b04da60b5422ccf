"""Linear layers on a CPU, with their weights laid out once for the few rows of one token.

An ordinary product reads its weights anew in the order in which they lie, and with 4 or 8 rows takes twice as long as with
one. oneDNN lays weights out in blocks that its products read straight through: 8 rows then cost hardly more than one, and
a row's sum hardly ever depends on how many rows there are (row_counts.py finds out). It is the layout that torch's own
compiler chooses for frozen weights; a layer keeps no second copy of them.
"""

import logging
import platform
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

_TOLERANCE = 1e-3  #: of the largest logit; rounding stays below 1e-5
_ROWS = 8  #: what the layout is made for; it holds for any number


class PackedProduct:
    """What a linear layer computes: x (…, in) to (…, out), float32, on the CPU."""

    def __init__(self, weight: "torch.Tensor", bias: "torch.Tensor | None") -> None:
        """`weight` has the shape (out, in), `bias` (out,)."""
        import torch

        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.detach(), _ROWS)
        self._bias = None if bias is None else bias.detach()

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        import torch

        out: torch.Tensor = torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "none", [], "")
        return out


def can_pack(model: Any) -> bool:
    """Whether these products exist for the model here; elsewhere it keeps its own."""
    import torch

    is_plain = model.device.type == "cpu" and model.dtype == torch.float32
    return is_plain and torch.backends.mkldnn.is_available() and platform.machine() in ("x86_64", "AMD64")


def pack(model: Any) -> bool:
    """Have every linear layer of the model compute so. Their weights can no longer be read or trained.

    Returns whether the model still computes what it did. One that reads a layer's weights by itself does not, and must
    be loaded anew.
    """
    import torch

    before = _logits(model)
    _pack_layers(model)
    try:
        after = _logits(model)
    except Exception:
        logger.exception("A %s cannot have its layers packed", type(model).__name__)
        return False
    return torch.allclose(before, after, rtol=0, atol=_TOLERANCE * float(before.abs().max()))


def _logits(model: Any) -> "torch.Tensor":
    """Of two tokens, shape (1, 2, vocabulary)."""
    import torch

    with torch.no_grad():
        logits: torch.Tensor = model(input_ids=torch.tensor([[0, 1]]), use_cache=False).logits
    return logits


def _pack_layers(model: Any) -> None:
    from torch import nn
    from transformers.pytorch_utils import Conv1D

    for layer in model.modules():
        if type(layer) not in (nn.Linear, Conv1D):
            continue
        weight = layer.weight if type(layer) is nn.Linear else layer.weight.t().contiguous()
        layer.forward = PackedProduct(weight, layer.bias)
        layer.weight = nn.Parameter(layer.weight.new_empty(0), requires_grad=False)
