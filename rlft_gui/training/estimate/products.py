"""How fast this machine multiplies matrices of a model's widths: a second of products, in a short process.

python -m rlft_gui.training.estimate.products, see services.short_work
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
        request: {"width", "inner": of the model's layers, "threads": to compute with}.

    Returns:
        {"wide", "thin"}: with many rows, and with few.
    """
    import torch

    torch.set_num_threads(int(request["threads"]))
    weights = torch.randn(int(request["inner"]), int(request["width"]))
    return {"wide": _operations(weights, _WIDE), "thin": _operations(weights, _THIN)}


def _operations(weights: Any, rows: int) -> float:
    """The fastest product counts: others may use the machine too."""
    import torch

    x = torch.randn(rows, weights.shape[1])
    torch.nn.functional.linear(x, weights)  # warms up
    best, count, until = float("inf"), 0, time.perf_counter() + _SECONDS
    while count < _LEAST or time.perf_counter() < until:
        began = time.perf_counter()
        torch.nn.functional.linear(x, weights)
        best = min(best, time.perf_counter() - began)
        count += 1
    return float(2 * rows * weights.numel() / best)


if __name__ == "__main__":
    answer(measured)
