"""What a judge is, and how its liking for one place is averaged out.

Asking in both orders and averaging into a soft label follows Lee et al. 2023, "RLAIF", section 2.1.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter

#: A conversation that ends with the user's turn.
Prompt = Sequence[dict[str, str]]


@dataclass(frozen=True)
class Pair:
    """Two answers to one prompt, in the order in which they are shown, and what to judge them by."""

    prompt: Prompt
    first: str
    second: str
    question: str

    def swapped(self) -> "Pair":
        return Pair(self.prompt, self.second, self.first, self.question)


@dataclass(frozen=True)
class JudgedAnswer:
    """One answer to one prompt, to be judged alone, and what to judge it by."""

    prompt: Prompt
    text: str
    question: str


@dataclass(frozen=True)
class Verdict:
    """What a judge said, asked once: the probability that the first answer is better, and why, if it says."""

    first_is_better: float
    rationale: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a judge said, asked in both orders.

    Attributes:
        first_is_better: mean over both orders, the soft label.
        is_consistent: both orders have the same winner.
        shown_first_is_better: mean probability of whichever answer was shown first; 0.5 has no liking for a place.
    """

    first_is_better: float
    is_consistent: bool
    shown_first_is_better: float
    rationale: str = ""


class Judge(Protocol):
    """Compares answers. Never invents a verdict: what it cannot judge it raises."""

    @property
    def can_rate(self) -> bool:
        """Whether it can judge an answer alone."""
        ...

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict per pair, each asked once and in the order given.

        Raises:
            InvalidInput: the judge cannot be used, or its replies are no verdicts.
            JudgeFailed: it did not answer for as long as was to be waited.
            Stopped: the run is to stop while the judge is waited for.
        """
        ...

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        """A score per answer, from 0 to 1, each judged alone; raises as `compare`."""
        ...


class Context(Protocol):
    """What judges may need of the stage that asks; training.rewards.Context is one."""

    @property
    def recipe(self) -> Recipe: ...
    @property
    def reporter(self) -> Reporter: ...
    @property
    def base_hash(self) -> str: ...
    @property
    def tokenizer(self) -> Any: ...
    @property
    def policy(self) -> Callable[[], Any]: ...


def both_orders(judge: Judge, pairs: Sequence[Pair]) -> list[Judgement]:
    """Ask about each pair as it is and swapped, and average."""
    verdicts = judge.compare([*pairs, *(pair.swapped() for pair in pairs)])
    return [
        averaged(straight, turned)
        for straight, turned in zip(verdicts[: len(pairs)], verdicts[len(pairs) :], strict=True)
    ]


def averaged(straight: Verdict, turned: Verdict) -> Judgement:
    """One pair's two verdicts; `turned` was asked with the second answer first."""
    first, again = straight.first_is_better, 1 - turned.first_is_better
    return Judgement(
        first_is_better=(first + again) / 2,
        # Not so where one order says exactly 0.5: that names no winner.
        is_consistent=(first - 0.5) * (again - 0.5) > 0,
        shown_first_is_better=(straight.first_is_better + turned.first_is_better) / 2,
        rationale=straight.rationale,
    )


def chance(lead: float) -> float:
    """The probability that an answer with this lead in utility is preferred (Bradley and Terry 1952)."""
    # Beyond 30 the result is 0 or 1 for every purpose, and exp would overflow further out.
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, lead))))
