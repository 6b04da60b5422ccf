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
    kept = KeptPasses(room, [weight])
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
    kept = KeptPasses(1_000, [weight])
    with torch.no_grad():
        kept.read(lambda: Reading(weight.exp()))
    kept.take().logprobs.sum().backward()
    assert weight.grad is not None
    assert weight.grad.tolist() == pytest.approx([1.0, 2.718282])


@pytest.mark.parametrize(("there", "expected"), [(True, 1), (False, 0)])
def test_frozen_weights_that_a_pass_goes_through_take_no_room(there: bool, expected: int) -> None:
    import torch

    from rlft_gui.training.ppo.kept import KeptPasses
    from rlft_gui.training.ppo.policy import Reading

    frozen, adapter = torch.ones(50, ROWS), torch.ones(ROWS, requires_grad=True)
    kept = KeptPasses(1_000, [frozen, adapter] if there else [adapter])
    # Of this pass the way back needs 50 × 100 frozen numbers, 20,000 bytes, and the exponentials, 400.
    kept.read(lambda: Reading(frozen @ adapter.exp()))
    assert [kept.take() is not None] == [bool(expected)]
