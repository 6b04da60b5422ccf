"""What a reward is, and how several make one."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.rows import Row

#: Batches from the start in which every answer got the same reward, before a run gives up on learning from it.
CONSTANT_BATCHES = 20


class Reward(Protocol):
    """Scores answers, higher being better. Deterministic: the same answers always get the same scores."""

    def __call__(self, prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
        """One score per answer.

        Args:
            prompts: rows of the stage's data: {"prompt": [message, …]} and whatever else they hold, "answer" say.
            completions: the answers' texts, one per row.
        """
        ...


class ConstantReward(InvalidInput):
    """Every answer got the same reward for too long: there is nothing to learn from it."""


class NotFinite(RlftError, ArithmeticError):
    """A term gave a score that is no finite number; whatever learned from it would be ruined."""


@dataclass(frozen=True)
class Context:
    """What terms may need of the stage that asks.

    Attributes:
        policy: gives the model in training, so that a reward model on the same base can share it.
    """

    recipe: Recipe
    reporter: Reporter
    base_hash: str
    tokenizer: Any
    policy: Callable[[], Any]


@dataclass(frozen=True)
class Scored:
    """Scores of one batch: the total, and each term's own before weighting, by its name."""

    total: list[float]
    terms: dict[str, list[float]]
    vetoed: list[bool]

    def trained(self, is_cut: Sequence[bool], missing_eos_reward: float) -> list[float]:
        """What a policy learns from, one number per answer: the total, and of a cut answer at most this."""
        return [
            # At most, not instead: a cut answer that was worse stays worse.
            min(score, missing_eos_reward) if cut else score
            for score, cut in zip(self.total, is_cut, strict=True)
        ]


@dataclass
class Summed:
    """The weighted sum of terms with a veto; refuses to go on when nothing ever differs.

    Attributes:
        terms: name → (weight, reward).
        veto: an answer with a score below `veto_below` gets `veto_penalty` as its total.
        facts: what the reward is, for the recipe card.
        has_differed: two answers have had different totals, now or in an earlier attempt.
        reporter: told when a score is no number; None where nobody listens.
    """

    terms: Mapping[str, tuple[float, Reward]]
    veto: Reward | None = None
    veto_below: float = 0.0
    veto_penalty: float = -1.0
    facts: Mapping[str, str] = field(default_factory=dict)
    reporter: Reporter | None = None
    has_differed: bool = False
    _seen: set[float] = field(default_factory=set, init=False)  #: totals, until there are two
    _batches: int = field(default=0, init=False)

    def __call__(self, prompts: Sequence[Row], completions: Sequence[str]) -> Scored:
        """Score a batch.

        Raises:
            ConstantReward: since the start, many batches ago, all answers have had one and the same score.
            NotFinite: a score is infinite or undefined.
        """
        scores = {
            name: self._finite(name, reward(prompts, completions)) for name, (_, reward) in self.terms.items()
        }
        weights = [weight for weight, _ in self.terms.values()]
        total = [
            sum(w * s for w, s in zip(weights, row, strict=True))
            for row in zip(*scores.values(), strict=True)
        ]
        vetoed = [False] * len(total)
        if self.veto is not None:
            # Undefined is not below anything: unchecked, it would pass.
            found = self._finite("the veto", self.veto(prompts, completions))
            vetoed = [score < self.veto_below for score in found]
            total = [
                # In place of the total: no other term can make up for it.
                self.veto_penalty if refused else value
                for refused, value in zip(vetoed, total, strict=True)
            ]
        self._watch(total)
        return Scored(total, scores, vetoed)

    def _finite(self, name: str, scores: list[float]) -> list[float]:
        """The scores, if all are finite; else an alarm and the end."""
        wrong = [score for score in scores if not math.isfinite(score)]
        if not wrong:
            return scores
        what = "undefined (NaN)" if math.isnan(wrong[0]) else "infinite"
        message = (
            f"Of {len(scores)} scores of {name}, {len(wrong)} are not finite; the first is {what}. Nothing can be learned "
            "from that: choose another reward, or another checkpoint of the reward model."
        )
        if self.reporter is not None:
            self.reporter.alarm(self.reporter.step, "reward_not_finite", message)
        raise NotFinite(message)

    def _watch(self, total: Sequence[float]) -> None:
        """Count batches until two answers first differ. A reward that no longer differs later has been learned."""
        if self.has_differed:
            return
        # Totals of several batches together: each may be constant and the next differ.
        self._seen.update(total)
        self._batches += 1
        self.has_differed = len(self._seen) > 1
        if len(self._seen) == 1 and self._batches >= CONSTANT_BATCHES:
            raise ConstantReward(
                f"Every answer of the first {CONSTANT_BATCHES} batches got the reward {total[0]:g}, so there is nothing to "
                f"learn. Choose other rewards than {', '.join(self.terms)}, or prompts on which answers differ."
            )
