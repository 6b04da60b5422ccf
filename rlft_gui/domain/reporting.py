"""What a stage may say while it trains. The one door from `train()` to the outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.keeping import Series
from rlft_gui.domain.suite import SuitePrompt

#: The first phase of every attempt, in which it has nothing to lose.
LOADING = "loading"


class Reporter(Protocol):
    """Given to every stage's `train(recipe, reporter)`. Steps count from 0; 0 is before the first update."""

    @property
    def folder(self) -> RunFolder: ...

    @property
    def attempt(self) -> int: ...

    @property
    def step(self) -> int:
        """The last step that anything was reported for."""
        ...

    def plan(self, total_steps: int, facts: Mapping[str, str | int | float]) -> None:
        """Say how many steps there are, once it is known."""

    def data(self, account: RowAccount) -> None:
        """Say what became of the rows, before anything is refused for lack of them."""

    def phase(self, phase: str) -> None:
        """Say what is going on: LOADING, "training", "probing", "sampling", "judging", "saving" or the like."""

    def resumed(self, from_step: int) -> None:
        """Say that this attempt goes on from a checkpoint; later steps reported before are dropped."""

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Report metrics (rlft_gui.domain.metrics). Non-finite values are kept as such."""

    def sample(
        self, step: int, item_id: str, kind: str, prompt: str, completion: str, scores: Mapping[str, float]
    ) -> None:
        """Report one completion of one probe prompt."""

    def asked(self, prompt: SuitePrompt) -> None:
        """Say what a batch asks, before any answer to it."""

    def answered(self, answer: BatchAnswer) -> None:
        """Report one whole answer of a batch; a later attempt does not draw it again."""

    def checkpoint(self, step: int, folder: Path) -> None:
        """Report a checkpoint whose completeness marker is already on disk."""

    def removed(self, steps: Sequence[int]) -> None:
        """Report that the checkpoints of these steps are gone from the disk."""

    def measured(self) -> Series:
        """What was reported so far, in this attempt and those before, of what tells which checkpoint is best."""
        ...

    def alarm(self, step: int, name: str, message: str) -> None:
        """Report something that needs a look, as a sentence."""

    def stop_requested(self) -> bool:
        """Whether someone asked this run to stop; a stage then saves a checkpoint and returns."""
        ...

    def interruptible(self, patience: float = 0.0) -> AbstractContextManager[None]:
        """Within, nothing is changed that cannot be made again: a stop request breaks off what goes on.

        While an attempt is LOADING that holds everywhere.

        Args:
            patience: seconds that what goes on may still take to end by itself.

        Raises:
            Stopped: someone asked the run to stop.
        """
        ...
