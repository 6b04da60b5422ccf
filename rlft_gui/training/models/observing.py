"""Looking at a model without changing the training run.

Left out: what a look may do to memory. Attention caches and samples are gone when the look is over.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

RandomStates = tuple[Any, Any, Any, Any]


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Within, the model is in eval mode; afterwards modes, adapter and all random states are as before."""
    modes = [(module, module.training) for module in model.modules()]
    adapter = getattr(model, "active_adapter", None)
    states = random_states()
    model.eval()
    try:
        yield
    finally:
        for module, was_training in modes:
            module.training = was_training
        if adapter is not None and model.active_adapter != adapter:
            model.set_adapter(adapter)
        set_random_states(states)


def random_states() -> RandomStates:
    """Of every global source of randomness that a trainer draws from."""
    import numpy as np
    import torch

    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return random.getstate(), np.random.get_state(), torch.get_rng_state(), cuda


def set_random_states(states: RandomStates) -> None:
    import numpy as np
    import torch

    own, of_numpy, of_torch, of_cuda = states
    random.setstate(own)
    np.random.set_state(of_numpy)
    torch.set_rng_state(of_torch)
    if of_cuda:
        torch.cuda.set_rng_state_all(of_cuda)
