"""Passes are kept in order until there is no room, and nothing after that."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROWS = 100


def passes(room: int, count: int) -> tuple[Any, list[Any]]:
    """So many passes that each keep one tensor of 100 float32 for the way back."""
    import torch

    from rlft_gui.training.ppo.kept import KeptPasses
    from rlft_gui.training.ppo.policy import Reading

    weight = torch.ones(ROWS, requires_grad=True)
    kept = KeptPasses(room)
    return kept, [kept.read(lambda: Reading(weight.exp())) for _ in range(count)]


@pytest.mark.parametrize(("room", "expected"), [(0, 0), (399, 0), (400, 1), (799, 1), (800, 2)])
def test_as_many_are_kept_as_there_is_room_for(room: int, expected: int) -> None:
    kept, made = passes(room, 3)
    assert [kept.take() for _ in range(3)] == [*made[:expected], *[None] * (3 - expected)]


def test_a_kept_pass_leads_back_to_the_weights() -> None:
    import torch

    from rlft_gui.training.ppo.kept import KeptPasses
    from rlft_gui.training.ppo.policy import Reading

    weight = torch.tensor([0.0, 1.0], requires_grad=True)
    kept = KeptPasses(1_000)
    with torch.no_grad():
        kept.read(lambda: Reading(weight.exp()))
    kept.take().logprobs.sum().backward()
    assert weight.grad is not None
    assert weight.grad.tolist() == pytest.approx([1.0, 2.718282])
