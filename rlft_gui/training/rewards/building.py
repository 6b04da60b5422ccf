"""From settings to the reward that a stage trains on."""

from typing import Protocol

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.rewards._base import Context, Reward, Summed
from rlft_gui.training.rewards.rules import rule
from rlft_gui.training.rewards.terms import Term, parse


class Asked(Protocol):
    """The part of a stage's settings that says what is rewarded (stages._base.RewardSettings)."""

    @property
    def rewards(self) -> dict[str, float]: ...
    @property
    def reward_model(self) -> str: ...
    @property
    def veto(self) -> str: ...
    @property
    def veto_below(self) -> float: ...
    @property
    def veto_penalty(self) -> float: ...


def build(asked: Asked, context: Context) -> Summed:
    """The reward that these settings ask for.

    Raises:
        InvalidInput: a term cannot be used here, e.g. a reward model of another base.
        NotFound: a reward model has no complete checkpoint.
    """
    terms = {name: (weight, _reward(parse(name), asked, context)) for name, weight in asked.rewards.items()}
    veto = _reward(parse(asked.veto), asked, context) if asked.veto else None
    return Summed(terms, veto, asked.veto_below, asked.veto_penalty)


def _reward(term: Term, asked: Asked, context: Context) -> Reward:
    if term.kind in ("reward_model", "judge", "gold"):
        raise InvalidInput(f'The reward "{term.kind}" is not there yet.')
    return rule(term)
