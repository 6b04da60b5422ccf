"""How the contract suite tries one stage out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home

#: Two settings that differ in one field; where it only has an effect together with others, those stand in both.
Change = tuple[Mapping[str, Any], Mapping[str, Any]]


class Reached(Exception):
    """Holds everything that a trainer, and what watches it, would have begun with."""

    def __init__(self, what: Mapping[str, Any]) -> None:
        super().__init__()
        self.what = dict(what)


def reached(**what: Any) -> NoReturn:
    """Call in place of training."""
    raise Reached(what)


class Hook(Protocol):
    def __call__(self, patch: pytest.MonkeyPatch) -> None:
        """Replace what begins the training by something that calls `reached` with all that it was given."""


@dataclass(frozen=True)
class Case:
    """One stage that trains.

    Attributes:
        stage: its name.
        data: the type of its small dataset: the first 24 rows of Lantern's, so that 4 a step make 6 steps.
        reaching: lets the contract see what reaches the trainer.
        settings: what a tiny attempt needs beside `attempts.TINY`.
        three_steps: settings that make a run end after three steps.
        two_epochs: settings that make a run see its rows twice.
        changes: by field, where "the default against another value" does not do: for texts, and for fields that only
            have an effect together with others.
        resumed_with: settings that make resuming harder, e.g. dropout.
        variants: by a short name, further settings with which a stopped run must also resume exactly.
        prepare: called once per home before any attempt, e.g. to train a reward model that this stage needs.
    """

    stage: str
    data: DataType
    reaching: Hook
    settings: Mapping[str, Any] = field(default_factory=dict)
    three_steps: Mapping[str, Any] = field(default_factory=lambda: {"max_steps": 3})
    two_epochs: Mapping[str, Any] = field(default_factory=lambda: {"epochs": 2})
    changes: Mapping[str, Change] = field(default_factory=dict)
    resumed_with: Mapping[str, Any] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    prepare: Callable[[Home], None] = lambda _: None


def reaching_trl(patch: pytest.MonkeyPatch) -> None:
    """For stages that hand a TRL trainer to `trainers.run`."""
    from rlft_gui.training.run import trainers

    def stop_here(trainer: Any, watch: Any, facts: Any, *_: Any) -> None:
        adapters = getattr(trainer.model, "peft_config", {})
        reached(
            arguments=trainer.args.to_dict(),
            adapter=adapters["default"].to_dict() if adapters else None,
            first_row=trainer.train_dataset[0],
            rhythm=watch._rhythm,
            keep=trainer.checkpoint_writer._keep,
            facts=facts,
        )

    patch.setattr(trainers, "run", stop_here)
