"""Models in memory: one base and the adapters plugged into it, or one full checkpoint.

An adapter slot is filled from one checkpoint folder and is named after that folder's own marker, so what an answer is
said to come from is what its weights were read with, never what was asked for. A checkpoint that was written anew
under the same step gets a slot of its own.

Left out: adapters that are no plain LoRA, which get a copy of the base of their own (by_peft.py).
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import Any

from rlft_gui.inference import lora
from rlft_gui.inference.by_peft import plug_in as plug_by_peft
from rlft_gui.inference.found import Found
from rlft_gui.inference.packed import can_pack, pack
from rlft_gui.inference.slots import Slots
from rlft_gui.training.models.adapters import check_base
from rlft_gui.training.models.loading import base_hash, load_base

MOST_ADAPTERS = 12  #: kept per base; the least recently used goes

#: Up to here a CPU computes in float64. It costs next to nothing at this size, and makes rounding so fine that neither
#: neighbours in the batch nor the number of threads can tip an answer over.
FLOAT64_PARAMETERS = 50_000_000


class LoadedModel:
    """One base model and its adapter slots; or, on a copy of the base, one checkpoint that needs PEFT.

    `source` is a base's name, or the folder of a full model.
    """

    def __init__(self, source: str, device: str, by_peft: Found | None = None) -> None:
        """
        Raises:
            InvalidInput: the base cannot be loaded, or what PEFT should plug in does not fit it.
            NotFound: it is not there, or went while it was read.
        """
        self._source = source
        self.base_hash = base_hash(source)
        self.model, self.tokenizer = load_base(source, device)
        self.parameters = _parameters(self.model)
        #: Rounding is too fine for the shape of a batch to matter.
        self.is_exact = device == "cpu" and self.parameters <= FLOAT64_PARAMETERS
        self._layers = _linear_layers(self.model)
        self._plugged: OrderedDict[str, None] = OrderedDict()
        self.is_alone = by_peft is not None
        if by_peft is not None:
            self.model = plug_by_peft(self.model, by_peft, source, self.base_hash)
        if self.is_exact:
            self.model.double()
        if by_peft is None:
            self._make_ready(device)

    def _make_ready(self, device: str) -> None:
        if can_pack(self.model) and not pack(self.model):
            self.model, self.tokenizer = load_base(self._source, device)
        self.slots = Slots(self.model)

    def plug_in(self, found: Found, keep: Collection[str]) -> str:
        """Have this checkpoint's adapter loaded, a plain one; returns its slot. Slots in `keep` stay whatever happens.

        Raises:
            InvalidInput: it was trained on another base, or its adapter does not fit.
            NotFound: its files went or changed while they were read.
        """
        check_base(found.marker, f"Checkpoint {found.id}", self._source, self.base_hash)
        if found.slot not in self._plugged:
            adapter = lora.read(found, self._layers)
            found.check_unchanged()
            self._make_room(keep)
            self.slots.add(found.slot, adapter)
        self._plugged[found.slot] = None
        self._plugged.move_to_end(found.slot)
        return found.slot

    @property
    def plugged(self) -> Sequence[str]:
        """The slots that are filled, the one used last at the end."""
        return tuple(self._plugged)

    def _make_room(self, keep: Collection[str]) -> None:
        # In the order of last use, oldest first; those of this very request stay.
        surplus = len(self._plugged) + 1 - MOST_ADAPTERS
        for slot in [slot for slot in self._plugged if slot not in keep][: max(0, surplus)]:
            self.slots.remove(slot)
            del self._plugged[slot]


def _linear_layers(model: Any) -> dict[str, tuple[int, int]]:
    """Width of input and output of every linear layer, by its name."""
    from torch import nn
    from transformers.pytorch_utils import Conv1D

    sizes = {}
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            sizes[name] = (layer.in_features, layer.out_features)
        elif isinstance(layer, Conv1D):
            sizes[name] = (layer.nx, layer.nf)
    return sizes


def _parameters(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
