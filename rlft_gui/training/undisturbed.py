"""Looking at a model without changing the training run.

Left out: what a look may do to memory. Attention caches and samples are gone when the look is over.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def undisturbed(model: Any) -> Iterator[None]:
    """Within, the model is in eval mode; afterwards modes, adapter and all random states are as before."""
    import numpy as np
    import torch

    modes = [(module, module.training) for module in model.modules()]
    adapter = getattr(model, "active_adapter", None)
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    model.eval()
    try:
        yield
    finally:
        for module, was_training in modes:
            module.training = was_training
        if adapter is not None and model.active_adapter != adapter:
            model.set_adapter(adapter)
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        if cuda:
            torch.cuda.set_rng_state_all(cuda)
