"""Rewards: one protocol, (prompts, completions) → scores, for reward models, rules, verifiers, judges and controls.

`build` makes the weighted sum that a stage's settings ask for. No torch at the top.
"""

from rlft_gui.training.rewards._base import ConstantReward, Context, NotFinite, Reward, Scored, Summed
from rlft_gui.training.rewards.building import build
from rlft_gui.training.rewards.scorable import scorable, unscorable

__all__ = [
    "ConstantReward",
    "Context",
    "NotFinite",
    "Reward",
    "Scored",
    "Summed",
    "build",
    "scorable",
    "unscorable",
]
