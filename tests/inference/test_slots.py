"""Adapters side by side: the same answers as PEFT's, by one product a layer, whoever sits beside."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.inference.found import Found, find
from rlft_gui.inference.loaded import _linear_layers
from rlft_gui.inference.lora import LowRank, read
from rlft_gui.inference.slots import BASE_SLOT, Slots
from rlft_gui.training.models.loading import load_base
from rlft_gui.training.models.sampling import sample
from tests.inference.tiny_models import add_checkpoint, babbles, make_base, says

pytestmark = [
    pytest.mark.slow,
    # PEFT calls transformers under a name that is on its way out.
    pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning"),
]

PROMPT = [{"role": "user", "content": "hello you"}]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory, base: Path) -> list[Found]:
    """Of several ranks, scales and layers."""
    home = Home(tmp_path_factory.mktemp("home"))
    add_checkpoint(home, "a", 1, base, babbles(1))
    add_checkpoint(home, "b", 1, base, babbles(2), rank=12, use_rslora=True)
    add_checkpoint(home, "c", 1, base, babbles(3), rank=3)
    add_checkpoint(home, "d", 1, base, says("ten"))
    return [find(home.run(name), None) for name in "abcd"]


def stacked(base: Path, adapters: Sequence[Found], dtype: str) -> tuple[Any, Any]:
    import torch

    model, tokenizer = load_base(str(base), "cpu")
    layers = _linear_layers(model)
    slots = Slots(model.to(getattr(torch, dtype)))
    for found in adapters:
        slots.add(found.slot, read(found, layers))
    return model, tokenizer


def by_peft(base: Path, adapters: Sequence[Found], dtype: str) -> tuple[Any, Any]:
    import torch
    from peft import PeftModel

    plain, tokenizer = load_base(str(base), "cpu")
    first, *others = adapters
    model = PeftModel.from_pretrained(plain.to(getattr(torch, dtype)), first.path, adapter_name=first.slot)
    for found in others:
        model.load_adapter(str(found.path), found.slot)
    return model.eval(), tokenizer


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("temperature", [0.0, 1.0], ids=["greedy", "sampled"])
def test_answers_are_those_of_peft_token_by_token(
    base: Path, adapters: list[Found], dtype: str, temperature: float
) -> None:
    names = [BASE_SLOT, *(found.slot for found in adapters), adapters[0].slot]
    prompts, seeds = [PROMPT] * len(names), [*range(len(names) - 1), 99]
    sampling = Sampling(max_new_tokens=48, temperature=temperature)
    ours, theirs = (
        sample(*made(base, adapters, dtype), prompts, sampling, adapter_names=names, seeds=seeds)
        for made in (stacked, by_peft)
    )
    assert [one.token_ids for one in ours] == [one.token_ids for one in theirs]
    assert len({one.token_ids for one in ours}) >= 5 - (temperature == 0), "alike, they would prove nothing"


def test_a_layer_takes_two_products_however_many_adapters_there_are(
    base: Path, adapters: list[Found]
) -> None:
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    model, _ = stacked(base, [adapters[0], adapters[2]], "float32")  # both fill up to a width of 8
    batched = len(model.model.layers) * len(babbles(1)[0]) * 2

    class Counting(TorchDispatchMode):
        def __init__(self) -> None:
            super().__init__()
            self.called: list[str] = []

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.called.append(str(func))
            return func(*args, **(kwargs or {}))

    def products(names: list[str]) -> int:
        with torch.no_grad(), Counting() as counting:
            model(input_ids=torch.ones(len(names), 1, dtype=torch.long), adapter_names=names)
        return counting.called.count("aten.bmm.default")

    a, c = adapters[0].slot, adapters[2].slot
    attention = products([BASE_SLOT] * 4)
    assert products([a, BASE_SLOT]) - attention == batched
    assert products([a, c, a, c, BASE_SLOT, c, a, a]) - attention == batched


def test_what_a_row_gets_does_not_depend_on_the_widths_beside_it(base: Path, adapters: list[Found]) -> None:
    import torch

    model, _ = stacked(base, adapters, "float32")
    tokens = torch.arange(8)[:, None]
    narrow, wide = adapters[0].slot, adapters[1].slot

    def logits(others: str) -> torch.Tensor:
        with torch.no_grad():
            out: torch.Tensor = model(input_ids=tokens, adapter_names=[narrow, *[others] * 7]).logits[0]
        return out

    assert torch.equal(logits(narrow), logits(wide))
    assert torch.equal(logits(narrow), logits(BASE_SLOT))


def test_a_model_that_mixes_the_tokens_of_its_rows_is_refused() -> None:
    import torch
    from torch import nn

    class Experts(nn.Module):
        device, dtype = torch.device("cpu"), torch.float32

        def __init__(self) -> None:
            super().__init__()
            self.expert = nn.Linear(3, 4)

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            out: torch.Tensor = self.expert(torch.ones(3, 3))
            return out

    model = Experts()
    Slots(model).add("one", {"expert": LowRank(torch.ones(2, 3), torch.ones(4, 2))})
    tokens = torch.ones(2, 5, dtype=torch.long)
    with pytest.raises(InvalidInput, match="mixes the tokens of several answers in its layer expert"):
        model(input_ids=tokens, adapter_names=["one", BASE_SLOT])
