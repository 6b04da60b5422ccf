"""What a judge is, and how its liking for one place is averaged out.

Asking in both orders and averaging into a soft label follows Lee et al. 2023, "RLAIF", section 2.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Pair:
    """Two answers to one prompt, in the order in which they are shown, and what to judge them by."""

    prompt: str
    first: str
    second: str
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
    """

    first_is_better: float
    is_consistent: bool
    rationale: str


class Judge(Protocol):
    """Compares answers. Never invents a verdict: what it cannot judge it raises."""

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict per pair, each asked once and in the order given."""
        ...

    def rate(self, prompt: str, answers: Sequence[str], question: str) -> list[float]:
        """A score per answer, from 0 to 1, each judged alone.

        Raises:
            InvalidInput: this judge can only compare.
        """
        ...


def both_orders(judge: Judge, pairs: Sequence[Pair]) -> list[Judgement]:
    """Ask about each pair as it is and swapped, and average."""
    swapped = [Pair(p.prompt, p.second, p.first, p.question) for p in pairs]
    verdicts = judge.compare([*pairs, *swapped])
    return [
        _averaged(straight, turned)
        for straight, turned in zip(verdicts[: len(pairs)], verdicts[len(pairs) :], strict=True)
    ]


def _averaged(straight: Verdict, turned: Verdict) -> Judgement:
    first, again = straight.first_is_better, 1 - turned.first_is_better
    return Judgement((first + again) / 2, (first - 0.5) * (again - 0.5) > 0, straight.rationale)
