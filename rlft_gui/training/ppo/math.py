"""The formulas of PPO, each on its own. Torch only; no model, no randomness.

Shapes: B rollouts, T tokens of the longest answer. `mask` is (B, T), true where an answer has a token; answers begin in
the first column. Losses are per token, so that a batch can be taken apart and added up again.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def masked_mean(values: "Tensor", mask: "Tensor") -> "Tensor":
    """The mean over tokens; every token counts alike, whichever answer it is in."""
    return (values * mask).sum() / mask.sum()


def whiten(values: "Tensor", mask: "Tensor", shift_mean: bool = True) -> "Tensor":
    """Values divided by their standard deviation over all tokens, less their mean if it is to go; 0 beside the mask."""
    mean = masked_mean(values, mask)
    variance = masked_mean((values - mean) ** 2, mask)
    # The small number keeps a batch of equal values at 0 instead of dividing by 0.
    whitened = (values - mean) * (variance + 1e-8).rsqrt()
    return (whitened if shift_mean else whitened + mean) * mask


def token_rewards(
    logprobs: "Tensor", reference: "Tensor", scores: "Tensor", mask: "Tensor", beta: float
) -> "Tensor":
    """Reward of each token, shape (B, T): −β (log π − log π_ref), and at the last token the answer's score as well.

    The bracket is the k1 estimate of the KL divergence (Schulman, "Approximating KL Divergence", 2020): on the policy's
    own samples it is right on average, though a single token's may be negative.

    Args:
        logprobs: of the answers' tokens under the policy that drew them, (B, T).
        reference: the same under the reference, (B, T).
        scores: one per answer, (B,).
    """
    import torch

    rewards = -beta * (logprobs - reference) * mask
    # Answers begin in column 0 and have at least one token, so the last is at count − 1.
    rewards[torch.arange(len(scores)), mask.sum(dim=1) - 1] += scores
    return rewards


def advantages_and_returns(
    rewards: "Tensor", values: "Tensor", mask: "Tensor", gamma: float, lam: float
) -> tuple["Tensor", "Tensor"]:
    """Generalised advantage estimates and the returns that values learn, both (B, T).

    δ_t = r_t + γ V_{t+1} − V_t, A_t = δ_t + γ λ A_{t+1}, R_t = A_t + V_t; after an answer's end all is 0.
    Source: Schulman et al. 2016, "High-Dimensional Continuous Control Using Generalized Advantage Estimation".

    Args:
        values: expected sum of rewards from each token on, (B, T).
    """
    import torch

    values = values * mask
    advantages = torch.zeros_like(rewards)
    # Nothing is expected after an answer's end, whether it ended by itself or was cut.
    following = next_value = torch.zeros_like(rewards[:, 0])
    for t in reversed(range(rewards.shape[1])):
        delta = rewards[:, t] + gamma * next_value - values[:, t]
        # Beside the mask 0, so that a shorter answer begins at its own end as a longer one does.
        following = (delta + gamma * lam * following) * mask[:, t]
        advantages[:, t], next_value = following, values[:, t]
    return advantages, advantages + values


def policy_loss(logprobs: "Tensor", old_logprobs: "Tensor", advantages: "Tensor", clip: float) -> "Tensor":
    """Per token: max(−A ρ, −A clip(ρ, 1 − ε, 1 + ε)) with ρ = π / π_old; the larger loss is the wary one.

    Source: Schulman et al. 2017, "Proximal Policy Optimization Algorithms", equation 7.
    """
    import torch

    ratio = (logprobs - old_logprobs).exp()
    # The equation has min of the gains; a loss is their negative, so max.
    return torch.max(-advantages * ratio, -advantages * ratio.clamp(1 - clip, 1 + clip))


def value_loss(values: "Tensor", old_values: "Tensor", returns: "Tensor", clip: float) -> "Tensor":
    """Per token: half the larger square error of the value and of the value held within ±clip of the old one."""
    import torch

    held = old_values + (values - old_values).clamp(-clip, clip)
    return 0.5 * torch.max((values - returns) ** 2, (held - returns) ** 2)


def approximate_kl(logprobs: "Tensor", old_logprobs: "Tensor") -> "Tensor":
    """How far the policy has moved since, per token, in nats: the k3 estimate ρ − 1 − log ρ of KL(π_old ‖ π), never
    negative."""
    difference = logprobs - old_logprobs
    return difference.exp() - 1 - difference


def explained_variance(values: "Tensor", returns: "Tensor", mask: "Tensor") -> float:
    """1 − Var(R − V) / Var(R): 1 is foresight, 0 as good as a constant, below 0 worse; 0 where returns do not vary."""
    kept = mask.bool()
    varying = returns[kept].var(unbiased=False)
    if varying == 0:
        return 0.0
    return float(1 - (returns - values)[kept].var(unbiased=False) / varying)
