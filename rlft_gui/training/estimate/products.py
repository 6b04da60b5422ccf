"""How fast one core of this machine multiplies matrices of a model's widths: a second of products, in a short process.

    python -m rlft_gui.training.estimate.products, see services.short_work

Counted in the processor's time, not the clock's: whoever else is busy now need not be when the run is.
"""

import time
from typing import Any

from rlft_gui.answering import answer

_WIDE, _THIN = 512, 8  #: rows
_SECONDS = 0.4  #: for each
_LEAST = 3


def measured(request: dict[str, Any]) -> dict[str, float]:
    """Operations a second.

    Args:
        request: {"width", "inner": of the model's layers}.

    Returns:
        {"wide", "thin"}: with many rows, and with few.
    """
    import torch

    torch.set_num_threads(1)
    weights = torch.randn(int(request["inner"]), int(request["width"]))
    return {"wide": _operations(weights, _WIDE), "thin": _operations(weights, _THIN)}


def _operations(weights: Any, rows: int) -> float:
    from torch.nn.functional import linear

    x = weights.new_ones(rows, weights.shape[1])
    linear(x, weights)  # warms up
    count, began = 0, time.process_time()
    while count < _LEAST or time.process_time() - began < _SECONDS:
        linear(x, weights)
        count += 1
    return float(2 * rows * weights.numel() * count / (time.process_time() - began))


if __name__ == "__main__":
    answer(measured)
