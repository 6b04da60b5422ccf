"""The rollout's forward passes, kept for the first epoch to go on from: the policy has not changed in between.

With one minibatch the first update reads the very rows, in the very batches, that the rollout has just read. Where its
graph is kept, that pass is not made again. The numbers are the same to the last bit, so how much is kept may follow
the memory that happens to be free.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rlft_gui.training.ppo.policy import Reading

if TYPE_CHECKING:
    import torch

SHARE_OF_FREE = 8  #: the part of the free memory that may be taken, as a divisor


class KeptPasses:
    """Forward passes in the order in which they were made, until their bytes are more than `room`.

    Args:
        weights: tensors that passes go through and that are there anyway; those that are frozen are kept by autograd too.
    """

    def __init__(self, room: int, weights: Iterable["torch.Tensor"]) -> None:
        self._room = room
        self._weights = frozenset(weight.untyped_storage().data_ptr() for weight in weights)
        self._passes: deque[Reading] = deque()
        self._is_full = room == 0

    def read(self, read: Callable[[], Reading]) -> Reading:
        """Make a pass, and keep it while there is room; from the first that does not fit on, none is."""
        import torch

        if self._is_full:
            with torch.no_grad():
                return read()
        counter = _Bytes(self._weights)
        with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(counter.pack, lambda kept: kept):
            reading = read()
        self._room -= counter.total
        self._is_full = self._room < 0
        if not self._is_full:
            self._passes.append(reading)
        return reading

    def take(self) -> Reading | None:
        """The earliest pass that was not taken yet; None if it was not kept."""
        return self._passes.popleft() if self._passes else None


def free_room(device: "torch.device") -> int:
    """Bytes that may be kept on that device now."""
    import psutil
    import torch

    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else psutil.virtual_memory().available
    return int(free) // SHARE_OF_FREE


class _Bytes:
    """Counts what autograd keeps for the way back, each storage once, and those that are there anyway not at all."""

    def __init__(self, there: frozenset[int]) -> None:
        self.total = 0
        self._seen = set(there)

    def pack(self, tensor: Any) -> Any:
        """Note one tensor. It is kept detached, for a result that held itself would never be freed."""
        storage = tensor.untyped_storage()
        if tensor.requires_grad and tensor.is_leaf:  # a weight, which must stay itself
            return tensor
        if storage.data_ptr() not in self._seen:
            self._seen.add(storage.data_ptr())
            self.total += storage.nbytes()
        return tensor.detach()
