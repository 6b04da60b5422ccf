"""PPO's formulas by hand, and against the pseudo-code that is often written in their place."""

import math

import pytest

pytestmark = pytest.mark.slow


def test_whitened_values_have_mean_0_and_deviation_1_over_the_tokens_alone() -> None:
    import torch

    from rlft_gui.training.ppo.math import whiten

    values = torch.tensor([[1.0, 3.0], [5.0, 99.0]])
    mask = torch.tensor([[True, True], [True, False]])
    deviation = math.sqrt(8 / 3)  # of 1, 3 and 5
    whitened = whiten(values, mask)
    assert whitened.tolist()[0] == pytest.approx([-2 / deviation, 0.0])
    assert whitened.tolist()[1] == pytest.approx([2 / deviation, 0.0])
    unshifted = whiten(values, mask, shift_mean=False)
    assert unshifted.tolist()[0] == pytest.approx([3 - 2 / deviation, 3.0])
    assert unshifted[1, 1] == 0.0


def test_each_token_pays_for_its_distance_and_the_last_one_earns_the_score() -> None:
    import torch

    from rlft_gui.training.ppo.math import token_rewards

    logprobs = torch.tensor([[-1.0, -2.0, -1.0], [-1.0, -1.0, 0.0]])
    reference = torch.tensor([[-2.0, -1.0, -1.5], [-1.0, -3.0, 0.0]])
    mask = torch.tensor([[True, True, True], [True, True, False]])
    rewards = token_rewards(logprobs, reference, torch.tensor([10.0, -4.0]), mask, beta=0.5)
    assert rewards.tolist() == [[-0.5, 0.5, 9.75], [0.0, -5.0, 0.0]]


def test_advantages_by_hand() -> None:
    import torch

    from rlft_gui.training.ppo.math import advantages_and_returns

    rewards = torch.tensor([[0.0, 1.0, 2.0], [1.0, 3.0, 0.0]])
    values = torch.tensor([[0.5, 1.0, 1.5], [2.0, 1.0, 7.0]])  # the 7 lies behind the second answer's end
    mask = torch.tensor([[True, True, True], [True, True, False]])
    advantages, returns = advantages_and_returns(rewards, values, mask, gamma=0.5, lam=0.5)
    # δ of the first answer: 0 + .5 · 1 − .5 = 0, 1 + .5 · 1.5 − 1 = .75, 2 − 1.5 = .5; γλ = .25.
    assert advantages.tolist()[0] == pytest.approx([0.21875, 0.875, 0.5])
    # Of the second: 1 + .5 · 1 − 2 = −.5, 3 − 1 = 2, and nothing after the end.
    assert advantages.tolist()[1] == pytest.approx([0.0, 2.0, 0.0])
    assert returns.tolist()[0] == pytest.approx([0.71875, 1.875, 2.0])
    assert returns.tolist()[1] == pytest.approx([2.0, 3.0, 0.0])


def test_with_gamma_and_lambda_1_an_advantage_is_what_is_earned_beyond_the_value() -> None:
    import torch

    from rlft_gui.training.ppo.math import advantages_and_returns

    rewards, values = torch.tensor([[1.0, 2.0, 4.0]]), torch.tensor([[3.0, -1.0, 0.5]])
    advantages, returns = advantages_and_returns(rewards, values, torch.ones(1, 3).bool(), gamma=1.0, lam=1.0)
    assert advantages.tolist() == [[4.0, 7.0, 3.5]]
    assert returns.tolist() == [[7.0, 6.0, 4.0]]


def test_the_policy_loss_is_clipped_only_where_a_token_has_gone_far_enough() -> None:
    import torch

    from rlft_gui.training.ppo.math import policy_loss

    ratios = torch.tensor([1.5, 0.5, 1.5, 0.5, 1.1])
    advantages = torch.tensor([1.0, 1.0, -1.0, -1.0, 2.0])
    loss = policy_loss(ratios.log(), torch.zeros(5), advantages, clip=0.2)
    assert loss.tolist() == pytest.approx([-1.2, -0.5, 1.5, 0.8, -2.2])


def test_a_clipped_token_gives_no_gradient() -> None:
    import torch

    from rlft_gui.training.ppo.math import policy_loss

    logprobs = torch.tensor([1.5, 1.1]).log().requires_grad_()
    policy_loss(logprobs, torch.zeros(2), torch.ones(2), clip=0.2).sum().backward()
    assert logprobs.grad is not None
    assert logprobs.grad.tolist() == pytest.approx([0.0, -1.1])


def test_the_loss_is_not_the_mean_of_ratio_times_reward() -> None:
    """The shortcut −mean(ρ r − KL) has neither clip nor baseline: it pulls every rewarded token, however far it went."""
    import torch

    from rlft_gui.training.ppo.math import advantages_and_returns, policy_loss

    old, reward = torch.log(torch.tensor([[0.4, 0.4]])), torch.tensor([[0.0, 1.0]])
    new = torch.log(torch.tensor([[0.8, 0.5]])).requires_grad_()
    mask = torch.ones(1, 2).bool()
    foreseen = torch.tensor([[1.0, 1.0]])  # the value head expected just this reward
    advantages, _ = advantages_and_returns(reward, foreseen, mask, gamma=1.0, lam=0.95)
    (gradient,) = torch.autograd.grad(policy_loss(new, old, advantages, 0.2).mean(), new)
    (shortcut,) = torch.autograd.grad(-((new - old).exp() * reward.sum()).mean(), new)
    assert gradient.tolist() == [[0.0, 0.0]]  # nothing was learned that was not known
    assert shortcut.tolist()[0] == pytest.approx([-1.0, -0.625])


def test_the_value_loss_takes_the_larger_error() -> None:
    import torch

    from rlft_gui.training.ppo.math import value_loss

    old, returns = torch.zeros(3), torch.tensor([1.0, 1.0, -1.0])
    loss = value_loss(torch.tensor([1.0, 0.1, 0.5]), old, returns, clip=0.2)
    # Held at .2 the first would be .8 off; the second moved less than the clip; the third's own error is the larger.
    assert loss.tolist() == pytest.approx([0.5 * 0.8**2, 0.5 * 0.9**2, 0.5 * 1.5**2])


def test_the_move_is_never_negative() -> None:
    import torch

    from rlft_gui.training.ppo.math import approximate_kl

    moved = approximate_kl(torch.tensor([2.0, 0.5, 1.0]).log(), torch.zeros(3))
    assert moved.tolist() == pytest.approx([1 - math.log(2), math.log(2) - 0.5, 0.0], abs=1e-7)


def test_explained_variance() -> None:
    import torch

    from rlft_gui.training.ppo.math import explained_variance

    returns, mask = torch.tensor([[1.0, 3.0, 50.0]]), torch.tensor([[True, True, False]])
    assert explained_variance(returns + 7, returns, mask) == pytest.approx(1.0)  # an offset is no variance
    assert explained_variance(torch.zeros(1, 3), returns, mask) == pytest.approx(0.0)
    assert explained_variance(-returns, returns, mask) == pytest.approx(-3.0)
    assert explained_variance(returns, torch.ones(1, 3), mask) == 0.0
