"""What a stage needs of its rows because of how it is set: declared with the stage, checked before anything runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from rlft_gui.training.rewards import unscorable


@dataclass(frozen=True)
class Need:
    """A column that every row must have."""

    column: str
    why: str  #: a sentence
    mend: str  #: what to do, a sentence
    #: Why a value of it is of no use to anybody, None if it is. Such rows are left out by the run.
    useless: Callable[[object], str | None] | None = None


def no_needs(_: Mapping[str, Any]) -> tuple[Need, ...]:
    return ()


def needs_of_rewards(settings: Mapping[str, Any]) -> tuple[Need, ...]:
    """Of the terms that compare an answer with what stands beside its prompt."""
    rewards = settings["rewards"]
    terms = (*(rewards if isinstance(rewards, Mapping) else ()), settings["veto"])  # else refused beside them
    if "number" not in terms:
        return ()
    return (
        Need(
            column="answer",
            why='The reward "number" compares each answer with it.',
            mend="Choose prompts that have their right answer in it, or another reward in the settings.",
            useless=partial(unscorable, "number"),
        ),
    )


def needs_of_objective(settings: Mapping[str, Any]) -> tuple[Need, ...]:
    """Of a reward model's objective: pairs or ratings."""
    if settings["objective"] == "bradley_terry":
        why, mend = "Bradley-Terry learns from pairs.", "Choose preferences, or another objective."
        return (Need("chosen", why, mend),)
    why, mend = "This objective learns from ratings.", "Choose ratings, or the objective bradley_terry."
    return (Need("scores", why, mend),)
