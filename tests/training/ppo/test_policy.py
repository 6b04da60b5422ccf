"""PPO's models: what is read of which tokens, what the reference is, and where gradients may flow."""

from typing import Any

import pytest

from rlft_gui.training.models.sampling import Completion

pytestmark = pytest.mark.slow

PROMPT, ANSWERS = (2, 40, 41, 42), ((50, 51, 52, 1), (60, 1))


def adapted(seed: int, strength: float = 0.3) -> Any:
    """Lantern with an adapter that changes something, as after training."""
    import torch
    from peft import get_peft_model

    from rlft_gui.training.models.adapters import new_adapter
    from rlft_gui.training.models.loading import load_base
    from rlft_gui.training.run.trainers import quiet_libraries

    quiet_libraries()
    model, _ = load_base("lantern")
    torch.manual_seed(seed)
    model = get_peft_model(model, new_adapter(model, 4, 8, "all-linear", dropout=0.5))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=strength)
    return model


def rows() -> tuple[Any, Any]:
    """The answers behind the prompt, padded on the right, and which tokens are theirs; each (2, 8)."""
    import torch

    longest = len(PROMPT) + max(map(len, ANSWERS))
    tokens = [[*PROMPT, *answer] + [0] * (longest - len(PROMPT) - len(answer)) for answer in ANSWERS]
    is_answer = [[len(PROMPT) <= i < len(PROMPT) + len(answer) for i in range(longest)] for answer in ANSWERS]
    return torch.tensor(tokens), torch.tensor(is_answer)


def expected(model: Any) -> list[float]:
    """Log-probabilities of the whole answers, worked out by other code."""
    from rlft_gui.training.models.likelihood import answer_logprobs

    return answer_logprobs(model, [Completion("", PROMPT, answer, "ended by itself") for answer in ANSWERS])


def by_answer(logprobs: Any) -> list[float]:
    return [float(part.sum()) for part in logprobs.detach().split([len(answer) for answer in ANSWERS])]


def test_log_probabilities_are_those_of_the_answers_tokens() -> None:
    from rlft_gui.training.ppo.policy import PPOPolicy

    model = adapted(0).eval()
    reading = PPOPolicy(model).read(*rows(), temperature=1.0, with_entropy=True)
    assert by_answer(reading.logprobs) == pytest.approx(expected(model), abs=1e-4)
    assert reading.values.tolist() == [0.0] * 6  # a new head expects nothing
    assert reading.entropy.min() > 0


def test_temperature_divides_the_logits() -> None:
    import torch

    from rlft_gui.training.ppo.policy import PPOPolicy

    model = adapted(0).eval()
    with torch.no_grad():
        logits = model(input_ids=rows()[0]).logits[0, 3:7] / 0.5
        found = PPOPolicy(model).read(*rows(), temperature=0.5).logprobs[:4]
    wanted = logits.log_softmax(-1).gather(-1, torch.tensor(ANSWERS[0]).unsqueeze(-1)).squeeze(-1)
    assert torch.allclose(found, wanted, atol=1e-5)


def test_a_run_from_the_base_has_the_base_as_its_reference() -> None:
    from rlft_gui.training.ppo.policy import PPOPolicy

    model = adapted(0).eval()
    with model.disable_adapter():
        of_base = expected(model)
    policy = PPOPolicy(model)
    assert by_answer(policy.read_reference(*rows(), temperature=1.0).logprobs) == pytest.approx(
        of_base, abs=1e-4
    )
    assert by_answer(policy.read(*rows(), temperature=1.0).logprobs) != pytest.approx(of_base, abs=0.1)


def test_a_run_over_an_adapter_keeps_it_as_its_reference_while_the_policy_moves() -> None:
    import torch

    from rlft_gui.training.ppo.policy import PPOPolicy

    model = adapted(0).eval()
    at_start = expected(model)
    policy = PPOPolicy(model, is_continued=True)
    with torch.no_grad():
        for parameter in policy.weights:
            parameter.add_(0.05)
    assert by_answer(policy.read_reference(*rows(), temperature=1.0).logprobs) == pytest.approx(
        at_start, abs=1e-4
    )
    assert by_answer(policy.read(*rows(), temperature=1.0).logprobs) == pytest.approx(
        expected(model), abs=1e-4
    )
    assert expected(model) != pytest.approx(at_start, abs=0.1)
    assert model.active_adapter == "default"


def test_only_the_policys_adapter_is_trained_and_values_leave_it_alone() -> None:
    from rlft_gui.training.ppo.policy import PPOPolicy

    policy = PPOPolicy(adapted(0), is_continued=True)
    policy.read_reference(*rows(), temperature=1.0)
    trained = {name for name, p in policy.model.named_parameters() if p.requires_grad}
    assert trained
    assert all(".default." in name for name in trained)
    assert len(trained) == len(policy.weights)
    reading = policy.read(*rows(), temperature=1.0)
    values: Any = reading.values
    (values**2 + values).sum().backward()
    assert policy.head.weight.grad.abs().sum() > 0
    assert all(p.grad is None for p in policy.weights)
    policy.read(*rows(), temperature=1.0).logprobs.sum().backward()
    assert all(p.grad is not None for p in policy.weights)


def test_dropout_is_off_even_in_training_mode() -> None:
    import torch

    from rlft_gui.training.ppo.policy import PPOPolicy

    policy = PPOPolicy(adapted(0))
    policy.model.train()
    first, again = (policy.read(*rows(), temperature=1.0).logprobs for _ in range(2))
    assert torch.equal(first, again)


def test_without_adapters_the_reference_is_the_frozen_model() -> None:
    from rlft_gui.training.models.loading import load_base
    from rlft_gui.training.ppo.policy import PPOPolicy

    (model, _), (frozen, _) = load_base("lantern"), load_base("lantern")
    of_base = expected(frozen)
    model.lm_head.weight.data.mul_(1.5)
    policy = PPOPolicy(model, frozen=frozen.requires_grad_(False))
    assert by_answer(policy.read_reference(*rows(), temperature=1.0).logprobs) == pytest.approx(
        of_base, abs=1e-4
    )
    assert len(policy.weights) == len(list(model.parameters()))
