"""From settings to the reward that a stage trains on."""

from typing import Protocol

from rlft_gui.domain.reward_terms import Term, parse
from rlft_gui.training.models import checkpoints
from rlft_gui.training.rewards import judge
from rlft_gui.training.rewards._base import CONSTANT_BATCHES, Context, Reward, Summed
from rlft_gui.training.rewards.gold import CEILING, gold
from rlft_gui.training.rewards.model import Scorer, scorer
from rlft_gui.training.rewards.rules import rule


class RewardChoice(judge.RubricChoice, Protocol):
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


def build(asked: RewardChoice, context: Context) -> Summed:
    """The reward that these settings ask for.

    Raises:
        InvalidInput: a term cannot be used here, e.g. a reward model of another base.
        NotFound: a reward model has no complete checkpoint.
    """
    parts = _Parts(asked, context)
    return Summed(
        terms={name: (weight, parts.reward(parse(name))) for name, weight in asked.rewards.items()},
        veto=parts.reward(parse(asked.veto)) if asked.veto else None,
        veto_below=asked.veto_below,
        veto_penalty=asked.veto_penalty,
        facts=_facts(asked, parts),
        reporter=context.reporter,
        has_differed=_has_differed(context),
    )


class _Parts:
    """Makes the terms of one reward, which share what is loaded once."""

    def __init__(self, asked: RewardChoice, context: Context) -> None:
        self._asked = asked
        self._context = context
        self.scorer: Scorer | None = None
        self.has_gold = False

    def reward(self, term: Term) -> Reward:
        if term.kind == "reward_model":
            # Terms for several attributes share one model in memory.
            self.scorer = self.scorer or scorer(self._asked.reward_model, self._context)
            return self.scorer.reward(term.argument)
        if term.kind == "gold":
            self.has_gold = True
            return gold(self._context)
        if term.kind == "judge":
            return judge.judge_reward(self._asked, self._context)
        return rule(term)


def _has_differed(context: Context) -> bool:
    """An earlier attempt whose reward never differed would not have come this far."""
    return (checkpoints.last_complete(context.reporter.folder) or 0) >= CONSTANT_BATCHES


def _facts(asked: RewardChoice, parts: _Parts) -> dict[str, str]:
    facts = {"reward": " + ".join(f"{weight:g} × {name}" for name, weight in asked.rewards.items())}
    if parts.scorer is not None:
        facts["reward model"] = parts.scorer.facts()
    if asked.veto:
        facts["veto"] = f"{asked.veto} below {asked.veto_below:g} gives {asked.veto_penalty:g}"
    if parts.has_gold:
        facts["rewarded by"] = CEILING
    return facts
