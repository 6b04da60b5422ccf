"""Whether a model still computes numbers. A checkpoint of one that does not would be taken for a good one for ever."""

from typing import Any

from rlft_gui.training.models.observing import evaluating

_READ = 4  #: tokens; whatever they are, a sound model says something finite of them


def is_sound(model: Any) -> bool:
    """Whether its trained weights are finite, and what it says of a few tokens is.

    The second is asked because finite weights may be so large that every activation overflows; no loss has shown that
    yet where it was the last step that made them so.
    """
    import torch

    if not all(bool(weight.isfinite().all()) for weight in model.parameters() if weight.requires_grad):
        return False
    tokens = torch.zeros(1, _READ, dtype=torch.long, device=model.device)
    with evaluating(model), torch.no_grad():
        return bool(model(input_ids=tokens).logits.isfinite().all())
