"""Several adapters on one base, each row of a batch with its own: one batched product a layer, not a loop over adapters.

A layer's adapters lie stacked, one matrix a row: with x (rows, tokens, in), A (rows, in, width) and B (rows, width, out),
what is added is (x A) B. The width is an adapter's own rank, filled up to a power of two, and never that of its
neighbours: every width in a batch has its product, with zeros for the rows of the others, so that a row's sums have the
same shape whoever else is there. As PEFT does it, the addition is computed in float32 at least and then rounded to what
the base computes in.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.inference.lora import LowRank

if TYPE_CHECKING:
    import torch

BASE_SLOT = "__base__"  #: "no adapter", as PEFT calls it
LEAST_WIDTH = 8


class Slots:
    """The adapters of one model, by slot, and which row has which. Installing changes the model in place.

    From then on its `forward` takes `adapter_names`, a slot for each row.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._layers: dict[str, SlotLayer] = {}
        self._names: tuple[str, ...] = ()
        model.register_forward_pre_hook(self._seat, with_kwargs=True)

    def add(self, slot: str, adapter: Mapping[str, LowRank]) -> None:
        """Fill a slot. `adapter` holds its part for each layer, by the layer's name."""
        for name, part in adapter.items():
            if name not in self._layers:
                self._layers[name] = SlotLayer(self._model, name)
            self._layers[name].slots[slot] = self._layers[name].fitting(part)

    def remove(self, slot: str) -> None:
        for layer in self._layers.values():
            layer.slots.pop(slot, None)
        self._names = ()

    def widths(self, names: Sequence[str]) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """For each layer that these slots change, the widths of the products."""
        return tuple(
            (name, widths) for name, layer in self._layers.items() if (widths := layer.widths(names))
        )

    def _seat(self, _model: Any, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        names = tuple(kwargs.pop("adapter_names", ()))
        tokens = kwargs["input_ids"].shape[1]
        for layer in self._layers.values():
            layer.tokens = tokens
            if names != self._names:
                layer.seat(names)
        self._names = names
        return args, kwargs


class SlotLayer:
    """A linear layer, and what the adapter of each row adds to its output."""

    def __init__(self, model: Any, name: str) -> None:
        """Takes the place of the layer's own `forward`."""
        import torch

        layer = model.get_submodule(name)
        self._plain, layer.forward = layer.forward, self
        self.slots: dict[str, LowRank] = {}
        self.tokens = 0  #: of each row in this forward pass
        self._name = name
        self._device, self._dtype = model.device, torch.promote_types(model.dtype, torch.float32)
        self._rows = 0
        self._stacks: list[tuple[torch.Tensor, torch.Tensor]] = []

    def fitting(self, part: LowRank) -> LowRank:
        """Transposed to (in, width) and (width, out), filled up with zeros, where and as this layer computes."""
        from torch.nn.functional import pad

        missing = _width(part) - len(part.a)
        a, b = part.a.to(self._device, self._dtype), part.b.to(self._device, self._dtype)
        return LowRank(pad(a.t(), (0, missing)).contiguous(), pad(b.t(), (0, 0, 0, missing)).contiguous())

    def widths(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(sorted({len(self.slots[name].b) for name in names if name in self.slots}))

    def seat(self, names: Sequence[str]) -> None:
        """Stack the adapters of these rows; a slot that this layer does not know adds nothing."""
        self._rows = len(names)
        self._stacks = [self._stack(names, width) for width in self.widths(names)]

    def _stack(self, names: Sequence[str], width: int) -> tuple["torch.Tensor", "torch.Tensor"]:
        import torch

        parts = [self.slots.get(name) for name in names]
        fitting = [part if part is not None and len(part.b) == width else None for part in parts]
        one = next(part for part in fitting if part is not None)
        nothing = LowRank(torch.zeros_like(one.a), torch.zeros_like(one.b))
        rows = [part or nothing for part in fitting]
        if len(rows) == 1:
            return one.a[None], one.b[None]  # no copy, while prompts are read one by one
        return torch.stack([part.a for part in rows]), torch.stack([part.b for part in rows])

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        import torch

        out: torch.Tensor = self._plain(x)
        if not self._stacks:
            return out
        rows = self._by_row(x).to(self._dtype)
        for a, b in self._stacks:
            out = out + torch.bmm(torch.bmm(rows, a), b).view_as(out).to(out.dtype)
        return out

    def _by_row(self, x: "torch.Tensor") -> "torch.Tensor":
        """As (rows, tokens, in).

        Raises:
            InvalidInput: the model hands over tokens of several rows in an order of its own.
        """
        if x.dim() == 3 and len(x) == self._rows:
            return x
        if x.dim() == 2 and len(x) == self._rows * self.tokens:
            return x.view(self._rows, self.tokens, -1)
        raise InvalidInput(
            f"This model mixes the tokens of several answers in its layer {self._name}, so models with an adapter on it "
            "cannot answer side by side. Compare runs whose adapters leave it out."
        )


def _width(part: LowRank) -> int:
    return max(LEAST_WIDTH, 1 << (len(part.a) - 1).bit_length())
