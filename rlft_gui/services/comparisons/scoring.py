"""Answers of a comparison scored by a reward model, when a person asks for it."""

from collections.abc import Sequence
from typing import Protocol

from rlft_gui.domain.comparison import Comparison, GenerationStatus, Place
from rlft_gui.domain.run import Run
from rlft_gui.domain.turns import Message
from rlft_gui.services.comparisons.asking import conversation


class Reward(Protocol):
    """What one answer gets; None where it could not be scored."""

    @property
    def reward(self) -> float | None: ...


class Rewards(Protocol):
    """In the order in which the answers were given."""

    @property
    def answers(self) -> Sequence[Reward]: ...


class Scorer(Protocol):
    """The service that scores text."""

    def choices(self) -> tuple[Run, ...]:
        """Reward models that can score, newest first."""
        ...

    def score(self, run: str, items: Sequence[tuple[Sequence[Message], str]]) -> Rewards:
        """What the reward model of a run gives these answers, each behind the turns before it."""
        ...


def score_name(run: Run) -> str:
    """Under which name its scores stand; titles may be alike, ids never."""
    return f"{run.title or 'Reward model'} ({run.id})"


def rewards_of(comparison: Comparison, run: Run, scorer: Scorer) -> dict[Place, dict[str, float]]:
    """What the reward model gives every answer that is complete.

    Raises: as the scorer.
    """
    done = [one for one in comparison.generations if one.status is GenerationStatus.DONE and one.text]
    found = scorer.score(run.id, [(conversation(comparison, one), one.text) for one in done])
    return {
        one.place: {score_name(run): given.reward}
        for one, given in zip(done, found.answers, strict=True)
        if given.reward is not None
    }
