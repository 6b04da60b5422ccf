"""LoRA in one operation: the same sums as PEFT's, and PEFT's own way where there is more to do."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def adapted(**shape: Any) -> Any:
    """Two linear layers with adapters that change something, and a frozen second adapter."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(12, 20), torch.nn.SiLU(), torch.nn.Linear(20, 8, bias=False))
    config = LoraConfig(**{"r": 4, "lora_alpha": 12, "target_modules": ["0", "2"], **shape})
    model = get_peft_model(layers, config)
    model.add_adapter("ref", config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.normal_(std=0.5)
    return model.train()


def both(model: Any) -> tuple[Any, Any]:
    """The model as PEFT has it, and fused."""
    from rlft_gui.training.models.fused_lora import fuse

    fused = deepcopy(model)
    fuse(fused)
    return model, fused


def calls(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The factor of every fused sum from here on."""
    import torch

    made: list[float] = []
    addmm_ = torch.Tensor.addmm_

    def count(self: Any, *args: Any, alpha: float) -> Any:
        made.append(alpha)
        return addmm_(self, *args, alpha=alpha)

    monkeypatch.setattr(torch.Tensor, "addmm_", count)
    return made


def learnt(model: Any, inputs: Any) -> tuple[Any, dict[str, Any]]:
    """What the model says, and the gradients of a loss on it."""
    said = model(inputs)
    (said**2).sum().backward()
    return said.detach(), {
        name: parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None
    }


@pytest.mark.parametrize("shape", [(5, 12), (2, 5, 12), (0, 5, 12)])
def test_sums_and_gradients_are_those_of_peft(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    import torch

    inputs = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    by_peft, fused = both(adapted())
    made = calls(monkeypatch)

    (said, gradients), (own_said, own_gradients) = learnt(by_peft, inputs), learnt(fused, inputs)

    assert made == [3.0, 3.0]
    torch.testing.assert_close(own_said, said, rtol=1e-5, atol=1e-5)
    assert own_gradients.keys() == gradients.keys()
    assert len(gradients) == 4
    for name, gradient in gradients.items():
        torch.testing.assert_close(own_gradients[name], gradient, rtol=1e-4, atol=1e-4)


def turned_off(model: Any) -> None:
    model.base_model.disable_adapter_layers()


def both_active(model: Any) -> None:
    model.base_model.set_adapter(["default", "ref"])


def half_precision(model: Any) -> None:
    import torch

    for layer in (model.base_model.model[0], model.base_model.model[2]):
        layer.base_layer.to(torch.bfloat16)


def merged(model: Any) -> None:
    model.merge_adapter()


def nothing(_: Any) -> None: ...


@pytest.mark.parametrize(
    ("shape", "change"),
    [
        ({}, turned_off),
        ({}, both_active),
        ({}, half_precision),
        ({}, merged),
        ({"use_dora": True}, nothing),
        ({"lora_bias": True, "target_modules": ["0"]}, nothing),
        ({"lora_dropout": 0.5}, nothing),
    ],
)
def test_where_there_is_more_to_do_peft_does_it(
    monkeypatch: pytest.MonkeyPatch, shape: dict[str, Any], change: Callable[[Any], None]
) -> None:
    import torch

    by_peft, fused = both(adapted(**shape))
    change(by_peft)
    change(fused)
    made = calls(monkeypatch)
    inputs = torch.ones(2, 5, 12, dtype=torch.bfloat16 if change is half_precision else torch.float32)

    torch.manual_seed(2)
    said = by_peft(inputs)
    torch.manual_seed(2)
    assert torch.equal(fused(inputs), said)
    assert made == []


def test_the_other_adapter_is_used_once_it_is_the_active_one() -> None:
    import torch

    by_peft, fused = both(adapted())
    inputs = torch.ones(2, 12)
    first = fused(inputs)
    by_peft.set_adapter("ref", inference_mode=True)
    fused.set_adapter("ref", inference_mode=True)

    torch.testing.assert_close(fused(inputs), by_peft(inputs), rtol=1e-5, atol=1e-5)
    assert not torch.allclose(fused(inputs), first)


def test_the_policy_of_ppo_is_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    from rlft_gui.training.ppo.policy import PPOPolicy
    from tests.training.ppo.test_policy import adapted as policy_model
    from tests.training.ppo.test_policy import rows

    policy = PPOPolicy(policy_model(0), is_continued=True)
    made = calls(monkeypatch)
    policy.read(*rows(), temperature=1.0)
    policy.read_reference(*rows(), temperature=1.0)

    layers = sum("lora_A.default" in name for name, _ in policy.model.named_parameters())
    assert made == [2.0] * (2 * layers)
